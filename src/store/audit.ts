/** One broken promise: which, in which book, and the offending row as it stands. */
export interface Finding {
  readonly promise: string;
  readonly book: number;
  readonly row: string;
  readonly says: string;
}

export interface AuditReport {
  readonly books: number;
  readonly operations: number;
  /** Legs of postings that were read. */
  readonly postings: number;
  readonly findings: readonly Finding[];
  /** More was found than is told. */
  readonly truncated: boolean;
}
