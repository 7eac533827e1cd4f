import type { Id } from '../kernel/id.ts';
import type { StoredObject } from '../kernel/kind.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { UnixSeconds } from '../kernel/time.ts';
import type { AnyCommand } from './command.ts';

/** Who asks, and under which key, so that asking twice happens once. */
export interface Request {
  /** The acct_ id it runs as, or null for the platform itself. */
  readonly account: Id<'acct'> | null;
  /** req_…; null for what the engine does by itself. */
  readonly id: string | null;
  readonly idempotency: Idempotency | null;
}

export interface Idempotency {
  readonly key: string;
  /** 32 hexadecimal digits of what the key is found by. */
  readonly keyHash: string;
  readonly path: string;
  /** 32 hexadecimal digits over method, path and decoded parameters. */
  readonly fingerprint: string;
}

/** A command on its way through a book's queue. */
export interface Task {
  readonly command: AnyCommand;
  readonly params: unknown;
  readonly request: Request;
  /** The body that a refusal is answered with. It goes into the journal, so that a repeated request gets the same bytes. */
  refusalBody(refusal: Refusal): string;
}

/** What became of a task. */
export type Outcome =
  /** It was decided and is written. `seq` is null for a refusal that left nothing, not even an idempotency key. */
  | {
      readonly kind: 'decided';
      readonly seq: number | null;
      readonly time: UnixSeconds;
      readonly status: number;
      readonly object: StoredObject | null;
      readonly body: string | null;
    }
  /** The same request was answered before, by the operation `seq`. `original` is its req_ id. */
  | {
      readonly kind: 'replayed';
      readonly seq: number;
      readonly original: string;
      readonly status: number;
      readonly object: StoredObject | null;
      readonly body: string | null;
    }
  /** The key belongs to another request. Nothing happened. */
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** The book takes nothing more in: a promise was broken in it, and going on could make it worse. */
export class BookStopped extends Error {
  override readonly name = 'BookStopped';
}

/** More is waiting than the queue may hold. */
export class QueueFull extends Error {
  override readonly name = 'QueueFull';
}

/** The database did not answer for as long as we wait. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}
