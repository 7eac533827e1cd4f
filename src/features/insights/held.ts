import type { Wire } from '../../api/view.ts';
import type { PayoutObject } from '../payouts/object.ts';
import type { Position } from './position.ts';

/**
 * What is held of the platform's money because of one account in one currency, and why: its balance is negative, or bank
 * debits of it may still come back. `next` is the first moment at which that changes by itself.
 *
 * @param debits the payouts of its uncleared debits, by id
 * @rule R120, R126, R131, R150
 */
export function heldWire(position: Position, debits: ReadonlyMap<string, PayoutObject>): Wire {
  const { account, available, collectsAt, currency, nextDebitAt, reserved, uncleared } = position;
  const because: Wire[] = [];
  const next: { readonly what: string; readonly at: number }[] = [];
  if (available < 0) because.push({ amount: -available, reason: 'negative' });
  if (nextDebitAt !== null) next.push({ what: 'bank_debit', at: nextDebitAt });
  for (const { amount, heldUntil, paid, payout } of uncleared) {
    because.push({
      amount,
      payout,
      reason: 'uncleared_bank_debit',
      releases_at: heldUntil,
      status: paid ? 'paid' : 'pending',
    });
    next.push({ what: 'release', at: heldUntil });
  }
  if (collectsAt !== null) next.push({ what: 'collection', at: collectsAt });
  // A debit beside a positive balance: held since it was posted.
  const posted = uncleared.map(({ payout }) => debits.get(payout)?.created).filter((at) => at !== undefined);
  return {
    object: 'reserve',
    account,
    amount: reserved,
    because,
    currency,
    next: next.sort((a, b) => a.at - b.at)[0] ?? null,
    since: position.negativeSince ?? (posted.length > 0 ? Math.min(...posted) : null),
  };
}
