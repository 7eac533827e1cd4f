import type { Currency } from '../../data/currencies.ts';
import type { Context } from '../../engine/command.ts';
import type { Minor } from '../../kernel/money.ts';
import { startOfDay } from '../../kernel/time.ts';
import { type AccountObject, defaultExternalAccount, type ExternalAccount } from '../accounts/object.ts';
import { arrivalDay } from './arrival.ts';
import { PAYOUT_ROW, type PayoutObject } from './object.ts';

/** Where payouts that nobody asked for go; undefined while there can be none (R181, R103). */
export function destinationBySchedule(account: AccountObject, currency: Currency): ExternalAccount | undefined {
  if (account.deleted || !account.payouts_enabled) return undefined;
  const destination = defaultExternalAccount(account, currency);
  return destination?.status === 'errored' ? undefined : destination;
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
