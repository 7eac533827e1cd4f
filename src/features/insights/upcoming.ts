import type { Currency } from '../../data/currencies.ts';
import type { Due } from '../../engine/command.ts';
import { steps } from '../../kernel/day.ts';
import { closeOfDay, dayOf, startOfDay, type UnixSeconds } from '../../kernel/time.ts';
import type { Maturing } from '../../ledger/balance.ts';
import type { AccountObject } from '../accounts/object.ts';
import { clearJob, debitAnswersJob } from '../negative-balances/job-names.ts';
import { holdDaysMax, holdingLimitJob } from '../payouts/holding.ts';
import type { PayoutObject } from '../payouts/object.ts';
import { nextPayoutDay } from '../payouts/schedule.ts';
import { standingJobs } from '../standing/follow.ts';
import type { Position } from './position.ts';

/** Work that may be scheduled for an account, in words. */
export interface Upcoming {
  readonly what:
    | 'settlement'
    | 'payout'
    | 'bank_debit'
    | 'bank_answers'
    | 'reserve_release'
    | 'collection'
    | 'holding_limit';
  readonly at: UnixSeconds;
  /** Its row in the schedule, if it is there; null for the settling of a day, which all money that waits for it has scheduled. */
  readonly due: Due | null;
  /** What it would move as things stand; null where that depends on what happens until then. */
  readonly amount: number | null;
}

/**
 * Whatever work of an account and currency the schedule can hold: where its rules say that it would stand. The schedule
 * goes by time and not by account, so it is asked for these very rows; what it does not have is not going to happen.
 *
 * @param debits payouts of its uncleared bank debits
 * @rule R95, R101, R126, R150, R181, R192, M46
 */
export function possibleWork(
  account: AccountObject,
  currency: Currency,
  given: {
    readonly position: Position;
    readonly maturing: readonly Maturing[];
    readonly debits: readonly PayoutObject[];
    readonly now: UnixSeconds;
  },
): readonly Upcoming[] {
  const { position, maturing, debits, now } = given;
  const { available, collectsAt, uncleared } = position;
  const subject = `${account.id} ${currency}`;
  const today = dayOf(now);
  const work: Upcoming[] = maturing.map(({ day, amount }) => ({
    what: 'settlement',
    at: startOfDay(day),
    due: null,
    amount,
  }));
  const add = (what: Upcoming['what'], due: Due, amount: number | null) => work.push({ what, at: due.at, due, amount });
  for (const { id, amount, arrival_date: at } of debits) {
    add('bank_answers', { at, order: steps.bankResults, job: debitAnswersJob, subject: id }, -amount);
  }
  for (const { heldUntil: at, amount } of uncleared) {
    add('reserve_release', { at, order: steps.holds, job: clearJob, subject }, amount);
  }
  const missing = available < 0 ? -available : null;
  // The close of today, or of tomorrow when today's is over.
  for (const at of [closeOfDay(today), closeOfDay(today + 1)]) {
    add('bank_debit', { at, order: steps.bankDebits, job: standingJobs.debitBank, subject }, missing);
  }
  if (collectsAt !== null) {
    add('collection', { at: collectsAt, order: steps.collection, job: standingJobs.collect, subject }, missing);
  }
  const order = steps.automaticPayouts;
  const payoutDay = nextPayoutDay(account, now);
  if (payoutDay !== null) {
    add('payout', { at: startOfDay(payoutDay), order, job: standingJobs.automaticPayout, subject }, null);
  } else if (available > 0) {
    // The day depends on when the money came; it is within the limit.
    for (let day = today + 1; day <= today + holdDaysMax(account); day++) {
      add('holding_limit', { at: startOfDay(day), order, job: holdingLimitJob, subject }, null);
    }
  }
  return work;
}
