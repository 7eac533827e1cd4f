import type { AnyCommand } from '../engine/command.ts';
import type { Engine } from '../engine/engine.ts';
import type { Task } from '../engine/task.ts';
import { birthOf, bookOf, type Id, prefixOf } from '../kernel/id.ts';
import type { Kind, StoredObject } from '../kernel/kind.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { ReadStore } from '../store/reader.ts';
import type { Principal } from './auth.ts';
import { errorBody, Refused } from './errors.ts';
import { isHash, type Values } from './form.ts';
import type { Wire } from './view.ts';

/**
 * What a browser opens, and other plain routes: no API key, no versions, no idempotency. Who may do what is told by the
 * address, which nobody can guess.
 */
export type PageAnswer =
  | { readonly status: number; readonly html: string }
  /** Sends the browser on. */
  | { readonly redirect: string }
  /** A body that is not in the form of the API. */
  | { readonly status: number; readonly json: Wire };

/** A browser's request. */
export interface PageRequest {
  /** What stands in the path. */
  readonly names: Readonly<Record<string, string>>;
  /** The query and, of a POST, the form. */
  readonly values: Values;
  /** What addresses on this server begin with, as the browser knows it. */
  readonly origin: string;
  readonly ip: string;
  readonly userAgent: string;
  readonly books: Books;
  /** Whom a key lets in: the header's, otherwise `client_secret`. @throws Refused */
  platform(): Promise<Principal>;
}

/** One value of a page's form or query; '' when it was not sent, or is no text. */
export function sentTo({ values }: Pick<PageRequest, 'values'>, name: string): string {
  const value = values[name];
  return typeof value === 'string' && !isHash(value) ? value : '';
}

/** What pages ask for and do, in whatever book the id they were opened with belongs to. */
export class Books {
  readonly #engine: Engine;
  readonly #store: ReadStore;
  readonly #requestId: string;

  constructor(engine: Engine, store: ReadStore, requestId: string) {
    this.#engine = engine;
    this.#store = store;
    this.#requestId = requestId;
  }

  /** The object of this id, whosever it is; null for what is none. */
  async find<T extends StoredObject>(kind: Kind<T>, id: string): Promise<T | null> {
    const book = bookOf(id);
    const birth = book === null || !kind.prefixes.includes(prefixOf(id)) ? null : birthOf(id, book);
    const object = book === null || birth === null ? null : await this.#store.object(book, birth);
    return object?.id === id ? (object as T) : null;
  }

  /**
   * Has a command decided as the account that `owner` belongs to, in its book.
   *
   * @returns what it left, or why not
   */
  async decide<Result extends StoredObject>(
    owner: StoredObject,
    command: AnyCommand,
    params: unknown,
  ): Promise<Result | Refusal> {
    const book = bookOf(owner.id);
    if (book === null) throw new RangeError(`${owner.id} is in no book`);
    return this.decideIn<Result>({ book, account: owner.account as Id<'acct'> }, command, params);
  }

  /** As `decide`, as an account of a book; null is its platform. */
  async decideIn<Result extends StoredObject>(
    { book, account }: { readonly book: number; readonly account: Id<'acct'> | null },
    command: AnyCommand,
    params: unknown,
  ): Promise<Result | Refusal> {
    let refusal: Refusal | null = null;
    const task: Task = {
      command,
      params,
      request: { account, id: this.#requestId, idempotency: null },
      refusalBody(why) {
        refusal = why;
        return errorBody(why);
      },
    };
    const outcome = await this.#engine.submit(book, task);
    if (outcome.kind === 'refused') return outcome.refusal;
    if (refusal !== null) return refusal;
    return outcome.object as Result;
  }
}

/** The refusal goes up as it would from a route of the API. @throws Refused */
export const orRefused = <T>(answer: T | Refusal): T => {
  if (typeof answer === 'object' && answer !== null && 'refused' in answer) throw new Refused(answer as Refusal);
  return answer as T;
};

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text as it may stand in HTML. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (letter) => escapes[letter] ?? letter);

/** A page of ours: one heading, and what stands under it (HTML). */
export const pageHtml = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 36rem; margin: 12vh auto; padding: 0 1rem; color: #1a1f36 }
h1 { font-size: 1.4rem }
button { font: inherit; padding: .5rem 1rem; border: 0; border-radius: 6px; background: #635bff; color: #fff }
td { padding: .2rem 1.5rem .2rem 0 }
</style>
<h1>${escapeHtml(title)}</h1>
${body}
</html>
`;
