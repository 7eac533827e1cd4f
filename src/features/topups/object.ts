import type { Currency } from '../../data/currencies.ts';
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
}

export const topups = kind<TopupObject>({
  no: 14,
  object: 'topup',
  prefixes: ['tu'],
  noun: 'topup',
  refs: ['status'],
});
