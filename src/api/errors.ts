import { BookStopped, QueueFull, Unavailable } from '../engine/task.ts';
import { type Refusal, refuse } from '../kernel/refusal.ts';
import { isUnreachable } from '../store/store.ts';
import { withoutKeys } from './mask.ts';

/** A refusal on its way up. What a command decides is returned instead, never thrown. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.error.message);
    this.refusal = refusal;
  }
}

/** The one form of every body: two blanks of indentation as Stripe has it, and a line break for terminals. */
export const bodyOf = (wire: Readonly<Record<string, unknown>>): string => `${JSON.stringify(wire, null, 2)}\n`;

/**
 * The body of a refusal.
 *
 * @param render turns the stored objects that stand in it (`payment_intent` …) into what the client would read
 */
export function errorBody(refusal: Refusal, render?: (value: unknown) => unknown): string {
  const error: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(refusal.error)) {
    if (typeof value === 'object' && value !== null) error[key] = render === undefined ? value : render(value);
    // Some put a key where an id belongs, and what is answered is kept.
    else error[key] = typeof value === 'string' ? withoutKeys(value) : value;
  }
  return bodyOf({ error });
}

/** What became of a request that was thrown out of. `fault` is what the log shall have, and the client shall not. */
export interface Failure {
  readonly refusal: Refusal;
  readonly fault: unknown;
}

/** Whether the database is away, or nobody knows yet what became of a write. */
export const isAway = (error: unknown): error is Error => error instanceof Unavailable || isUnreachable(error);

/** Which answer an error gives. What we do not know is our bug: a 500 that tells nothing of the inside. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Refused) return { refusal: error.refusal, fault: null };
  if (error instanceof QueueFull) return { refusal: refuse('rate_limit'), fault: null };
  if (error instanceof BookStopped || isAway(error)) {
    return { refusal: refuse('unavailable'), fault: error };
  }
  return { refusal: refuse('internal_error'), fault: error };
}
