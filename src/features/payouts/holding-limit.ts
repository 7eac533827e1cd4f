import { type Currency, payoutStep } from '../../data/currencies.ts';
import { type Context, command, type Due, type EventDraft, type Reader } from '../../engine/command.ts';
import type { Id } from '../../kernel/id.ts';
import { type Minor, minor, ZERO } from '../../kernel/money.ts';
import { dayOf } from '../../kernel/time.ts';
import { type AccountObject, accounts, type HoldingTold } from '../accounts/object.ts';
import {
  cameInBy,
  type HoldingAction,
  type HoldingNotice,
  holdDaysMax,
  holdingActionFor,
  holdingLimitJob,
  nextCheck,
  noticesOf,
} from './holding.ts';
import { holdingNoticeWire } from './holding-notice.ts';
import { payOut } from './movement.ts';
import { payable } from './rules.ts';
import { nextPayoutDay } from './schedule.ts';
import { destinationBySchedule, payoutBySchedule } from './scheduled.ts';

function load(read: Reader, due: Due, ctx: Context) {
  const [id = '', currency] = due.subject.split(' ') as [string?, Currency?];
  const account = read.find(accounts, id);
  const settings = read.find(accounts, ctx.platform)?.platform;
  const today = dayOf(due.at);
  const balance = currency && read.balance(id, currency);
  const creditsOf = (of: AccountObject, currency: Currency, enough: Minor) => {
    const tooOld = today - holdDaysMax(of);
    // What stayed is told of once: which of it is new shows in what came in since.
    const after = Math.min(tooOld, toldOf(of, currency).reached ?? tooOld);
    return read.credits(id, currency, { after, through: today, enough });
  };
  return {
    account,
    action: account && holdingActionFor(account, settings),
    currency,
    balance,
    credits: account && balance && balance.available > 0 ? creditsOf(account, currency, balance.available) : [],
  };
}

const nothing: HoldingTold = {};
const toldOf = ({ holdingTold }: AccountObject, currency: Currency): HoldingTold => holdingTold?.[currency] ?? nothing;

/** The same news for the owner and for the platform. */
function newsOf(
  notice: HoldingNotice,
  given: { readonly account: Id<'acct'>; readonly action: HoldingAction; readonly currency: Currency },
  ctx: Context,
): EventDraft[] {
  const type = `evenkeel.holding_limit.${notice.what}` as const;
  const object = { rendered: holdingNoticeWire({ ...notice, ...given }, ctx) };
  return [...new Set([given.account, ctx.platform])].map((account) => ({ type, account, object }));
}

/** The account with what was told of it, and the mark of those whose money may have been let stay. */
function withTold(
  account: AccountObject,
  currency: Currency,
  { told, isOverdue }: { readonly told: HoldingTold; readonly isOverdue: boolean },
): AccountObject {
  const isKnown = told === toldOf(account, currency);
  if (isKnown && isOverdue === (account.holding !== undefined)) return account;
  const { holding: _, ...rest } = account;
  return {
    ...rest,
    ...(!isKnown && { holdingTold: { ...account.holdingTold, [currency]: told } }),
    ...(isOverdue && { holding: 'overdue' }),
  };
}

/**
 * Money that waits for a payout by hand is told of a week before it has waited as long as it may. Then it is paid out, unless
 * the platform wants it told only, or it is the platform's own. What cannot be paid out is told of and tried again every day;
 * the rest is looked at when its time comes.
 *
 * @rule R191, R192
 */
export const enforceHoldingLimit = command({
  name: holdingLimitJob,
  load,

  decide(_, { account, action, currency, balance, credits }: ReturnType<typeof load>, ctx) {
    if (!account || !action || account.deleted) return { result: null };
    if (!currency || !balance || balance.available <= 0) return { result: null };
    // Its schedule pays out what there is.
    if (nextPayoutDay(account, ctx.now) !== null) return { result: null };
    const { available } = balance;
    const waiting = { available, credits };
    const today = dayOf(ctx.now);
    const overdue = cameInBy(waiting, today - holdDaysMax(account));
    const destination = action === 'payout' ? destinationBySchedule(account, currency) : undefined;
    const most = destination ? Math.min(overdue, payable(account, { currency, available })) : 0;
    const amount = minor(Math.max(0, most - (most % payoutStep(currency))));
    const payout =
      amount > 0 && destination ? payoutBySchedule(account, { amount, currency, destination }, ctx) : undefined;
    const effects = payout && payOut(payout);

    // A bank debit that is on its way is over in days, and needs nobody to do anything.
    const stays = destination ? ZERO : overdue;
    const { notices, told } = noticesOf(account, waiting, { today, told: toldOf(account, currency), stays });
    // A platform is not looked for when what stays is to be paid out after all.
    const isMarked = action === 'notice' && !account.platform;
    const isOverdue = isMarked && (overdue > 0 || account.holding !== undefined);
    const knowing = withTold(account, currency, { told, isOverdue });
    const put = [...(effects?.put ?? []), ...(knowing === account ? [] : [knowing])];
    const news = notices.flatMap((notice) => newsOf(notice, { account: account.id, action, currency }, ctx));
    const emit = [...(effects?.emit ?? []), ...news];
    const left = minor(available - amount);
    const unpaid = action === 'payout' ? minor(overdue - amount) : ZERO;
    return {
      result: payout ?? null,
      ...effects,
      ...(put.length > 0 && { put }),
      ...(emit.length > 0 && { emit }),
      schedule: [...(effects?.schedule ?? []), ...nextCheck(account, currency, { today, waiting, left, unpaid })],
    };
  },
});
