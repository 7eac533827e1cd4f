import { type Minor, minor } from '../../kernel/money.ts';
import type { Balance } from '../../ledger/balance.ts';
import type { When } from '../../ledger/chart.ts';
import type { ApplicationFeeObject } from '../application-fees/object.ts';

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
 * @param platform  what the platform has available
 * @param payer     the balance of the account that gets the fee back
 * @rule R69
 */
export function canGiveBack(
  amount: Minor,
  { platform, payer, on }: { readonly platform: Minor; readonly payer: Balance; readonly on: When },
): boolean {
  if (on !== 'now') return true;
  const released = Math.min(amount, payer.reserved, Math.max(0, -payer.available));
  return released === amount || platform >= amount - released;
}
