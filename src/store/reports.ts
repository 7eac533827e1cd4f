import type { Currency } from '../data/currencies.ts';
import type { Birth } from '../kernel/id.ts';
import type { Day, UnixSeconds } from '../kernel/time.ts';

/** What reports need of a database beyond what every GET does. */
export interface ReportStore {
  /**
   * Takes report runs that wait and that nobody else has taken for now. `leaseMs`: after this long without a result, others
   * may take them.
   */
  claimRuns(limit: number, leaseMs: number): Promise<readonly ClaimedRun[]>;
  /** Keeps a run for `leaseMs` from now; with 0 others may take it at once. */
  holdRun(run: Pick<ClaimedRun, 'book' | 'birth'>, leaseMs: number): Promise<void>;
  /** What an account's rows add up to, by currency and type. */
  totals(query: TotalsQuery): Promise<readonly Total[]>;
}

export interface ClaimedRun {
  readonly book: number;
  readonly livemode: boolean;
  readonly birth: Birth;
  /** How often it was taken, this time included. */
  readonly attempts: number;
}

export interface TotalsQuery {
  readonly book: number;
  readonly account: number;
  /** Rows born from the first moment on, and before the second. */
  readonly from?: UnixSeconds;
  readonly before: UnixSeconds;
  /** Only rows that were spendable at their birth or whose day is not after this one. */
  readonly through?: Day;
}

export interface Total {
  readonly currency: Currency;
  /** The type's number. */
  readonly type: number;
  readonly count: number;
  readonly amount: number;
  readonly fee: number;
}
