import type { Currency } from '../../data/currencies.ts';
import { command, type Due, type Reader } from '../../engine/command.ts';
import { steps } from '../../kernel/day.ts';
import { ZERO } from '../../kernel/money.ts';
import { dayOf, startOfDay } from '../../kernel/time.ts';
import type { Balance } from '../../ledger/balance.ts';
import { accounts } from '../accounts/object.ts';
import { payOut } from './movement.ts';
import { payoutJobs } from './rules.ts';
import { nextPayoutDay } from './schedule.ts';
import { automaticAmount, destinationBySchedule, payoutBySchedule } from './scheduled.ts';

function load(read: Reader, due: Due) {
  const [id = '', currency] = due.subject.split(' ') as [string?, Currency?];
  const account = read.find(accounts, id);
  const balance: Balance | undefined = currency && read.balance(id, currency);
  return { account, currency, balance };
}

/**
 * The account's automatic payout of this day, if it has one. What was not paid out, for whatever reason, is looked at again
 * on the next day of the schedule.
 *
 * @rule R181, M25
 */
export const payAutomatically = command({
  name: payoutJobs.automatic,
  load,

  decide(due, { account, currency, balance }: ReturnType<typeof load>, ctx) {
    if (!account || account.deleted || !currency || !balance || balance.available <= 0) return { result: null };
    const next = nextPayoutDay(account, ctx.now);
    // The schedule was changed to payouts by hand.
    if (next === null) return { result: null };
    const again = {
      at: startOfDay(next),
      order: steps.automaticPayouts,
      job: payoutJobs.automatic,
      subject: due.subject,
    };
    // Or to other days: the second before this one knows whether this is one of them.
    const isToday = nextPayoutDay(account, ctx.now - 1) === dayOf(ctx.now);
    const amount = isToday ? automaticAmount(account, currency, balance.available) : ZERO;
    const destination = destinationBySchedule(account, currency);
    // Nothing to pay to, or nothing that may be paid to: whoever changes that causes the next payout by it.
    if (!destination) return { result: null };
    if (amount === 0) return { result: null, schedule: [again] };
    const payout = payoutBySchedule(account, { amount, currency, destination }, ctx);
    return { result: payout, ...payOut(payout) };
  },
});
