import type { Currency } from '../../data/currencies.ts';
import { minor } from '../../kernel/money.ts';
import type { UnixSeconds } from '../../kernel/time.ts';
import { type AccountObject, defaultExternalAccount } from '../accounts/object.ts';
import { nextPayoutDay } from '../payouts/schedule.ts';
import { automaticAmount } from '../payouts/scheduled.ts';
import { isInFlight } from '../standing/rules.ts';
import type { Position } from './position.ts';

/** What would end a block; `amount` in the smallest unit, `at` where it will happen by itself. */
export interface Remedy {
  readonly what:
    | 'new_payments'
    | 'bank_debit'
    | 'transfer_from_platform'
    | 'collection'
    | 'bank_answers'
    | 'update_external_account'
    | 'add_external_account'
    | 'change_schedule'
    | 'payout_by_hand'
    | 'settlement'
    | 'requirements';
  readonly at?: UnixSeconds;
  readonly amount?: number;
  readonly object?: string;
}

/** Why nothing is paid out automatically. */
export interface Block {
  readonly reason:
    | 'payouts_disabled'
    | 'no_external_account'
    | 'external_account_errored'
    | 'negative_balance'
    | 'bank_debit_in_flight'
    | 'manual_schedule'
    | 'nothing_available'
    | 'below_minimum';
  readonly unblocked_by: readonly Remedy[];
}

/**
 * What keeps an account's money from being paid out by schedule, with what would unblock each; several may hold at once.
 *
 * @param given.pending      what waits, and when the first of it settles
 * @param given.answerAt     when the bank answers to the debit in flight
 * @rule R103, R105, R106, R111, R181, R184
 */
export function payoutBlocks(
  account: AccountObject,
  currency: Currency,
  given: {
    readonly position: Position;
    readonly pending: { readonly amount: number; readonly firstAt: UnixSeconds | null };
    readonly answerAt: UnixSeconds | null;
    readonly now: UnixSeconds;
  },
): readonly Block[] {
  const { position, pending, answerAt, now } = given;
  const { available } = position;
  const blocks: Block[] = [];
  if (account.deleted || !account.payouts_enabled) {
    blocks.push({ reason: 'payouts_disabled', unblocked_by: account.deleted ? [] : [{ what: 'requirements' }] });
  }
  const external = defaultExternalAccount(account, currency);
  if (external === undefined) {
    blocks.push({ reason: 'no_external_account', unblocked_by: [{ what: 'add_external_account' }] });
  } else if (external.status === 'errored') {
    const unblocked_by = [{ what: 'update_external_account', object: external.id }] as const;
    blocks.push({ reason: 'external_account_errored', unblocked_by });
  }
  if (available < 0)
    blocks.push({ reason: 'negative_balance', unblocked_by: endsOfNegative(account, position, pending) });
  if (isInFlight(account.standing?.[currency])) {
    blocks.push({
      reason: 'bank_debit_in_flight',
      unblocked_by: [{ what: 'bank_answers', ...(answerAt !== null && { at: answerAt }) }],
    });
  }
  if (nextPayoutDay(account, now) === null) {
    const byHand = available > 0 ? ([{ what: 'payout_by_hand' }] as const) : [];
    blocks.push({ reason: 'manual_schedule', unblocked_by: [...byHand, { what: 'change_schedule' }] });
  }
  if (available === 0) blocks.push({ reason: 'nothing_available', unblocked_by: incoming(pending) });
  if (available > 0 && blocks.length === 0 && automaticAmount(account, currency, minor(available)) === 0) {
    blocks.push({ reason: 'below_minimum', unblocked_by: incoming(pending) });
  }
  return blocks;
}

const incoming = ({ amount, firstAt }: { readonly amount: number; readonly firstAt: UnixSeconds | null }): Remedy[] =>
  amount > 0 && firstAt !== null ? [{ what: 'settlement', amount, at: firstAt }] : [{ what: 'new_payments' }];

/** In the order in which it happens, unless somebody does something (R111). */
function endsOfNegative(
  account: AccountObject,
  { available, bank, collectsAt, nextDebitAt, notDebited }: Position,
  pending: { readonly amount: number; readonly firstAt: UnixSeconds | null },
): readonly Remedy[] {
  const missing = -available;
  const ends: Remedy[] = [];
  if (pending.amount > 0) ends.push(...incoming(pending));
  ends.push({ what: 'new_payments', amount: missing });
  if (nextDebitAt !== null) ends.push({ what: 'bank_debit', amount: missing, at: nextDebitAt });
  else if (notDebited === 'bank_account_errored' && bank)
    ends.push({ what: 'update_external_account', object: bank.id });
  else if (notDebited === 'no_bank_account') ends.push({ what: 'add_external_account' });
  if (!account.platform) ends.push({ what: 'transfer_from_platform', amount: missing });
  if (collectsAt !== null) ends.push({ what: 'collection', amount: missing, at: collectsAt });
  return ends;
}
