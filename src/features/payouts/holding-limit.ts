import { type Currency, payoutStep } from '../../data/currencies.ts';
import { command, type Due, type Reader } from '../../engine/command.ts';
import { minor } from '../../kernel/money.ts';
import { dayOf } from '../../kernel/time.ts';
import { accounts } from '../accounts/object.ts';
import { holdDaysMax, holdingLimitJob, nextCheck, overdue } from './holding.ts';
import { payOut } from './movement.ts';
import { payable } from './rules.ts';
import { nextPayoutDay } from './schedule.ts';
import { destinationBySchedule, payoutBySchedule } from './scheduled.ts';

function load(read: Reader, due: Due) {
  const [id = '', currency] = due.subject.split(' ') as [string?, Currency?];
  const account = read.find(accounts, id);
  const today = dayOf(due.at);
  return {
    account,
    currency,
    balance: currency && read.balance(id, currency),
    credits:
      account && currency ? read.credits(id, currency, { after: today - holdDaysMax(account), through: today }) : [],
  };
}

/**
 * Money that has waited for a payout by hand as long as it may is paid out. What cannot be paid out is tried again every
 * day; the rest is looked at when it comes of age.
 *
 * @rule R191, R192
 */
export const enforceHoldingLimit = command({
  name: holdingLimitJob,
  load,

  decide(due, { account, currency, balance, credits }: ReturnType<typeof load>, ctx) {
    if (!account || account.deleted || !currency || !balance || balance.available <= 0) return { result: null };
    // Its schedule pays out what there is.
    if (nextPayoutDay(account, ctx.now) !== null) return { result: null };
    const tooOld = overdue(balance.available, credits);
    const destination = destinationBySchedule(account, currency);
    const most = destination ? Math.min(tooOld, payable(account, { currency, available: balance.available })) : 0;
    const amount = minor(Math.max(0, most - (most % payoutStep(currency))));
    const next = {
      subject: due.subject,
      currency,
      today: dayOf(ctx.now),
      left: minor(balance.available - amount),
      unpaid: minor(tooOld - amount),
      credits,
    };
    const schedule = nextCheck(account, next);
    if (amount === 0 || !destination) return { result: null, schedule };
    const payout = payoutBySchedule(account, { amount, currency, destination }, ctx);
    const effects = payOut(payout);
    return { result: payout, ...effects, schedule: [...(effects.schedule ?? []), ...schedule] };
  },
});
