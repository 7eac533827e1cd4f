/** An API over a handful of objects in memory: one noun, two accounts, no database. */
import { createHash } from 'node:crypto';
import { feature } from '../../src/api/feature.ts';
import { Log } from '../../src/api/log.ts';
import { amount, boolean, form, id, metadata, oneOf, optional, text } from '../../src/api/params.ts';
import { act, admin, create, list, read, remove, retrieve } from '../../src/api/route.ts';
import { buildServer, type ServerOptions } from '../../src/api/server.ts';
import { embeddedList, view } from '../../src/api/view.ts';
import { type Context, command } from '../../src/engine/command.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { Outcome, Task } from '../../src/engine/task.ts';
import { assert } from '../../src/kernel/assert.ts';
import { type Birth, birthOf, mint } from '../../src/kernel/id.ts';
import { type Kind, kind, type StoredObject } from '../../src/kernel/kind.ts';
import { isRefusal, refuse } from '../../src/kernel/refusal.ts';
import type { KeyOwner, KeyStore, ObjectQuery, ReadStore, StatementLine } from '../../src/store/reader.ts';
import type { Store } from '../../src/store/store.ts';

export const book = 7;
export const platform = mint('acct', book, { seq: 1, pos: 0 });
export const seller = mint('acct', book, { seq: 2, pos: 0 });
export const formerSeller = mint('acct', book, { seq: 3, pos: 0 });
export const secretKey = 'sk_test_0123456789abcdef';
export const publishableKey = 'pk_test_0123456789abcdef';
export const revokedKey = 'sk_test_revokedrevokedrevoked';
export const restrictedKey = 'rk_test_0123456789abcdef';
export const adminKey = 'admin_0123456789';

interface Account extends StoredObject {
  readonly deleted?: boolean;
}
const accounts: Kind<Account> = kind<Account>({
  no: 1,
  object: 'account',
  prefixes: ['acct'],
  noun: 'account',
  refs: [],
});

export interface Box extends StoredObject {
  readonly amount: number;
  readonly color?: string;
  readonly owner?: string;
  readonly line?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly partner?: string;
  readonly deleted?: boolean;
}
export const boxes: Kind<Box> = kind<Box>({
  no: 2,
  object: 'box',
  prefixes: ['bx'],
  noun: 'box',
  refs: ['partner'],
});

const accountView = view<Account>({
  kind: accounts,
  expandable: [],
  render: (account) => ({ id: account.id, object: 'account', created: account.created }),
});

const boxView = view<Box>({
  kind: boxes,
  expandable: ['application', 'line', 'nested.partner', 'partner'],
  shows: { inner: 'charge' },
  included: {
    inner: async (box, _env, reader) => {
      const page = await reader.objects(boxes, { limit: 10, refs: [{ index: 0, value: box.id }] });
      return embeddedList(
        `/v1/boxes/${box.id}/inner`,
        page.items.map((item) => reader.view(item)),
        page.items.length,
      );
    },
  },
  render: (box, env) =>
    box.deleted
      ? { id: box.id, object: 'box', deleted: true }
      : {
          id: box.id,
          object: 'box',
          amount: box.amount,
          application: env.application,
          color: box.color ?? null,
          line: box.line ?? null,
          livemode: env.livemode,
          metadata: box.metadata ?? {},
          nested: { partner: box.partner ?? null },
          partner: box.partner ?? null,
        },
});

interface NewBox {
  readonly amount: number;
  readonly color?: 'red' | 'green' | 'blue';
  readonly metadata?: Readonly<Record<string, string>> | null;
  readonly partner?: string;
  readonly fail?: string;
}

const createBox = command({
  name: 'boxes.create',
  load: () => null,
  decide(params: NewBox, _state, ctx: Context) {
    if (params.fail === 'fault') assert(false, 'the secret of the house is 42');
    const box: Box = {
      id: ctx.id('bx'),
      account: ctx.account,
      created: ctx.now,
      amount: params.amount,
      ...(params.color && { color: params.color }),
      ...(params.metadata && { metadata: params.metadata }),
      ...(params.partner && { partner: params.partner }),
    };
    if (params.fail === 'decline') return refuse('card_declined', { extra: { payment_intent: box } });
    if (params.fail === 'lock') return refuse('lock_timeout');
    return { result: box, put: [box] };
  },
});

const deleteBox = command({
  name: 'boxes.delete',
  load: (reader, params: { readonly box: string }) => reader.own(boxes, params.box),
  decide(params: { readonly box: string }, box) {
    if (!box) return refuse('no_such_in_path', { object: 'box', id: params.box, param: 'box' });
    const gone: Box = { ...box, deleted: true };
    return { result: gone, put: [gone] };
  },
});

const boxForm = form({
  amount: amount(),
  color: optional(oneOf(['red', 'green', 'blue'])),
  fail: optional(text()),
  is_open: optional(boolean()),
  metadata: optional(metadata()),
  partner: optional(id()),
});

const common = { tier: 1, summary: 'Boxes.' } as const;

/** The kind and view of accounts; keys may read them with a permission of their own. */
export const accountFeature = feature({
  name: 'accounts',
  resource: 'connected_account',
  kinds: [accounts],
  views: [accountView],
});

export const boxFeature = feature({
  name: 'boxes',
  resource: 'charge',
  kinds: [boxes],
  views: [boxView],
  routes: [
    create('/v1/boxes', {
      ...common,
      params: boxForm,
      command: createBox,
      view: boxView,
      unsupported: ['lid'],
      publishable: true,
      aliases: { colour: 'color' },
    }),
    remove('/v1/boxes/:box', { ...common, command: deleteBox, view: boxView }),
    retrieve('/v1/boxes/:box', boxView, { ...common, param: 'box' }),
    list('/v1/boxes', boxView, {
      ...common,
      filters: { partner: 'ref', box: 'field', color: 'field', created: 'created' },
    }),
    list('/v1/boxes/:box/inner', boxView, {
      ...common,
      owner: { view: boxView, param: 'box', ref: 'partner' },
    }),
    read('/v1/weight', {
      ...common,
      params: form({ unit: optional(text()) }),
      handler: async (reader, params, env) => ({
        object: 'weight',
        account: env.account,
        unit: params.unit ?? 'kg',
        count: (await reader.objects(boxes, { limit: 100 })).items.length,
      }),
    }),
    act('/v1/boxes/weigh', {
      ...common,
      params: form({ amount: amount() }),
      command: createBox,
      respond: async ({ object }, reader) => ({
        object: 'scale',
        amount: (object as Box).amount,
        count: (await reader.objects(boxes, { limit: 100 })).items.length,
      }),
    }),
    read('/v1/accounts/:account', {
      ...common,
      handler: async (reader, { account }) => {
        const found = await reader.anywhere(accounts, account);
        assert(found, 'access was checked');
        return reader.view(found);
      },
    }),
    admin('POST', '/evenkeel/v1/boxes', { ...common, params: boxForm, command: createBox, view: boxView }),
    admin('POST', '/evenkeel/v1/operator', {
      ...common,
      params: form({ name: text(), count: optional(amount()) }),
      access: 'operator',
      handler: async ({ params, isOperator, id: request, read: reader }) => ({
        object: 'operator',
        name: params.name,
        isOperator,
        request,
        account: reader?.env.account ?? null,
      }),
    }),
  ],
});

const keyHash = (key: string): string => createHash('sha256').update(key).digest('hex');

/** Counts what is asked of it. */
export class FakeStore {
  readonly objectsById = new Map<string, StoredObject>();
  readonly lines = new Map<string, StatementLine>();
  readonly keptBodies = new Map<number, string>();
  readonly owners = new Map<string, KeyOwner>();
  queries = 0;

  constructor() {
    const owner: KeyOwner = { book, kind: 'secret', grants: null, livemode: false, msLeft: Number.POSITIVE_INFINITY };
    this.owners.set(keyHash(secretKey), owner);
    this.owners.set(keyHash(publishableKey), { ...owner, kind: 'publishable' });
    this.owners.set(keyHash(revokedKey), { ...owner, msLeft: 0 });
    this.owners.set(keyHash(restrictedKey), {
      ...owner,
      kind: 'restricted',
      grants: { permissions: {}, accounts: [] },
    });
    const account = { account: platform, created: 1 };
    this.put({ ...account, id: platform });
    this.put({ ...account, id: seller });
    this.put({ ...account, id: formerSeller, deleted: true } as Account);
  }

  put(object: StoredObject): void {
    this.objectsById.set(object.id, object);
  }

  #at({ seq, pos }: Birth): StoredObject | null {
    for (const [key, object] of this.objectsById) {
      const birth = birthOf(key, book);
      if (birth?.seq === seq && birth.pos === pos) return object;
    }
    return null;
  }

  reader(): ReadStore {
    const one = async (_book: number, birth: Birth) => {
      this.queries++;
      return this.#at(birth);
    };
    return {
      object: one,
      objects: async (_book: number, births: readonly Birth[]) => {
        this.queries++;
        return births.map((birth) => this.#at(birth));
      },
      linesAt: async (_book: number, births: readonly Birth[]) => {
        this.queries++;
        return births.map((birth) => this.lines.get(mint('txn', book, birth)) ?? null);
      },
      list: async (query: ObjectQuery) => this.#list(query),
      expandedAnswer: async (_book: number, seq: number) => this.keptBodies.get(seq) ?? null,
      keepExpandedAnswer: async (_book: number, seq: number, body: string) => {
        const kept = this.keptBodies.get(seq) ?? body;
        this.keptBodies.set(seq, kept);
        return kept;
      },
    } as unknown as ReadStore;
  }

  #list({ account, kind: no, after, before, limit, refs = [], where, created }: ObjectQuery) {
    this.queries++;
    const owner = mint('acct', book, { seq: account, pos: 0 });
    const prefix = no === boxes.no ? 'bx' : 'acct';
    const all = [...this.objectsById.values()]
      .filter((object) => object.id.startsWith(`${prefix}_`) && object.account === owner)
      .filter((object) => refs.every(({ value }) => (object as Box).partner === value))
      .filter((object) => created?.gte === undefined || object.created >= created.gte)
      .filter((object) => where?.(object) ?? true)
      .sort((a, b) => (a.id < b.id ? 1 : -1));
    const seqOf = (object: StoredObject) => birthOf(object.id, book)?.seq ?? 0;
    if (before) {
      const newer = all.filter((object) => seqOf(object) > before.seq);
      return { items: newer.slice(-limit), hasMore: newer.length > limit };
    }
    const older = after ? all.filter((object) => seqOf(object) < after.seq) : all;
    return { items: older.slice(0, limit), hasMore: older.length > limit };
  }

  keys(): KeyStore {
    return {
      findKey: async (hash: string) => this.owners.get(hash) ?? null,
      addKey: async () => true,
      keysOf: async () => [],
      keyOf: async () => null,
      endKey: async () => true,
    };
  }
}

/** Decides one task after another, and remembers keys as the journal does. */
export class FakeEngine {
  readonly caughtUp = true;
  readonly tasks: Task[] = [];
  /** Set to make `submit` throw. */
  broken: Error | null = null;
  /** Set to make `submit` wait. */
  gate: Promise<void> = Promise.resolve();
  #seq = 100;
  readonly #recorded = new Map<string, { task: Task; outcome: Outcome }>();
  readonly #store: FakeStore;

  constructor(store: FakeStore) {
    this.#store = store;
  }

  readonly clock = () => 1_700_000_000;

  async submit(_book: number, task: Task): Promise<Outcome> {
    this.tasks.push(task);
    await this.gate;
    if (this.broken) throw this.broken;
    const { idempotency, account } = task.request;
    const name = idempotency && `${account} ${idempotency.keyHash}`;
    const known = name === null ? undefined : this.#recorded.get(name);
    if (known && idempotency) return this.#again(known, idempotency);
    const seq = ++this.#seq;
    let pos = 0;
    const acting = account ?? platform;
    const ctx = {
      account: acting,
      now: 1_700_000_000 + seq,
      id: (prefix: string) => mint(prefix, book, { seq, pos: pos++ }),
    } as unknown as Context;
    const own = (_kind: unknown, key: string) => {
      const object = this.#store.objectsById.get(key);
      return object?.account === acting ? object : undefined;
    };
    const state = task.command.load({ own } as never, task.params, ctx);
    const answer = task.command.decide(task.params, state, ctx);
    const refusal = isRefusal(answer) ? answer : null;
    if (!isRefusal(answer)) for (const object of answer.put ?? []) this.#store.put(object);
    const outcome: Outcome = {
      kind: 'decided',
      seq: refusal && !idempotency ? null : seq,
      time: ctx.now,
      status: refusal?.status ?? 200,
      object: isRefusal(answer) ? null : answer.result,
      body: refusal ? task.refusalBody(refusal) : null,
    };
    if (name !== null) this.#recorded.set(name, { task, outcome });
    return outcome;
  }

  #again(
    { task, outcome }: { task: Task; outcome: Outcome },
    asked: NonNullable<Task['request']['idempotency']>,
  ): Outcome {
    const first = task.request.idempotency;
    if (outcome.kind !== 'decided' || outcome.seq === null || first === null) return outcome;
    if (first.fingerprint === asked.fingerprint) {
      const { seq, status, object, body } = outcome;
      return { kind: 'replayed', seq, original: task.request.id ?? '', status, object, body };
    }
    const { key, path } = asked;
    const refusal =
      first.path === path
        ? refuse('idempotency_parameters_differ', { key })
        : refuse('idempotency_route_differs', { key, first: first.path, now: path });
    return { kind: 'refused', refusal };
  }
}

/** An answer: an object, or what went wrong. */
interface Body {
  readonly [field: string]: unknown;
  readonly error?: { readonly [field: string]: unknown; readonly code?: string; readonly param?: string };
}

export function fakeApi(more: Partial<ServerOptions> = {}) {
  const store = new FakeStore();
  const engine = new FakeEngine(store);
  const logged: string[] = [];
  const log = new Log('info', (line) => logged.push(line));
  const clock = { ms: 0 };
  const app = buildServer({
    engine: engine as unknown as Engine,
    store: store.reader(),
    keys: store.keys(),
    books: {
      openBook: async (number: number) => (number === book ? { book, livemode: false } : null),
    } as unknown as Store,
    features: [accountFeature, boxFeature],
    accountsKind: accounts,
    accountAccess: (account) => !('deleted' in account),
    lineView: ({ line }) => ({ id: line.id, object: 'balance_transaction', source: line.source ?? null }),
    applicationName: async () => 'Boxes Inc.',
    adminKey,
    log,
    ticks: () => clock.ms,
    ...more,
  });

  const send = async (
    method: 'GET' | 'POST' | 'DELETE' | 'PUT' | 'OPTIONS' | 'HEAD',
    url: string,
    {
      body,
      key = secretKey,
      headers = {},
    }: { readonly body?: string; readonly key?: string | null; readonly headers?: Record<string, string> } = {},
  ) => {
    const response = await app.inject({
      method,
      url,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: body }),
    });
    const json = response.body === '' ? null : (JSON.parse(response.body) as Body);
    return { status: response.statusCode, headers: response.headers, text: response.body, json, error: json?.error };
  };
  return { app, store, engine, log, logged, clock, send };
}
