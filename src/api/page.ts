import type { Currency } from '../data/currencies.ts';
import type { AnyCommand } from '../engine/command.ts';
import type { Engine } from '../engine/engine.ts';
import type { Idempotency, Task } from '../engine/task.ts';
import { assert } from '../kernel/assert.ts';
import { birthOf, bookOf, type Id, prefixOf } from '../kernel/id.ts';
import type { Kind, StoredObject } from '../kernel/kind.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Balance } from '../ledger/balance.ts';
import { accountNo } from '../ledger/chart.ts';
import type { ReadStore } from '../store/reader.ts';
import type { Principal } from './auth.ts';
import { errorBody } from './errors.ts';
import { isHash, type Values } from './form.ts';
import type { Bytes } from './route.ts';
import type { Wire } from './view.ts';

/**
 * What a browser opens, and other plain routes: no API key, no versions. Who may do what is told by the
 * address, which nobody can guess.
 */
export type PageAnswer =
  | { readonly status: number; readonly html: string }
  /** Sends the browser on. */
  | { readonly redirect: string }
  /** A body that is not in the form of the API. */
  | { readonly status: number; readonly json: Wire }
  | { readonly bytes: Bytes };

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
  readonly #idempotency: Idempotency | null;
  readonly #livemode: (book: number) => Promise<boolean | null>;
  /** The req_ id of the first request under the key, when this was a repetition. */
  original: string | null = null;

  constructor(parts: {
    readonly engine: Engine;
    readonly store: ReadStore;
    readonly requestId: string;
    readonly idempotency: Idempotency | null;
    readonly livemode: (book: number) => Promise<boolean | null>;
  }) {
    this.#engine = parts.engine;
    this.#store = parts.store;
    this.#requestId = parts.requestId;
    this.#idempotency = parts.idempotency;
    this.#livemode = parts.livemode;
  }

  /** Whether the object is of a book in live mode. */
  async isLive({ id }: StoredObject): Promise<boolean> {
    const book = bookOf(id);
    return book !== null && (await this.#livemode(book)) === true;
  }

  async exists(book: number): Promise<boolean> {
    return (await this.#livemode(book)) !== null;
  }

  /** Balances by currency of the account with this acct_ id. */
  async balances(account: string): Promise<ReadonlyMap<Currency, Balance>> {
    const book = bookOf(account);
    return book === null ? new Map() : this.#store.balances(book, accountNo(account, book));
  }

  /** The object of this id, whosever it is; null for what is none. */
  async find<T extends StoredObject>(kind: Kind<T>, id: string): Promise<T | null> {
    const book = bookOf(id);
    const birth = book === null || !kind.prefixes.includes(prefixOf(id)) ? null : birthOf(id, book);
    const object = book === null || birth === null ? null : await this.#store.object(book, birth);
    return object?.id === id ? (object as T) : null;
  }

  /** Has a command decided as the account that `owner` belongs to, in its book. */
  async decide<Result extends StoredObject>(
    owner: StoredObject,
    command: AnyCommand,
    params: unknown,
  ): Promise<Result | Denial> {
    const book = bookOf(owner.id);
    assert(book !== null, `${owner.id} is of a book`);
    return this.#submit<Result>(book, command, params, { account: owner.account as Id<'acct'>, idempotency: null });
  }

  /** As `decide`, as the platform of a book; once only under the key that came with the request, if one did. */
  async decideIn<Result extends StoredObject>(
    book: number,
    command: AnyCommand,
    params: unknown,
  ): Promise<Result | Denial> {
    return this.#submit<Result>(book, command, params, { account: null, idempotency: this.#idempotency });
  }

  async #submit<Result extends StoredObject>(
    book: number,
    command: AnyCommand,
    params: unknown,
    request: { readonly account: Id<'acct'> | null; readonly idempotency: Idempotency | null },
  ): Promise<Result | Denial> {
    const task: Task = {
      command,
      params,
      request: { ...request, id: this.#requestId },
      refusalBody: (refusal) => errorBody(refusal),
    };
    const outcome = await this.#engine.submit(book, task);
    if (outcome.kind === 'refused') return outcome.refusal;
    if (outcome.kind === 'replayed') this.original = outcome.original;
    if (outcome.body === null) return outcome.object as Result;
    const { error } = JSON.parse(outcome.body) as Pick<Denial, 'error'>;
    return { refused: true, status: outcome.status, error };
  }
}

/** A refusal as it was answered, maybe long ago. */
export type Denial = Pick<Refusal, 'refused' | 'status' | 'error'>;

export const isDenial = (value: StoredObject | Denial): value is Denial => 'refused' in value;

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
