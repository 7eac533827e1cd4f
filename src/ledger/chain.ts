import { hash } from 'node:crypto';

/** What an operation says, as its row in the journal has it. */
export interface ChainedOperation {
  readonly seq: number;
  readonly time: number;
  readonly command: string;
  readonly account: number;
  readonly request: string | null;
  readonly key: string | null;
  readonly path: string | null;
  /** Hexadecimal. */
  readonly fingerprint: string | null;
  /** Joined by commas. */
  readonly legs: string;
  readonly status: number;
  readonly body: string | null;
  readonly changes: string;
}

/**
 * The hash of an operation: SHA-256, hexadecimal, over all that its row says and the hash of the row before. So a row that
 * was changed, taken away or put in between shows, also one whose answer alone was changed.
 */
export const chain = (before: string, operation: ChainedOperation): string => {
  const { seq, time, command, account, request, key, path, fingerprint, legs, status, body, changes } = operation;
  const head = [before, seq, time, command, account, request, key, path, fingerprint, legs, status, body];
  return hash('sha256', `${head.join('\n')}\n${changes}`, 'hex');
};
