import { describe, expect, test } from 'vitest';
import type { Currency } from '../../data/currencies.ts';
import { testAccount, testContext, testPlatform } from '../../engine/testing.ts';
import { minor } from '../../kernel/money.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { startOfDay } from '../../kernel/time.ts';
import type { Balance } from '../../ledger/balance.ts';
import { checkDecision } from '../../ledger/invariants.ts';
import { newPlatformAccount } from '../accounts/new-platform.ts';
import type { AccountObject } from '../accounts/object.ts';
import { settleBalances } from './settle.ts';

const day = 20_000;
const due = { at: startOfDay(day), order: 1, job: 'balance.settle', subject: String(day) };
const ctx = testContext({ now: due.at, settledThrough: day - 1 });

const platform: AccountObject = newPlatformAccount({
  id: testPlatform,
  created: 0,
  country: 'US',
  default_currency: 'usd',
  payout_interval: 'manual',
  reserves_enabled: true,
  application_name: 'Test',
});
const { platform: _, ...plain } = platform;
const seller: AccountObject = { ...plain, id: testAccount(1), default_currency: 'eur' };

const waits = (amount: number, on = day): Balance => ({
  available: minor(0),
  maturing: amount === 0 ? [] : [{ day: on, amount: minor(amount) }],
  reserved: minor(0),
});
const held = (balances: Partial<Record<Currency, Balance>>) =>
  new Map(Object.entries(balances)) as Map<Currency, Balance>;

function decide(...waiting: Parameters<typeof settleBalances.decide>[1]) {
  const decision = settleBalances.decide(due, waiting, ctx);
  if (isRefusal(decision)) throw new Error('settling is never refused');
  checkDecision(decision.post ?? [], decision.lines ?? []);
  return decision;
}

describe('M46, R204', () => {
  test('moves the money, closes the day and tells whoever gained', () => {
    const decision = decide(
      { id: platform.id, account: platform, balances: held({ usd: waits(500) }) },
      { id: seller.id, account: seller, balances: held({ eur: waits(-20), gbp: waits(7) }) },
    );
    expect(decision.post?.[0]?.moves.map(({ amount }) => amount)).toEqual([500, 20, 7]);
    expect(decision.book).toEqual({ settledThrough: day });
    expect(decision.lines).toBeUndefined();
    expect(decision.emit?.map(({ type, account }) => [type, account])).toEqual([
      ['balance.available', platform.id],
      ['balance.available', seller.id],
    ]);
    expect(decision.emit?.[1]?.object).toEqual({
      rendered: {
        object: 'balance',
        available: [
          { amount: -20, currency: 'eur', source_types: { card: -20 } },
          { amount: 7, currency: 'gbp', source_types: { card: 7 } },
        ],
        livemode: false,
        pending: [
          { amount: 0, currency: 'eur', source_types: { card: 0 } },
          { amount: 0, currency: 'gbp', source_types: { card: 0 } },
        ],
      },
    });
  });

  test('one event for each currency that gained', () => {
    const { emit } = decide({
      id: seller.id,
      account: seller,
      balances: held({ eur: waits(1), gbp: waits(7), usd: waits(-1) }),
    });
    expect(emit).toHaveLength(2);
  });

  test('a loss is not told', () => {
    const { emit, post } = decide({ id: seller.id, account: undefined, balances: held({ eur: waits(-5) }) });
    expect(emit).toEqual([]);
    expect(post).toHaveLength(1);
  });

  test('a day without money is closed all the same', () => {
    expect(decide()).toEqual({ result: null, post: [], emit: [], book: { settledThrough: day } });
  });

  test('a day that is settled stays settled', () => {
    const later = testContext({ now: due.at, settledThrough: day + 3 });
    expect(settleBalances.decide(due, [], later)).toMatchObject({ book: { settledThrough: day + 3 } });
  });
});
