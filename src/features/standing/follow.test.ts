import { describe, expect, test } from 'vitest';
import { holding, platformOf, sellerOf } from '../../../test/support/parties.ts';
import type { Decision, Reader } from '../../engine/command.ts';
import { monday, testContext } from '../../engine/testing.ts';
import { minor } from '../../kernel/money.ts';
import { closeOfDay, dayOf, startOfDay } from '../../kernel/time.ts';
import type { Balance } from '../../ledger/balance.ts';
import { available, house } from '../../ledger/chart.ts';
import { checkDecision } from '../../ledger/invariants.ts';
import { move, post } from '../../ledger/posting.ts';
import { line } from '../../ledger/statement.ts';
import type { AccountObject } from '../accounts/object.ts';
import { followThrough } from './follow.ts';

const platform = platformOf();

/** A loss of `amount` on a seller that has `before`, as a dispute would cause it. */
function lose(
  seller: AccountObject,
  amount: number,
  before: Balance,
  given: { platform?: AccountObject; more?: Partial<Decision> } = {},
) {
  const ctx = testContext();
  const parties = [given.platform ?? platform, seller];
  const read: Reader = {
    find: (_, id) => parties.find((account) => account.id === id) as never,
    own: () => undefined,
    balance: (account) => (account === seller.id ? before : holding(0)),
    maturing: () => [],
    credits: () => [],
  };
  const decision: Decision = {
    result: null,
    post: [post('loss', move(minor(amount), { from: available(seller.id, 'usd'), to: house('card_network', 'usd') }))],
    lines: [
      line({
        id: ctx.id('txn'),
        account: seller.id,
        currency: 'usd',
        type: 'adjustment',
        amount: minor(-amount),
        on: 'now',
      }),
    ],
    ...given.more,
  };
  const followed = followThrough(decision, read, ctx);
  checkDecision(followed.post ?? [], followed.lines ?? []);
  const standing = followed.put?.find((object): object is AccountObject => object.id === seller.id)?.standing;
  const rows = (followed.lines ?? [])
    .slice(1)
    .map(({ account, type, amount: moved, description }) => ({ account, type, moved, description }));
  return { followed, standing, rows, schedule: followed.schedule ?? [] };
}

describe('an account pushed below zero', () => {
  const seller = sellerOf(1);

  test('R122, R131, M40: the reserve is held in the same operation, with a row on the platform', () => {
    const { rows, standing } = lose(seller, 11_500, holding(9680));
    expect(rows).toEqual([
      {
        account: platform.id,
        type: 'reserve_transaction',
        moved: -1820,
        description: `Connect reserve: funds reserved for negative balance of ${seller.id}`,
      },
    ]);
    expect(standing).toEqual({ usd: { negativeSince: monday } });
  });

  test('R132: no row when nothing changes', () => {
    expect(lose(seller, 100, holding(200)).rows).toEqual([]);
  });

  test('R127, M41: what is no longer needed is let go', () => {
    const { rows } = lose(seller, 100, { ...holding(0), reserved: minor(1820) });
    expect(rows).toMatchObject([{ moved: 1720, description: `Connect reserve: funds released for ${seller.id}` }]);
  });

  test('R95: its bank is debited at the close of the day, and the platform, pushed below zero by the reserve, too (R108, R125)', () => {
    const { schedule } = lose(seller, 11_500, holding(9680));
    const close = closeOfDay(dayOf(monday));
    const debits = schedule.filter(({ job }) => job === 'negative-balances.debit');
    expect(debits.map(({ at, subject }) => [at, subject])).toEqual([
      [close, `${seller.id} usd`],
      [close, `${platform.id} usd`],
    ]);
  });

  test('R150: and it will be collected after 180 days', () => {
    const { schedule } = lose(seller, 11_500, holding(9680));
    expect(schedule).toContainEqual(
      expect.objectContaining({
        job: 'reserves.collect',
        at: startOfDay(dayOf(monday) + 181),
        subject: `${seller.id} usd`,
      }),
    );
  });

  test('R133: an account whose losses are Stripe’s holds nothing back', () => {
    const stripes = sellerOf(1, { controller: { ...seller.controller, losses: { payments: 'stripe' } } });
    expect(lose(stripes, 11_500, holding(9680)).rows).toEqual([]);
  });

  test('R134: nor does a platform without reserves', () => {
    const without = platformOf({ platform: { application_name: 'x', reserves_enabled: false } });
    expect(lose(seller, 11_500, holding(9680), { platform: without }).rows).toEqual([]);
  });

  test('R135: the part that an account debit caused is held for a Stripe-liable account', () => {
    const stripes = sellerOf(1, { controller: { ...seller.controller, losses: { payments: 'stripe' } } });
    const more = { debited: [{ account: stripes.id, currency: 'usd', amount: minor(2500) }] } as const;
    const { rows, standing } = lose(stripes, 2500, holding(1000), { more });
    expect(rows).toMatchObject([{ moved: -1500 }]);
    expect(standing?.usd).toEqual({ negativeSince: monday, debitCaused: 1500 });
  });

  test('R107: no second debit while one is on its way', () => {
    const uncleared = [{ payout: 'po_1', amount: minor(1820), heldUntil: monday + 1, paid: false }] as const;
    const busy = sellerOf(1, { standing: { usd: { negativeSince: 1, uncleared } } });
    const { schedule } = lose(busy, 100, { ...holding(0), reserved: minor(1820) });
    expect(
      schedule.filter(({ job, subject }) => job === 'negative-balances.debit' && subject.startsWith(busy.id)),
    ).toEqual([]);
  });
});

test('money that may be paid out by schedule is, on the next payout day', () => {
  const { schedule } = lose(sellerOf(1, { schedule: { interval: 'daily' } }), 100, holding(500));
  expect(schedule).toMatchObject([{ job: 'payouts.automatic', at: startOfDay(dayOf(monday) + 1) }]);
});

test('R181: a new schedule holds for money in every currency that can be paid out', () => {
  const bank = sellerOf(1).external_accounts[0];
  if (!bank) throw new Error('the seller has a bank account');
  const seller = sellerOf(1, {
    external_accounts: [bank, { ...bank, id: 'ba_euro', currency: 'eur' }],
    schedule: { interval: 'daily' },
  });
  const read: Reader = {
    find: (_, id) => [platform, seller].find((account) => account.id === id) as never,
    own: () => undefined,
    balance: (account, currency) => holding(account === seller.id && currency === 'eur' ? 500 : 0),
    maturing: () => [],
    credits: () => [],
  };
  const { schedule = [] } = followThrough({ result: seller, put: [seller] }, read, testContext());
  expect(schedule.map(({ job, subject }) => [job, subject])).toEqual([['payouts.automatic', `${seller.id} eur`]]);
});
