import type { Wire } from '../../api/view.ts';
import { debitAttemptsMax, type Position } from './position.ts';

/** A connected account below zero in one currency, with what is done about it. */
export function negativeWire(position: Position): Wire {
  const { account, currency, bank, uncleared } = position;
  const inFlight = uncleared.find(({ paid }) => !paid);
  return {
    object: 'negative_balance',
    account,
    available: position.available,
    bank: bank && { id: bank.id, object: bank.object, last4: bank.last4, status: bank.status ?? null },
    collects_at: position.collectsAt,
    currency,
    days_negative: position.daysNegative,
    days_until_collection: position.daysUntilCollection,
    debits: {
      attempts: position.debitAttempts,
      attempts_max: debitAttemptsMax,
      in_flight: inFlight ? { amount: inFlight.amount, payout: inFlight.payout } : null,
      next_at: position.nextDebitAt,
      not_debited_because: position.notDebited,
    },
    effective_balance: position.effective,
    liable: position.liable,
    negative_since: position.negativeSince,
    reserved: position.reserved,
  };
}
