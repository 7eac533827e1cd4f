import { expect, test } from 'vitest';
import { bankOf, holding, platformOf, sellerOf } from '../../../test/support/parties.ts';
import { validateObject } from '../../../test/support/schema.ts';
import { controllerPresets } from '../../data/controllers.ts';
import type { Currency } from '../../data/currencies.ts';
import { monday } from '../../engine/testing.ts';
import { minor } from '../../kernel/money.ts';
import type { Balance } from '../../ledger/balance.ts';
import type { AccountObject } from '../accounts/object.ts';
import { ownerOf } from './owner.ts';
import { renderBalance } from './wire.ts';

const bank = bankOf(1, 'usd');
const fast = { ...bank, id: 'card_1' as const, instant: true };
const usd: Balance = { ...holding(300), maturing: [{ day: 30_000, amount: minor(9700) }] };
const balances = new Map<Currency, Balance>([
  ['usd', usd],
  ['eur', holding(500)],
]);

function render(account: AccountObject, showsNet = false) {
  const wire = renderBalance(balances, ownerOf(account, { livemode: false, now: monday, showsNet }));
  expect(validateObject(wire)).toEqual([]);
  return wire;
}

test('R186: without anything that takes instant payouts there is no instant_available', () => {
  expect(render(sellerOf(1))).not.toHaveProperty('instant_available');
  expect(render(platformOf())).not.toHaveProperty('instant_available');
});

test('R186: available and pending, where there is an instant destination in the currency', () => {
  expect(render(sellerOf(1, { external_accounts: [bank, fast] })).instant_available).toEqual([
    { amount: 10_000, currency: 'usd', source_types: { card: 10_000 } },
    { amount: 0, currency: 'eur', source_types: { card: 0 } },
  ]);
});

test('R186: the net is what is left after a fee that the account bears itself', () => {
  const external_accounts = [bank, fast];
  const entryOf = (account: AccountObject) => (render(account, true).instant_available as unknown[])[0];
  expect(entryOf(sellerOf(1, { external_accounts }))).toEqual({
    amount: 10_000,
    currency: 'usd',
    net_available: [{ amount: 10_000, destination: 'card_1', source_types: { card: 10_000 } }],
    source_types: { card: 10_000 },
  });
  const controller = { ...controllerPresets.express, fees: { payer: 'account' as const } };
  expect(entryOf(sellerOf(1, { external_accounts, controller }))).toMatchObject({
    amount: 10_000,
    net_available: [{ amount: 9901 }],
  });
});
