import { expect, test } from 'vitest';
import { validateObject } from '../../../test/support/schema.ts';
import type { Currency } from '../../data/currencies.ts';
import { minor } from '../../kernel/money.ts';
import { type Balance, EMPTY } from '../../ledger/balance.ts';
import { renderBalance } from './wire.ts';

const usd: Balance = {
  available: minor(-50),
  maturing: [
    { day: 20_000, amount: minor(970) },
    { day: 20_001, amount: minor(-70) },
  ],
  reserved: minor(1200),
};
const balances = new Map<Currency, Balance>([
  ['usd', usd],
  ['eur', EMPTY],
  ['aud', EMPTY],
]);

test('R6, R8: a platform sees its reserve', () => {
  const wire = renderBalance(balances, { default_currency: 'eur', livemode: false, isPlatform: true });
  expect(validateObject(wire)).toEqual([]);
  const currencies = (list: unknown) => (list as { currency: string }[]).map(({ currency }) => currency);
  for (const list of [wire.available, wire.pending, wire.connect_reserved]) {
    expect(currencies(list)).toEqual(['eur', 'aud', 'usd']);
  }
  expect(wire.connect_reserved).toContainEqual({ amount: 1200, currency: 'usd' });
  expect(wire.available).toContainEqual({ amount: -50, currency: 'usd', source_types: { card: -50 } });
  expect(wire.pending).toContainEqual({ amount: 900, currency: 'usd', source_types: { card: 900 } });
});

test('R7: a connected account sees none, and its default currency without ever having held it', () => {
  const wire = renderBalance(new Map(), { default_currency: 'jpy', livemode: true, isPlatform: false });
  expect(validateObject(wire)).toEqual([]);
  expect(wire).toEqual({
    object: 'balance',
    available: [{ amount: 0, currency: 'jpy', source_types: { card: 0 } }],
    livemode: true,
    pending: [{ amount: 0, currency: 'jpy', source_types: { card: 0 } }],
  });
});
