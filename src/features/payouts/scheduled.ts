import { countries } from '../../data/countries.ts';
import { type Currency, payoutStep } from '../../data/currencies.ts';
import type { Context } from '../../engine/command.ts';
import { type Minor, minor, ZERO } from '../../kernel/money.ts';
import { startOfDay } from '../../kernel/time.ts';
import { type AccountObject, defaultExternalAccount, type ExternalAccount } from '../accounts/object.ts';
import { isInFlight } from '../standing/rules.ts';
import { arrivalDay } from './arrival.ts';
import { PAYOUT_ROW, type PayoutObject } from './object.ts';

/** Where payouts that nobody asked for go; undefined while there can be none (R181, R103). */
export function destinationBySchedule(account: AccountObject, currency: Currency): ExternalAccount | undefined {
  if (account.deleted || !account.payouts_enabled) return undefined;
  const destination = defaultExternalAccount(account, currency);
  return destination?.status === 'errored' ? undefined : destination;
}

/** The amount in a currency that the account wants to keep (M48). */
const minimumBalance = ({ settings }: AccountObject, currency: Currency): number => {
  const payouts = settings?.payouts as { minimum_balance_by_currency?: Record<string, number> } | undefined;
  return payouts?.minimum_balance_by_currency?.[currency] ?? 0;
};

/** The smallest automatic payout; the country's figure is in its own currency. */
function smallestPayout({ country }: AccountObject, currency: Currency): number {
  const { defaultCurrency, minimumPayout } = countries[country];
  return currency === defaultCurrency ? minimumPayout : 1;
}

/**
 * What the schedule pays out now: all that is available above the minimum balance, or zero where the payout is skipped.
 *
 * @rule R181, R105, R106, R103, M48
 */
export function automaticAmount(account: AccountObject, currency: Currency, available: Minor): Minor {
  if (!destinationBySchedule(account, currency) || isInFlight(account.standing?.[currency])) return ZERO;
  const above = available - minimumBalance(account, currency);
  const amount = above - (above % payoutStep(currency));
  return amount > 0 && amount >= smallestPayout(account, currency) ? minor(amount) : ZERO;
}

/** A payout that nobody asked for. @rule R181, R192 */
export const payoutBySchedule = (
  account: AccountObject,
  given: { readonly amount: Minor; readonly currency: Currency; readonly destination: ExternalAccount },
  ctx: Pick<Context, 'id' | 'now'>,
): PayoutObject => ({
  id: ctx.id('po'),
  account: account.id,
  created: ctx.now,
  amount: given.amount,
  currency: given.currency,
  arrival_date: startOfDay(arrivalDay(ctx.now)),
  automatic: true,
  balance_transaction: ctx.id('txn'),
  description: PAYOUT_ROW,
  destination: given.destination.id,
  type: given.destination.object,
  method: 'standard',
  source_type: 'card',
  status: 'pending',
  ...(given.destination.outcome !== 'paid' && { bankRefuses: given.destination.outcome }),
});
