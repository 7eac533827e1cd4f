import { mayActAs, mayActAsAll } from '../data/permissions.ts';
import type { AnyCommand } from '../engine/command.ts';
import type { Engine } from '../engine/engine.ts';
import type { Idempotency, Outcome, Request, Task } from '../engine/task.ts';
import { assert } from '../kernel/assert.ts';
import { bookOf, type Id } from '../kernel/id.ts';
import type { Kind, StoredObject } from '../kernel/kind.ts';
import { type Refusal, refuse } from '../kernel/refusal.ts';
import type { UnixSeconds } from '../kernel/time.ts';
import type { KeyStore, ReadStore } from '../store/reader.ts';
import type { Store } from '../store/store.ts';
import { type AccountAccess, type Authentication, envOf, namedAccount, type Principal } from './auth.ts';
import { bodyOf, errorBody, Refused } from './errors.ts';
import { checkExpand, type ExpandPath, expandIn, expandPaths, goneSince } from './expand.ts';
import { decodeForm, decodeJson, isHash, type Value, type Values } from './form.ts';
import { checkKey, type InFlight, idempotencyOf } from './idempotency.ts';
import { answerList, isDeleted } from './list.ts';
import { noSuch } from './missing.ts';
import { boundaryOf, decodeMultipart } from './multipart.ts';
import { idsOfOtherMode, inOtherMode, type OtherBook } from './other-mode.ts';
import { Books, type PageAnswer, sentTo } from './page.ts';
import { writtenOut } from './param.ts';
import type { Permissions } from './permissions.ts';
import { Read } from './read.ts';
import { type Answer, type Exchange, refusalAnswer, versionOf } from './respond.ts';
import {
  type AdminRoute,
  type Bytes,
  type BytesRoute,
  type CommandRoute,
  commandFor,
  type PageRoute,
  type Route,
} from './route.ts';
import type { Sight } from './sight.ts';
import { originOf, type View, type ViewEnv, type Wire } from './view.ts';
import type { Views } from './views.ts';

/**
 * A request from left to right:
 *
 *     key → permission → account → version → parameters (unknown ones first, then types) → expand → read, or submit and render
 *
 * Whatever says no before `submit` leaves an idempotency key free.
 */

export interface Parts {
  readonly engine: Engine;
  readonly store: ReadStore;
  readonly keys: KeyStore;
  readonly books: Store;
  readonly views: Views;
  readonly authentication: Authentication;
  readonly permissions: Permissions;
  readonly access: AccountAccess;
  readonly inFlight: InFlight;
  readonly otherBook: OtherBook;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** A request as the HTTP server has it. */
export interface Incoming {
  readonly exchange: Exchange;
  readonly headers: Headers;
  /** What stands in the path, decoded. */
  readonly names: Readonly<Record<string, string>>;
  readonly query: string;
  readonly body: string;
  /** A body of multipart/form-data, in the place of `body`. */
  readonly multipart: Buffer | null;
  /** Who sent it. */
  readonly ip: string;
}

/** A request whose sender and parameters are known. */
interface Known {
  readonly incoming: Incoming;
  /** Null when the operator names no platform. */
  readonly env: ViewEnv | null;
  readonly maskedKey: string;
  readonly sight: Sight;
  readonly isOperator: boolean;
  readonly params: Record<string, unknown>;
  readonly expand: readonly ExpandPath[];
  readonly idempotency: Idempotency | null;
  /** Ids in the parameters that name what the platform has in its other mode. */
  readonly elsewhere: ReadonlySet<string>;
}

const none: ReadonlySet<string> = new Set();

/** Routes of Stripe's. */
type ApiRoute = Exclude<Route, AdminRoute | PageRoute>;
type ReadingRoute = Exclude<ApiRoute, CommandRoute | BytesRoute>;

// biome-ignore lint/suspicious/noExplicitAny: a view of whatever the route's noun is
type AnyView = View<any>;

const header = (headers: Headers, name: string): string | undefined => {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
};

/** @throws Refused when the key was not granted to act as the account */
function checkActing({ env, grants, maskedKey }: Principal, account: string): void {
  if (account === env.platform || mayActAs(grants, account)) return;
  throw new Refused(refuse('account_access', { key: maskedKey, id: account }));
}

/** The account that the request asks to act as; null for the platform's own. */
const accountIn = (headers: Headers): string | null =>
  namedAccount(header(headers, 'stripe-account'), header(headers, 'stripe-context'));

/** A command on its way to the engine, with what a refusal of it is rendered by. */
class CommandTask implements Task {
  readonly command: AnyCommand;
  readonly params: unknown;
  readonly request: Request;
  readonly #views: Views;
  readonly #env: ViewEnv;
  readonly #elsewhere: ReadonlySet<string>;

  constructor(
    command: AnyCommand,
    request: Request,
    { params, elsewhere, env, views }: Pick<Known, 'params' | 'elsewhere'> & { env: ViewEnv; views: Views },
  ) {
    this.command = command;
    this.params = params;
    this.request = request;
    this.#views = views;
    this.#env = env;
    this.#elsewhere = elsewhere;
  }

  refusalBody(refusal: Refusal): string {
    return errorBody(inOtherMode(refusal, this.#elsewhere, this.#env), (value) =>
      this.#views.renderIfStored(value, this.#env),
    );
  }
}

export class Answering {
  readonly #parts: Parts;
  readonly #livemodes = new Map<number, boolean>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Answers a route. @throws Refused, and whatever the engine or the store throws */
  async answer(route: Route, incoming: Incoming): Promise<Answer> {
    if (route.kind === 'page') return this.#answerPage(route, incoming);
    const known = route.kind === 'admin' ? await this.#knowAdmin(route, incoming) : await this.#know(route, incoming);
    try {
      return await this.#answerKnown(route, known);
    } catch (error) {
      if (known.env === null || !(error instanceof Refused)) throw error;
      throw new Refused(inOtherMode(error.refusal, known.elsewhere, known.env));
    }
  }

  async #answerKnown(route: Exclude<Route, PageRoute>, known: Known): Promise<Answer> {
    switch (route.kind) {
      case 'command':
        return this.#runCommand(route, commandFor(route.command, known.params), known);
      case 'admin':
        if (route.handler !== null) return this.#handleAdmin(route, known);
        assert(route.command !== null, `${route.path} has a command or a handler`);
        return this.#runCommand(route, route.command, known);
      case 'bytes':
        return bytesAnswer(await route.handler(this.#read(known), known.params));
      default:
        return this.#answerRead(route, known);
    }
  }

  /** Whether a sender may ask at all, of a path that is no route and before a large body. @throws Refused */
  async authenticate({ headers }: Incoming, route: Route | null): Promise<void> {
    const { authentication, permissions } = this.#parts;
    const authorization = header(headers, 'authorization');
    if (authentication.isOperator(authorization)) return;
    const principal = await authentication.principal(authorization);
    if (route !== null) permissions.admit(principal, route);
    else if (principal.kind === 'publishable') throw new Refused(refuse('key_publishable'));
  }

  // ---- who asks for what ---------------------------------------------------------------------------------------------

  async #know(route: ApiRoute, incoming: Incoming): Promise<Known> {
    const { exchange, headers, names } = incoming;
    const authorization = header(headers, 'authorization');
    const principal = await this.#parts.authentication.principal(authorization);
    exchange.account = principal.env.account;
    const acting = accountIn(headers) ?? principal.env.account;
    this.#parts.permissions.admit(principal, route, names.account === acting);
    const env = await this.#actingEnv(principal, incoming);
    if (route.path.startsWith('/v1/accounts/:account')) await this.#parts.access.as(principal, names.account ?? '');
    exchange.version = versionOf(header(headers, 'stripe-version'));
    const values = formValues(incoming, route.method);
    const known = await this.#declared(route, incoming, values, {
      env,
      maskedKey: principal.maskedKey,
      sight: this.#sightOf(principal, env.account),
      isOperator: false,
    });
    const reached = route.kind === 'command' ? route.reaches?.(known.params) : null;
    if (reached === 'all' && !mayActAsAll(principal.grants)) {
      throw new Refused(refuse('key_not_allowed', { key: principal.maskedKey, account: env.platform }));
    }
    if (typeof reached === 'string' && reached !== 'all') checkActing(principal, reached);
    return known;
  }

  async #knowAdmin(route: AdminRoute, incoming: Incoming): Promise<Known> {
    const { exchange, headers } = incoming;
    const authorization = header(headers, 'authorization');
    const { authentication } = this.#parts;
    const isOperator = authentication.isOperator(authorization);
    let principal: Principal | null = null;
    if (!isOperator) {
      principal = await authentication.principal(authorization);
      exchange.account = principal.env.account;
      this.#parts.permissions.admit(principal, route);
      if (route.access === 'operator') throw new Refused(refuse('operator_key_invalid'));
    }
    exchange.version = versionOf(header(headers, 'stripe-version'));
    const values = incoming.body === '' ? decodeForm(incoming.query) : decodeJson(incoming.body);
    const { platform, ...rest } = values;
    if (principal === null && platform !== undefined) principal = await this.#platform(platform);
    if (principal !== null && platform !== undefined && platform !== principal.env.platform) {
      throw new Refused(refuse('account_access', { key: principal.maskedKey, id: writtenOut(platform) }));
    }
    if (principal === null && route.access === 'platform') {
      throw new Refused(refuse('missing_parameter', { name: 'platform' }));
    }
    const env = principal && (await this.#actingEnv(principal, incoming));
    if (env && env.account !== env.platform && !route.asAccount) {
      throw new Refused(refuse('connected_header_not_allowed'));
    }
    return this.#declared(route, incoming, Object.assign(Object.create(null), rest) as Values, {
      env,
      maskedKey: principal?.maskedKey ?? '',
      sight: this.#sightOf(null, env?.account ?? ''),
      isOperator,
    });
  }

  /** @param principal null: of our own routes, which are for whom sees everything */
  #sightOf(principal: Principal | null, acting: string): Sight {
    const who = { key: principal?.maskedKey ?? '', account: principal?.env.platform ?? '' };
    return this.#parts.permissions.sightOf(principal?.grants ?? null, acting, who);
  }

  /** The platform that the operator names. */
  async #platform(id: Value): Promise<Principal> {
    const book = typeof id === 'string' ? bookOf(id) : null;
    const livemode = book === null ? null : await this.#livemode(book);
    if (book === null || livemode === null || envOf(book, livemode).platform !== id) {
      throw new Refused(refuse('no_such', { object: 'platform', id: writtenOut(id), param: 'platform' }));
    }
    return { book, livemode, kind: 'secret', grants: null, maskedKey: '', env: envOf(book, livemode) };
  }

  async #livemode(book: number): Promise<boolean | null> {
    const known = this.#livemodes.get(book);
    if (known !== undefined) return known;
    const row = await this.#parts.books.openBook(book);
    if (row !== null) this.#livemodes.set(book, row.livemode);
    return row?.livemode ?? null;
  }

  async #actingEnv(principal: Principal, { exchange, headers }: Incoming): Promise<ViewEnv> {
    const named = accountIn(headers);
    const origin = originIn(headers);
    if (named === null) return { ...principal.env, origin };
    checkActing(principal, named);
    const env = await this.#parts.access.as(principal, named);
    exchange.namedAccount = named;
    exchange.account = named;
    return { ...env, origin };
  }

  async #declared(
    route: ApiRoute | AdminRoute,
    incoming: Incoming,
    values: Values,
    sender: Pick<Known, 'env' | 'maskedKey' | 'sight' | 'isOperator'>,
  ): Promise<Known> {
    const { exchange, headers, names } = incoming;
    const key = exchange.method === 'POST' ? header(headers, 'idempotency-key') : undefined;
    let idempotency: Idempotency | null = null;
    if (key) {
      checkKey(key);
      exchange.idempotencyKey = key;
      idempotency = idempotencyOf(key, exchange.method, exchange.path, values);
    }
    const { expand: wanted } = values;
    if (wanted !== undefined) delete values.expand;
    for (const old in route.aliases) if (values[old] !== undefined) rename(values, old, route.aliases[old] as string);
    const params = route.params.parse(values) as Record<string, unknown>;
    Object.assign(params, names);
    const view = 'view' in route ? route.view : null;
    const isList = route.kind === 'list' || (route.kind === 'read' && route.isPage);
    const expand =
      wanted === undefined ? [] : checkExpand(expandPaths(wanted), view, { isList, isOld: isOld(headers) });
    const elsewhere = sender.env === null ? none : await idsOfOtherMode(params, sender.env, this.#parts);
    return { incoming, ...sender, params, expand, idempotency, elsewhere };
  }

  // ---- pages ---------------------------------------------------------------------------------------------------------

  async #answerPage(route: PageRoute, { exchange, headers, names, query, body, ip }: Incoming): Promise<Answer> {
    const { authentication, permissions, engine, store } = this.#parts;
    const values = { ...decodeForm(query), ...(route.method === 'POST' && decodeForm(body)) };
    const platform = async () => {
      const key = sentTo({ values }, 'client_secret');
      const authorization = header(headers, 'authorization') ?? (key === '' ? undefined : `Bearer ${key}`);
      const principal = await authentication.principal(authorization);
      exchange.account = principal.env.account;
      permissions.admit(principal, route);
      return principal;
    };
    const key = route.method === 'POST' ? header(headers, 'idempotency-key') : undefined;
    if (key) checkKey(key);
    exchange.idempotencyKey = key || null;
    const books = new Books({
      engine,
      store,
      requestId: exchange.id,
      idempotency: key ? idempotencyOf(key, exchange.method, exchange.path, values) : null,
      livemode: (book) => this.#livemode(book),
    });
    const answer = await route.answer({
      names,
      values,
      origin: originIn(headers),
      ip,
      userAgent: header(headers, 'user-agent') ?? '',
      books,
      platform,
    });
    return { ...pageAnswer(answer), ...(books.original !== null && { original: books.original }) };
  }

  // ---- reading -------------------------------------------------------------------------------------------------------

  #read({ env, incoming, maskedKey, sight, expand }: Known): Read {
    assert(env !== null, 'who reads has an account');
    const { engine, store, views } = this.#parts;
    const { path } = incoming.exchange;
    const paths = expand.map(({ text }) => text);
    return new Read({
      store,
      engine,
      env,
      maskedKey,
      path,
      expand: paths,
      renderer: views,
      sight,
    });
  }

  async #answerRead(route: ReadingRoute, known: Known): Promise<Answer> {
    const read = this.#read(known);
    if (route.view?.readsSettlement) await read.learnSettlement();
    const wire = await this.#readWire(route, read, known);
    await expandIn(wire, known.expand, { read, views: this.#parts.views, strict: true });
    return { status: 200, body: bodyOf(known.sight.cut(wire)) };
  }

  async #readWire(route: ReadingRoute, read: Read, { params }: Known): Promise<Wire> {
    if (route.kind === 'read') return route.handler(read, params, read.env);
    if (route.kind === 'list') return answerList(route, read, params, this.#parts.views.kindsByObject);
    const id = params[route.idName] as string;
    const kind: Kind = route.view.kind;
    const object = await read.object(kind, id);
    if (object === null || (!route.showsDeleted && isDeleted(object))) {
      throw new Refused(noSuch({ kind, id, param: route.param, inPath: true, noun: route.noun }));
    }
    return show(route.view, object, read);
  }

  // ---- doing ---------------------------------------------------------------------------------------------------------

  async #runCommand(route: CommandRoute | AdminRoute, command: AnyCommand, known: Known): Promise<Answer> {
    const { env, idempotency, incoming, params } = known;
    assert(env !== null, 'who acts has an account');
    const { engine, inFlight, views } = this.#parts;
    const account = env.account === env.platform ? null : (env.account as Id<'acct'>);
    const request: Request = { account, id: incoming.exchange.id, idempotency };
    const task = new CommandTask(command, request, { params, elsewhere: known.elsewhere, env, views });
    const keep = async () => {
      if (route.kind === 'command' && route.keep !== null) await route.keep(params, this.#read(known));
    };
    if (idempotency === null) {
      await keep();
      return this.#outcome(route, known, env, await engine.submit(env.book, task));
    }
    const entry = inFlight.enter(env.book, env.account, idempotency);
    try {
      await keep();
      return await this.#outcome(route, known, env, await engine.submit(env.book, task));
    } finally {
      inFlight.leave(entry);
    }
  }

  async #outcome(route: CommandRoute | AdminRoute, known: Known, env: ViewEnv, outcome: Outcome): Promise<Answer> {
    if (outcome.kind === 'refused') return refusalAnswer(outcome.refusal);
    const { status, object } = outcome;
    const original = outcome.kind === 'replayed' ? { original: outcome.original } : {};
    if (outcome.body !== null) return { status, body: given(outcome.body, known), ...original };
    const view = route.view;
    if (route.respond === null && known.expand.length === 0) {
      assert(object !== null, `${route.path} answers an object`);
      const wire = viewFor(view, object, this.#parts.views).render(object, env);
      return { status, body: bodyOf(known.sight.cut(wire)), ...original };
    }
    // What is read besides the object may be different tomorrow: the body is kept, so that it is the same when repeated.
    // Other keys may repeat it: one that may not see all of it is given its own, and such a one is not kept for others.
    const { store } = this.#parts;
    const { seq } = outcome;
    if (outcome.kind === 'replayed' && seq !== null) {
      const kept = await store.expandedAnswer(env.book, seq);
      if (kept !== null && mayHave(kept, known)) return { status, body: given(kept, known), ...original };
    }
    const time = outcome.kind === 'decided' ? outcome.time : this.#parts.engine.clock();
    let body = await this.#reach(route, known, object, time);
    if (known.idempotency !== null && seq !== null && !known.sight.hasHidden) {
      const kept = await store.keepExpandedAnswer(env.book, seq, body);
      if (mayHave(kept, known)) body = kept;
    }
    return { status, body: given(body, known), ...original };
  }

  /** The body of an answer that takes more than the object: expanded, or made by `respond`. */
  async #reach(
    route: CommandRoute | AdminRoute,
    known: Known,
    object: StoredObject | null,
    time: UnixSeconds,
  ): Promise<string> {
    const read = this.#read(known);
    let wire: Wire;
    if (route.respond !== null) wire = await route.respond({ object, time }, read, read.env);
    else {
      assert(object !== null, `${route.path} answers an object`);
      wire = show(viewFor(route.view, object, this.#parts.views), object, read);
    }
    await expandIn(wire, known.expand, { read, views: this.#parts.views, strict: false });
    return bodyOf(wire);
  }

  async #handleAdmin(route: AdminRoute, known: Known): Promise<Answer> {
    const { handler } = route;
    assert(handler !== null, `${route.path} has a handler`);
    const { engine, store, keys, books, inFlight, views } = this.#parts;
    const { env, params, idempotency, incoming, isOperator } = known;
    const read = env === null ? null : this.#read(known);
    const { id } = incoming.exchange;
    const entry = idempotency && inFlight.enter(env?.book ?? 0, env?.account ?? '', idempotency);
    try {
      const wire = await handler({ params, engine, store, keys, books, read, isOperator, id, idempotency });
      if (read) await expandIn(wire, known.expand, { read, views, strict: route.method === 'GET' });
      return { status: 200, body: bodyOf(wire) };
    } finally {
      if (entry !== null) inFlight.leave(entry);
    }
  }
}

/** A body that is the same for all keys, as this one may have it. */
function given(body: string, { sight }: Known): string {
  return sight.isClear ? body : bodyOf(sight.cut(JSON.parse(body) as Wire));
}

/** Whether a key may be given the expanded answer that was kept when another one asked the same. */
const mayHave = (kept: string, { sight, expand }: Known): boolean =>
  sight.isClear ||
  sight.mayHave(
    JSON.parse(kept) as Wire,
    expand.map(({ segments }) => segments),
  );

/** A route's own view; some nouns answer objects of several kinds, each of which has its own. */
function viewFor(view: AnyView | null, object: StoredObject, views: Views): AnyView {
  const prefix = object.id.slice(0, object.id.lastIndexOf('_'));
  if (view?.kind.prefixes.includes(prefix)) return view;
  const other = views.byPrefix(prefix);
  assert(other !== undefined, `objects like ${object.id} have a view`);
  return other;
}

function show(view: AnyView, object: StoredObject, read: Read): Wire {
  const wire = view.render(object, read.env);
  read.sources?.set(wire, object);
  return wire;
}

/** Parameters of a request to Stripe's routes: the query, and the form in the body. */
function formValues({ headers, query, body, multipart }: Incoming, method: string): Values {
  const boundary = multipart && method !== 'GET' ? boundaryOf(header(headers, 'content-type')) : null;
  if (multipart !== null && boundary !== null) return decodeMultipart(multipart, boundary, decodeForm(query));
  if (body === '' || method === 'GET') return decodeForm(query);
  if (header(headers, 'content-type')?.includes('json')) throw new Refused(refuse('invalid_body'));
  return decodeForm(query === '' ? body : `${query}&${body}`);
}

// Addresses of pages carry secrets, which no other site shall be told of.
const pageHeaders: readonly string[] = [
  'Referrer-Policy',
  'no-referrer',
  'Content-Security-Policy',
  "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
];
const html = 'text/html; charset=utf-8';

/** A file of somebody's, which no browser shall take for a page of ours. */
function bytesAnswer({ type, filename, size, parts }: Bytes): Answer {
  const name = encodeURIComponent(filename ?? '').replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  const disposition = name === '' ? 'attachment' : `attachment; filename*=UTF-8''${name}`;
  const headers = ['Content-Disposition', disposition, 'Content-Security-Policy', "default-src 'none'; sandbox"];
  return { status: 200, body: '', page: { type, headers }, bytes: { size, parts } };
}

function pageAnswer(answer: PageAnswer): Answer {
  if ('bytes' in answer) return bytesAnswer(answer.bytes);
  if ('json' in answer) return { status: answer.status, body: bodyOf(answer.json) };
  if ('html' in answer) return { status: answer.status, body: answer.html, page: { type: html, headers: pageHeaders } };
  const { redirect } = answer;
  // Spelled as a header may hold it: without blanks and line breaks, in ASCII.
  const location = /^[\x21-\x7e]+$/.test(redirect) ? redirect : new URL(redirect).href;
  return { status: 303, body: '', page: { type: html, headers: [...pageHeaders, 'Location', location] } };
}

/** How the sender reached this server, which may have a proxy before it. */
function originIn(headers: Headers): string {
  const host = header(headers, 'host') ?? '';
  const scheme = header(headers, 'x-forwarded-proto') === 'https' ? 'https' : 'http';
  return /^[\w.-]+(:\d+)?$|^\[[\da-f:]+\](:\d+)?$/i.test(host) ? `${scheme}://${host}` : originOf({});
}

const isOld = (headers: Headers): boolean => (header(headers, 'stripe-version') ?? '') < goneSince;

/** Gives a value its new name, `destination` or `transfer_data[destination]`, unless that was sent as well. */
function rename(values: Values, old: string, name: string): void {
  const value = values[old] as Value;
  delete values[old];
  const path = name.replaceAll(']', '').split('[');
  let holder = values;
  for (const part of path.slice(0, -1)) {
    const inside = holder[part];
    const next = inside !== undefined && isHash(inside) ? inside : (Object.create(null) as Values);
    holder[part] = next;
    holder = next;
  }
  holder[path.at(-1) as string] ??= value;
}
