import type { Currency } from '../../data/currencies.ts';
import { type Minor, minor } from '../../kernel/money.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { AccountObject } from '../accounts/object.ts';
import type { ChargeObject } from '../charges/object.ts';
import type { TransferObject } from '../transfers/object.ts';

/** Whether the platform's reserve stands in for the account when it goes below zero (R60, R63, R64, R120). */
export const isBacked = (
  platform: Pick<AccountObject, 'platform'>,
  account: Pick<AccountObject, 'controller'>,
): boolean => platform.platform?.reserves_enabled === true && account.controller.losses.payments === 'application';

/** The currency of the balance that a payment went to (M45). */
export const settledCurrency = ({
  currency,
  settlementCurrency,
}: Pick<ChargeObject, 'currency' | 'settlementCurrency'>): Currency => settlementCurrency ?? currency;

/** What may still be taken back of a transfer. Its payment says so too, since that can be refunded from its own side. */
export const unreversed = (
  { amount, amount_reversed }: Pick<TransferObject, 'amount' | 'amount_reversed'>,
  payment: Pick<ChargeObject, 'amount' | 'amount_refunded'>,
): Minor => minor(Math.min(amount - amount_reversed, payment.amount - payment.amount_refunded));

/**
 * May so much be taken back from who received it?
 *
 * A connected account may be left below zero only if a reserve stands in for it, whether it was below zero before or not.
 * The platform, when an account debit is undone, may be taken below zero like for any refund, unless it is there already.
 *
 * @param before  what the receiver has available in the currency of its payment's row, minor units
 * @param change  what the whole request takes from it, negative; an application fee that it gets back is counted in (R62)
 * @returns X47 or X12, or undefined
 * @rule R60, R64, M35
 */
export function refuseTakingBack(
  receiver: AccountObject,
  platform: AccountObject,
  { before, change }: { readonly before: Minor; readonly change: Minor },
): Refusal | undefined {
  if (before + change >= 0) return undefined;
  if (receiver.platform) return before < 0 ? refuse('refund_balance_insufficient') : undefined;
  return isBacked(platform, receiver) ? undefined : refuse('reversal_balance_insufficient');
}
