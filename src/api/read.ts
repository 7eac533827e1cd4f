import type { Currency } from '../data/currencies.ts';
import type { Engine } from '../engine/engine.ts';
import { birthOf, prefixOf } from '../kernel/id.ts';
import type { Kind, StoredObject } from '../kernel/kind.ts';
import type { Balance } from '../ledger/balance.ts';
import { accountNo } from '../ledger/chart.ts';
import type { LineQuery, ObjectQuery, Page, ReadStore, StatementLine } from '../store/reader.ts';
import type { Sight } from './sight.ts';
import type { ViewEnv, Wire } from './view.ts';

/** What renders objects of every kind that features have. */
export interface Renderer {
  /** @throws Fault  no view for objects like this */
  render(object: StoredObject, env: ViewEnv): Wire;
  renderLine(line: StatementLine, env: ViewEnv): Wire;
}

/** The reading hand of one request: it sees one book, and asks for the acting account unless it says otherwise. */
export class Read {
  readonly store: ReadStore;
  readonly engine: Engine;
  readonly book: number;
  /** The number of the acting account; its acct_ id is `env.account`. */
  readonly account: number;
  /** The API key as messages may show it. */
  readonly maskedKey: string;
  /** The path of the request, which a list's `url` repeats. */
  readonly path: string;
  /** The paths of the request's `expand`. */
  readonly expand: readonly string[];
  /** What was rendered from what, kept while `expand` may ask for more of it. */
  readonly sources: Map<Wire, StoredObject> | null;
  /** What the key that asks may see. */
  readonly sight: Sight;
  readonly #renderer: Renderer;
  #env: ViewEnv;

  constructor(options: {
    readonly store: ReadStore;
    readonly engine: Engine;
    readonly env: ViewEnv;
    readonly maskedKey: string;
    readonly path: string;
    readonly expand: readonly string[];
    readonly renderer: Renderer;
    readonly sight: Sight;
  }) {
    this.store = options.store;
    this.engine = options.engine;
    this.#env = options.env;
    this.book = options.env.book;
    this.account = accountNo(options.env.account, options.env.book);
    this.maskedKey = options.maskedKey;
    this.path = options.path;
    this.expand = options.expand;
    this.sources = options.expand.length > 0 ? new Map() : null;
    this.#renderer = options.renderer;
    this.sight = options.sight;
  }

  get env(): ViewEnv {
    return this.#env;
  }

  /** From here on objects are shown as of now, and not as the operation that changed them left them. */
  async learnSettlement(): Promise<void> {
    if (this.#env.settledThrough !== undefined) return;
    this.#env = { ...this.#env, settledThrough: await this.store.settledThrough(this.book) };
  }

  /** What the acting account owns; null for the id of anything else. */
  async object<T extends StoredObject>(kind: Kind<T>, id: string): Promise<T | null> {
    const object = await this.anywhere(kind, id);
    return object?.account === this.env.account ? object : null;
  }

  /** The object of this id in the book, whatever account it belongs to. */
  async anywhere<T extends StoredObject>(kind: Kind<T>, id: string): Promise<T | null> {
    return (await this.many(kind, [id]))[0] ?? null;
  }

  /** As `anywhere` for several, in one query; in the order asked for. */
  async many<T extends StoredObject>(kind: Kind<T>, ids: readonly string[]): Promise<readonly (T | null)[]> {
    const births = ids.map((id) => (kind.prefixes.includes(prefixOf(id)) ? birthOf(id, this.book) : null));
    const wanted = births.filter((birth) => birth !== null);
    const found = wanted.length === 0 ? [] : await this.store.objects(this.book, wanted);
    let next = 0;
    return births.map((birth, index) => {
      const object = birth === null ? null : (found[next++] ?? null);
      return object?.id === ids[index] ? (object as T) : null;
    });
  }

  /** A page of the acting account's objects, or of another account's (its number). */
  objects<T extends StoredObject>(
    kind: Kind<T>,
    query: Omit<ObjectQuery, 'book' | 'account' | 'kind'> & { readonly account?: number },
  ): Promise<Page<T>> {
    return this.store.list({ account: this.account, ...query, book: this.book, kind: kind.no }) as Promise<Page<T>>;
  }

  /** A balance transaction of the acting account. */
  async line(id: string): Promise<StatementLine | null> {
    const birth = prefixOf(id) === 'txn' ? birthOf(id, this.book) : null;
    return birth === null ? null : this.store.line(this.book, this.account, birth);
  }

  lines(query: Omit<LineQuery, 'book' | 'account'>): Promise<Page<StatementLine>> {
    return this.store.lines({ ...query, book: this.book, account: this.account });
  }

  /** Balances by currency, of the acting account or of the one with this acct_ id. */
  balances(account: string = this.env.account): Promise<ReadonlyMap<Currency, Balance>> {
    return this.store.balances(this.book, accountNo(account, this.book));
  }

  /** The object as it goes over the wire. */
  view(object: StoredObject): Wire {
    const wire = this.#renderer.render(object, this.env);
    this.sources?.set(wire, object);
    return wire;
  }

  viewLine(line: StatementLine): Wire {
    return this.#renderer.renderLine(line, this.env);
  }
}
