import { payoutFailureMessage } from '../../data/payout-failures.ts';
import { type Context, type Decision, type EventDraft, event } from '../../engine/command.ts';
import type { Id } from '../../kernel/id.ts';
import { minor } from '../../kernel/money.ts';
import { available, house } from '../../ledger/chart.ts';
import { move, post } from '../../ledger/posting.ts';
import { type Line, line } from '../../ledger/statement.ts';
import { asErrored, withChanged } from '../accounts/external-accounts.ts';
import { accountUpdated, externalNews } from '../accounts/news.ts';
import type { AccountObject } from '../accounts/object.ts';
import { PAYOUT_ROW, type PayoutObject } from './object.ts';
import { sending } from './rules.ts';

type Effects = Omit<Decision<PayoutObject>, 'result'>;

/** The row of a payout: what leaves is negative, what a reversal brings back is positive. */
export const payoutRow = (payout: PayoutObject, on: Line['on'] = 'now'): Line =>
  line({
    id: payout.balance_transaction,
    account: payout.account,
    currency: payout.currency,
    type: 'payout',
    amount: minor(-payout.amount),
    on,
    source: payout.id,
    description: PAYOUT_ROW,
  });

/** The row of money that comes back to the balance because a payout did not happen. */
export const returnRow = (payout: PayoutObject, row: Id<'txn'>, type: 'payout_cancel' | 'payout_failure'): Line =>
  line({
    id: row,
    account: payout.account,
    currency: payout.currency,
    type,
    amount: payout.amount,
    on: 'now',
    source: payout.id,
    description: type === 'payout_cancel' ? `${PAYOUT_ROW} CANCEL` : `${PAYOUT_ROW} FAILURE`,
  });

/**
 * A payout leaves the balance when it is made, long before the bank has it.
 *
 * @rule M25, R4
 */
export function payOut(payout: PayoutObject): Effects {
  const { account, amount, currency } = payout;
  return {
    put: [payout],
    lines: [payoutRow(payout)],
    post: [
      post('payout', move(amount, { from: available(account, currency), to: house('bank_in_transit', currency) })),
    ],
    emit: [event('payout.created', payout)],
    schedule: [sending(payout)],
  };
}

/** The money of a payout that is on its way, back in the balance. */
export const comeBack = ({ account, amount, currency }: PayoutObject, reason: string) =>
  post(reason, move(amount, { from: house('bank_in_transit', currency), to: available(account, currency) }));

export const asFailed = (payout: PayoutObject, code: string, row: Id<'txn'>): PayoutObject => ({
  ...payout,
  status: 'failed',
  failure_balance_transaction: row,
  failure_code: code,
  failure_message: payoutFailureMessage(code),
});

/**
 * Nothing more is paid to where a payout has failed until somebody updates it.
 *
 * @returns nothing when it is gone meanwhile, or paused already
 * @rule R184
 */
export function pauseDestination(
  account: AccountObject,
  destination: string,
): { readonly put: readonly AccountObject[]; readonly emit: readonly EventDraft[] } {
  const external = account.external_accounts.find(({ id }) => id === destination);
  if (!external || external.status === 'errored') return { put: [], emit: [] };
  const errored = asErrored(external);
  const paused = { ...account, external_accounts: withChanged(account.external_accounts, errored) };
  return { put: [paused], emit: [externalNews('updated', paused, errored), accountUpdated(paused)] };
}

/**
 * The bank sends the money back on the day it should have arrived.
 *
 * @rule M27, R184
 */
export function fail(payout: PayoutObject, account: AccountObject, code: string, ctx: Pick<Context, 'id'>): Effects {
  const row = ctx.id('txn');
  const failed = asFailed(payout, code, row);
  const paused = pauseDestination(account, payout.destination);
  return {
    put: [failed, ...paused.put],
    lines: [returnRow(payout, row, 'payout_failure')],
    post: [comeBack(payout, 'payout_failure')],
    emit: [event('payout.failed', failed), ...paused.emit],
  };
}
