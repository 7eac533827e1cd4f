import type { Currency } from '../../data/currencies.ts';
import { type Minor, minor } from '../../kernel/money.ts';
import type { Balance } from '../../ledger/balance.ts';
import type { When } from '../../ledger/chart.ts';
import type { ApplicationFeeObject } from '../application-fees/object.ts';

/** The currency of the platform's balance that the fee went to (M45). */
export const earnedIn = ({ currency, settlementCurrency }: ApplicationFeeObject): Currency =>
  settlementCurrency ?? currency;

/** What may still be given back of a fee. */
export const unrefunded = ({
  amount,
  amount_refunded,
}: Pick<ApplicationFeeObject, 'amount' | 'amount_refunded'>): Minor => minor(amount - amount_refunded);

/**
 * Whether the platform has what it wants to give back.
 *
 * What the account owes is filled first, so as much of the platform's reserve as stands against that comes free in the same
 * moment: only the rest has to be available (E42). A fee that is still pending is given back out of itself.
 *
 * @param amount    minor units of the fee's currency
 * @param cost      the same in the currency of the platform's balance
 * @param isConverted  whether that is another currency, whatever the figures
 * @param platform  what the platform has available in that currency
 * @param payer     the balance of the account that gets the fee back
 * @rule R69
 */
export function canGiveBack(
  amount: Minor,
  given: {
    readonly cost: Minor;
    readonly isConverted: boolean;
    readonly platform: Minor;
    readonly payer: Balance;
    readonly on: When;
  },
): boolean {
  const { cost, isConverted, platform, payer, on } = given;
  if (on !== 'now') return true;
  // A reserve is held in the currency of the negative balance, so it helps only where the fee was not converted.
  const released = isConverted ? 0 : Math.min(amount, payer.reserved, Math.max(0, -payer.available));
  return released === cost || platform >= cost - released;
}
