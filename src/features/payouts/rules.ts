import { payoutStep } from '../../data/currencies.ts';
import { limits } from '../../data/limits.ts';
import type { Context } from '../../engine/command.ts';
import { steps } from '../../kernel/day.ts';
import { type Minor, minor, ZERO } from '../../kernel/money.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { dayOf, SECONDS_PER_DAY, startOfDay } from '../../kernel/time.ts';
import { type AccountObject, defaultExternalAccount, type ExternalAccount, type Standing } from '../accounts/object.ts';
import { isHeld, type SourceType } from '../balance/source-types.ts';
import type { PayoutObject } from './object.ts';
import type { CreatePayout } from './params.ts';

/** What bank debits credited before the bank has answered: it may be taken back, so it is not paid out (R106). */
const inFlight = (standing: Standing | undefined): number =>
  (standing?.uncleared ?? []).reduce((sum, debit) => sum + (debit.paid ? 0 : debit.amount), 0);

/**
 * What a payout by hand may take of money that is there: all that is available, less what a bank debit in flight credited.
 *
 * @rule R2, R106
 */
export const payable = (
  account: AccountObject,
  {
    currency,
    available,
    sourceType = 'card',
  }: {
    readonly currency: PayoutObject['currency'];
    readonly available: Minor;
    readonly sourceType?: SourceType;
  },
): Minor => (isHeld(sourceType) ? minor(available - inFlight(account.standing?.[currency])) : ZERO);

/**
 * Where a payout goes, or why there can be none, before money is looked at.
 *
 * @rule R180, R184, R185; X7, X29, X20, X21 in this order
 */
export function destinationFor(
  account: AccountObject,
  { amount, currency, destination }: Pick<CreatePayout, 'amount' | 'currency' | 'destination'>,
  { onBehalf }: Pick<Context, 'onBehalf'>,
): ExternalAccount | Refusal {
  const step = payoutStep(currency);
  if (amount % step !== 0) return refuse('amount_not_multiple', { currency, step });
  const external =
    destination === undefined
      ? defaultExternalAccount(account, currency)
      : account.external_accounts.find(({ id }) => id === destination);
  if (destination !== undefined && !external) {
    return refuse('no_such', { object: 'external account', id: destination, param: 'destination' });
  }
  if (onBehalf && account.controller.stripe_dashboard.type === 'full') return refuse('standard_account');
  if (external?.currency !== currency) return refuse('payout_no_external_account', { currency });
  if (!account.payouts_enabled) return refuse('payouts_disabled');
  if (external.status === 'errored') return refuse('payout_paused');
  return external;
}

/** @rule R182, X23 */
export function refuseCancel({ automatic, original_payout, status }: PayoutObject): Refusal | null {
  if (automatic) return refuse('payout_cancel_automatic');
  if (original_payout !== undefined) return refuse('payout_cancel_status', { status: 'a reversal' });
  return status === 'pending' ? null : refuse('payout_cancel_status', { status });
}

/** @rule R183, X24 */
export function refuseReversal(
  payout: PayoutObject,
  { isOffered, now }: { readonly isOffered: boolean; readonly now: number },
): Refusal | null {
  const no = (reason: string) => refuse('payout_not_reversible', { reason });
  if (!isOffered) return no('Reversals are not available in the country of the account.');
  if (payout.original_payout !== undefined) return no('It is a reversal itself.');
  if (payout.automatic) return no('It was created automatically.');
  if (payout.type !== 'bank_account') return no('It was not sent to a bank account.');
  if (payout.method === 'instant') return no('It was an instant payout.');
  if (payout.status !== 'paid') return no(`It is ${payout.status}.`);
  if (payout.reversed_by !== undefined) return no(`It was reversed already, by ${payout.reversed_by}.`);
  if (payout.created + limits.payoutReversalDays * SECONDS_PER_DAY <= now) {
    return no(`It is older than ${limits.payoutReversalDays} days.`);
  }
  return null;
}

export const payoutJobs = {
  send: 'payouts.progress',
  arrive: 'payouts.result',
  automatic: 'payouts.automatic',
} as const;

/** When a payout goes to the bank: the next start of a day. */
export const sending = ({ id, created }: Pick<PayoutObject, 'id' | 'created'>) => ({
  at: startOfDay(dayOf(created) + 1),
  order: steps.bankResults,
  job: payoutJobs.send,
  subject: id,
});

/** When the bank answers. A job of its own, so that what happens at one moment happens one after the other. */
export const arriving = ({ id, arrival_date }: Pick<PayoutObject, 'id' | 'arrival_date'>) => ({
  at: arrival_date,
  order: steps.bankResults,
  job: payoutJobs.arrive,
  subject: id,
});
