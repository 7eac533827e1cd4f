import type { Currency } from '../../data/currencies.ts';
import { settleJob } from '../../engine/apply.ts';
import type { Due } from '../../engine/command.ts';
import { steps } from '../../kernel/day.ts';
import { closeOfDay, dayOf, startOfDay, type UnixSeconds } from '../../kernel/time.ts';
import type { Maturing } from '../../ledger/balance.ts';
import type { AccountObject } from '../accounts/object.ts';
import { debitAnswersJob } from '../negative-balances/answer.ts';
import { clearJob } from '../negative-balances/clear.ts';
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
  readonly due: Due;
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
    due: { at: startOfDay(day), order: steps.settle, job: settleJob, subject: String(day) },
    amount,
  }));
  for (const { id, amount, arrival_date: at } of debits) {
    const due = { at, order: steps.bankResults, job: debitAnswersJob, subject: id };
    work.push({ what: 'bank_answers', due, amount: -amount });
  }
  for (const { heldUntil: at, amount } of uncleared) {
    work.push({ what: 'reserve_release', due: { at, order: steps.holds, job: clearJob, subject }, amount });
  }
  // The close of today, or of tomorrow when today's is over.
  for (const at of [closeOfDay(today), closeOfDay(today + 1)]) {
    const due = { at, order: steps.bankDebits, job: standingJobs.debitBank, subject };
    work.push({ what: 'bank_debit', due, amount: available < 0 ? -available : null });
  }
  if (collectsAt !== null) {
    const due = { at: collectsAt, order: steps.collection, job: standingJobs.collect, subject };
    work.push({ what: 'collection', due, amount: available < 0 ? -available : null });
  }
  const payoutDay = nextPayoutDay(account, now);
  if (payoutDay !== null) {
    const due = {
      at: startOfDay(payoutDay),
      order: steps.automaticPayouts,
      job: standingJobs.automaticPayout,
      subject,
    };
    work.push({ what: 'payout', due, amount: null });
  } else if (available > 0) {
    // The day depends on when the money came; it is within the limit.
    for (let day = today + 1; day <= today + holdDaysMax(account); day++) {
      const due = { at: startOfDay(day), order: steps.automaticPayouts, job: holdingLimitJob, subject };
      work.push({ what: 'holding_limit', due, amount: null });
    }
  }
  return work;
}
