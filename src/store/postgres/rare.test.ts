import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { balanceTransactionTypeNo } from '../../data/balance-transaction-types.ts';
import { eventTypeNo } from '../../data/event-types.ts';
import { rareEvents, rareRow } from './rare.ts';

const schema = readFileSync(new URL('./schema/0014-rare-types.sql', import.meta.url), 'utf8');
const [platform, connected] = [1, 7];

test('the conditions are those of the indexes, word for word', () => {
  expect(schema).toContain(
    `where ${rareRow(platform, balanceTransactionTypeNo('payout'), 't')?.replaceAll('t.', '')};`,
  );
  expect(schema).toContain(`where ${rareEvents([eventTypeNo('payout.paid')], 'a')?.replaceAll('a.', '')};`);
});

test('a type is rare where card payments do not leave it', () => {
  const rare = (account: number, type: Parameters<typeof balanceTransactionTypeNo>[0]) =>
    rareRow(account, balanceTransactionTypeNo(type), 't') !== null;
  expect(rare(platform, 'charge')).toBe(false);
  expect(rare(platform, 'payment')).toBe(true);
  expect(rare(connected, 'charge')).toBe(false);
  expect(rare(connected, 'payment')).toBe(false);
  expect(rare(connected, 'transfer')).toBe(true);
});

test('one type that is not rare makes all of them so', () => {
  expect(rareEvents([eventTypeNo('payout.paid'), eventTypeNo('charge.succeeded')], 'a')).toBeNull();
});
