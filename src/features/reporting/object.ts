import type { Currency } from '../../data/currencies.ts';
import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';
import type { UnixSeconds } from '../../kernel/time.ts';
import type { FileObject } from '../files/object.ts';

export interface ReportParameters {
  readonly columns?: readonly string[];
  readonly connected_account?: string;
  readonly currency?: Currency;
  readonly interval_end?: UnixSeconds;
  readonly interval_start?: UnixSeconds;
  readonly payout?: string;
  readonly reporting_category?: string;
  readonly timezone?: string;
}

/** A report that somebody asked for. Its result is made after the answer, by whichever server gets to it first. */
export interface ReportRunObject extends StoredObject {
  readonly id: Id<'frr'>;
  readonly report_type: string;
  /** As they were accepted. */
  readonly parameters: ReportParameters;
  readonly status: 'pending' | 'succeeded' | 'failed';
  readonly succeeded_at?: UnixSeconds;
  readonly error?: string;
  /** The file, whole: it is shown, and never changes. */
  readonly result?: FileObject;
}

export const reportRuns = kind<ReportRunObject>({
  no: 52,
  object: 'reporting.report_run',
  prefixes: ['frr'],
  noun: 'report run',
  // What waits for its result is found by this.
  refs: ['status'],
});
