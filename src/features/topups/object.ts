import type { Currency } from '../../data/currencies.ts';
import { steps } from '../../kernel/day.ts';
import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';
import type { Minor } from '../../kernel/money.ts';
import type { UnixSeconds } from '../../kernel/time.ts';

export interface TopupObject extends StoredObject {
  readonly id: Id<'tu'>;
  readonly amount: Minor;
  readonly currency: Currency;
  readonly balance_transaction?: Id<'txn'>;
  readonly description?: string;
  readonly expected_availability_date: UnixSeconds;
  readonly failure_code?: string;
  readonly failure_message?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly source?: string;
  readonly statement_descriptor?: string;
  readonly status: 'pending' | 'succeeded' | 'failed' | 'canceled' | 'reversed';
  readonly transfer_group?: string;
  /** The failure code that the simulated bank will answer with, when it does not pay. */
  readonly bankRefuses?: string;
}

export const topups = kind<TopupObject>({
  no: 14,
  object: 'topup',
  prefixes: ['tu'],
  noun: 'topup',
  refs: ['status'],
});

export const topupFailsJob = 'topups.fail';

/** When the bank says that it does not pay. */
export const failing = ({ id, expected_availability_date }: TopupObject) => ({
  at: expected_availability_date,
  order: steps.bankResults,
  job: topupFailsJob,
  subject: id,
});

/** A top-up as it was when it was made: pending, whatever became of it in the same operation. */
export function asAsked({ balance_transaction: _, ...topup }: TopupObject): TopupObject {
  return { ...topup, status: 'pending' };
}
