import { describe, expect, test } from 'vitest';
import { bankOf, holding, platformOf, sellerOf } from '../../../test/support/parties.ts';
import type { Decision } from '../../engine/command.ts';
import { monday, testContext } from '../../engine/testing.ts';
import { minor } from '../../kernel/money.ts';
import { closeOfDay, dayOf, startOfDay } from '../../kernel/time.ts';
import { checkDecision } from '../../ledger/invariants.ts';
import type { AccountObject } from '../accounts/object.ts';
import type { PayoutObject } from '../payouts/object.ts';
import { answerDebit } from './answer.ts';
import { clearDebits } from './clear.ts';
import { debitBank } from './debit.ts';

const close = closeOfDay(dayOf(monday));
const thursday = startOfDay(dayOf(monday) + 3);
const due = (subject: string) => ({ at: close, order: 7, job: 'x', subject });

const made = <T>(decision: unknown, prefix: string): T =>
  ((decision as Decision).put ?? []).find((object) => object.id.startsWith(prefix)) as T;

function debit(seller: AccountObject, available: number) {
  const ctx = testContext({ now: close });
  const state = { account: seller, balance: holding(available) };
  const decision = debitBank.decide(due(`${seller.id} usd`), state, ctx) as Decision;
  checkDecision(decision.post ?? [], decision.lines ?? []);
  return decision;
}

function answer(seller: AccountObject, payout: PayoutObject) {
  const state = { payout, account: seller, balance: holding(0) };
  const decision = answerDebit.decide(due(payout.id), state, testContext({ now: thursday, seq: 2000 })) as Decision;
  checkDecision(decision.post ?? [], decision.lines ?? []);
  return decision;
}

describe('the close of the day', () => {
  test('R95, R101, M36: draws the whole negative, and the balance is zero from now on', () => {
    const decision = debit(sellerOf(1), -1820);
    expect(decision.lines).toMatchObject([{ type: 'payout', amount: 1820, on: 'now' }]);
    expect(made<PayoutObject>(decision, 'po_')).toMatchObject({
      amount: -1820,
      automatic: true,
      status: 'pending',
      arrival_date: thursday,
    });
    expect(decision.emit?.map(({ type }) => type)).toEqual(['payout.created']);
  });
  test('R126: what was drawn is uncleared until the bank has paid and three business days are over', () => {
    const { standing } = made<AccountObject>(debit(sellerOf(1), -1820), 'acct_');
    expect(standing?.usd?.uncleared).toMatchObject([{ amount: 1820, heldUntil: thursday, paid: false }]);
  });
  test.each([
    ['the balance is not negative any more', sellerOf(1), 0],
    ['R97 there is only a card', sellerOf(1, { external_accounts: [{ ...bankOf(1, 'usd'), object: 'card' }] }), -5],
    [
      'R103 the bank account is paused',
      sellerOf(1, { external_accounts: [{ ...bankOf(1, 'usd'), status: 'errored' }] }),
      -5,
    ],
  ])('draws nothing when %s', (_, seller, available) => {
    expect(debit(seller, available)).toEqual({ result: null });
  });
  test('M39, R108: draws from the platform’s own bank too', () => {
    expect(debit(platformOf(), -10_590).lines).toMatchObject([{ type: 'payout', amount: 10_590 }]);
  });
});

describe('the bank’s answer', () => {
  const posted = (outcome: string, failedDebits?: number) => {
    const bank = { ...bankOf(1, 'usd'), outcome, ...(failedDebits !== undefined && { failedDebits }) };
    const decision = debit(sellerOf(1, { external_accounts: [bank] }), -1820);
    return answer(made(decision, 'acct_'), made(decision, 'po_'));
  };

  test('M37: paid moves nothing in the balance, and the debit stays uncleared', () => {
    const decision = posted('paid');
    expect(decision.lines ?? []).toEqual([]);
    expect(made<PayoutObject>(decision, 'po_').status).toBe('paid');
    expect(made<AccountObject>(decision, 'acct_').standing?.usd?.uncleared).toMatchObject([{ paid: true }]);
    expect(decision.emit?.map(({ type }) => type)).toEqual(['payout.paid']);
  });
  test('R104: paid starts the count of attempts anew', () => {
    expect(made<AccountObject>(posted('paid', 2), 'acct_').external_accounts[0]?.failedDebits).toBeUndefined();
  });
  test('M38, R102: a refusal makes the balance as negative as before, and counts', () => {
    const decision = posted('no_account');
    expect(decision.lines).toMatchObject([{ type: 'payout_failure', amount: -1820 }]);
    expect(made<PayoutObject>(decision, 'po_')).toMatchObject({ status: 'failed', failure_code: 'no_account' });
    const seller = made<AccountObject>(decision, 'acct_');
    expect(seller.external_accounts[0]).toMatchObject({ failedDebits: 1 });
    expect(seller.external_accounts[0]?.status).not.toBe('errored');
    expect(seller.standing).toBeUndefined();
  });
  test('R103: the third refusal in a row pauses the bank account, and says so', () => {
    const decision = posted('no_account', 2);
    expect(made<AccountObject>(decision, 'acct_').external_accounts[0]?.status).toBe('errored');
    expect(decision.emit?.map(({ type }) => type)).toEqual([
      'payout.failed',
      'account.external_account.updated',
      'account.updated',
    ]);
  });
});

test('R126: after three days what is paid is cleared, and what is not stays', () => {
  const entry = { amount: minor(5), heldUntil: thursday } as const;
  const uncleared = [
    { ...entry, payout: 'po_1', paid: true },
    { ...entry, payout: 'po_2', paid: false },
  ] as const;
  const seller = sellerOf(1, { standing: { usd: { uncleared } } });
  const decision = clearDebits.decide(due(`${seller.id} usd`), { account: seller }, testContext({ now: thursday }));
  expect(made<AccountObject>(decision, 'acct_').standing?.usd?.uncleared).toEqual([uncleared[1]]);
});
