import type { Resource } from '../data/permissions.ts';
import type { AnyCommand, Command } from '../engine/command.ts';
import type { Engine } from '../engine/engine.ts';
import type { Idempotency } from '../engine/task.ts';
import { assert } from '../kernel/assert.ts';
import type { StoredObject } from '../kernel/kind.ts';
import type { UnixSeconds } from '../kernel/time.ts';
import type { KeyStore, ReadStore } from '../store/reader.ts';
import type { Store } from '../store/store.ts';
import { paging } from './list.ts';
import type { PageAnswer, PageRequest } from './page.ts';
import { type Form, form, optional, type Param, range, text, unsupported } from './params.ts';
import type { Read } from './read.ts';
import type { View, ViewEnv, Wire } from './view.ts';

/** Routes are data: the server, the reference and the coverage table are made from the same list. */
export type Route = CommandRoute | RetrieveRoute | ListRoute | ReadRoute | BytesRoute | AdminRoute | PageRoute;

export type Tier = 1 | 2 | 3;

interface Common {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** `/v1/transfers/:transfer` */
  readonly path: string;
  readonly tier: Tier;
  readonly summary: string;
  readonly params: Form;
  /** Old name → the name it has now, with brackets where that is nested. */
  readonly aliases: Aliases;
  /** The permission that restricted keys need, where it is not that of the feature. */
  readonly resource?: Resource;
  /** Browsers may ask for it, with a publishable key. */
  readonly publishable?: true;
}

export type Aliases = Readonly<Record<string, string>>;

// biome-ignore lint/suspicious/noExplicitAny: a route holds a view of whatever its noun is
type AnyView = View<any>;
// biome-ignore lint/suspicious/noExplicitAny: the params were checked where the route was declared
type Params = any;

/** What a command left, for an answer that is not simply its result. */
export interface Done<Result extends StoredObject | null = StoredObject | null> {
  readonly object: Result;
  readonly time: UnixSeconds;
}

export interface CommandRoute extends Common {
  readonly kind: 'command';
  readonly command: Chosen<Params>;
  readonly view: AnyView | null;
  readonly respond: ((done: Done<Params>, read: Read, env: ViewEnv) => Promise<Wire>) | null;
  /** Of a route that takes files: keeps them before the command is decided. */
  readonly keep: ((params: Params, read: Read) => Promise<void>) | null;
  /** Of a route whose parameters lead into connected accounts: the one that the key has to be let act as, or 'all' of them. */
  readonly reaches: ((params: Params) => string | null) | null;
}

// biome-ignore-start lint/suspicious/noExplicitAny: what a command loads and makes is its own affair
/** The command of a route, or how its params choose one: a charge with an account as its source is another command. */
export type Chosen<P> = Command<P, any, any> | ((params: P) => AnyCommand);
// biome-ignore-end lint/suspicious/noExplicitAny: as above

export const commandFor = <P>(chosen: Chosen<P>, params: P): AnyCommand =>
  typeof chosen === 'function' ? chosen(params) : chosen;

export interface RetrieveRoute extends Common {
  readonly kind: 'retrieve';
  readonly view: AnyView;
  /** The name in the path, and what the error calls it. */
  readonly idName: string;
  readonly param: string;
  readonly noun: string;
  /** What was deleted is answered as a stub; elsewhere it is not there any more. */
  readonly showsDeleted: boolean;
}

export type FilterForm = 'ref' | 'created' | 'field' | 'range';

/** The object that a list is a part of: it must be there, and `ref` of the items is its id. */
export interface ListOwner {
  readonly view: Pick<AnyView, 'kind'>;
  readonly idName: string;
  readonly param: string;
  readonly ref: string;
}

export interface ListRoute extends Common {
  readonly kind: 'list';
  readonly view: AnyView;
  readonly filters: Readonly<Record<string, FilterForm>>;
  readonly owner: ListOwner | null;
  readonly where: ((object: Params) => boolean) | null;
}

export interface ReadRoute extends Common {
  readonly kind: 'read';
  readonly view: AnyView | null;
  /** It answers a page of such objects, so that what is expanded stands within `data`. */
  readonly isPage: boolean;
  readonly handler: (read: Read, params: Params, env: ViewEnv) => Promise<Wire>;
}

/** A body that is no JSON. */
export interface Bytes {
  /** Its MIME type. */
  readonly type: string;
  /** What a browser shall save it as. */
  readonly filename: string | null;
  readonly size: number;
  /** Read while it is sent; together they have `size` bytes. */
  readonly parts: AsyncIterable<Uint8Array>;
}

export interface BytesRoute extends Common {
  readonly kind: 'bytes';
  readonly handler: (read: Read, params: Params) => Promise<Bytes>;
}

/** Who may call one of our own routes. */
export type AdminAccess =
  /** A platform's key, or the operator's with `platform`. */
  | 'platform'
  /** The operator's key alone. */
  | 'operator'
  /** Either; with the operator's key and no `platform` there is no acting account. */
  | 'either';

export interface AdminRequest<P = Params> {
  readonly params: P;
  readonly engine: Engine;
  readonly store: ReadStore;
  readonly keys: KeyStore;
  /** To make and open books. */
  readonly books: Store;
  /** Null when the operator names no platform. */
  readonly read: Read | null;
  /** Whether the operator's key was used. */
  readonly isOperator: boolean;
  /** req_… */
  readonly id: string;
  /** For tasks that the handler submits; null without a key. */
  readonly idempotency: Idempotency | null;
}

export interface AdminRoute extends Common {
  readonly kind: 'admin';
  readonly access: AdminAccess;
  /** Whether a header may name a connected account to act as, which then sees and does what is its own alone. */
  readonly asAccount: boolean;
  readonly command: Command<Params, Params, StoredObject | null> | null;
  readonly view: AnyView | null;
  readonly respond: ((done: Done<Params>, read: Read, env: ViewEnv) => Promise<Wire>) | null;
  readonly handler: ((request: AdminRequest) => Promise<Wire>) | null;
}

export interface PageRoute extends Common {
  readonly kind: 'page';
  readonly answer: (request: PageRequest) => Promise<PageAnswer>;
}

/** The names that stand in a path: `{ transfer: string }` of '/v1/transfers/:transfer'. */
export type PathParams<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? { readonly [N in Name]: string } & PathParams<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? { readonly [N in Name]: string }
    : unknown;

interface Described extends Pick<Common, 'tier' | 'summary' | 'resource' | 'publishable'> {}

const described = ({ tier, summary, resource, publishable }: Described): Described => ({
  tier,
  summary,
  ...(resource && { resource }),
  ...(publishable && { publishable }),
});

interface Taking<P> extends Described {
  readonly params?: Form<P>;
  /** Names of parameters of Stripe's that are refused as not supported; nested ones stand in the form. */
  readonly unsupported?: readonly string[];
  readonly aliases?: Aliases;
}

export interface CommandOptions<Path extends string, P> extends Taking<P> {
  readonly command: Chosen<P & PathParams<Path>>;
  readonly view: AnyView;
  readonly reaches?: (params: P) => string | null;
}

function withUnsupported(params: Form | undefined, names: readonly string[] = []): Form {
  const declared = params ?? form({});
  if (names.length === 0) return declared;
  return form({ ...declared.fields, ...Object.fromEntries(names.map((name) => [name, unsupported()])) });
}

function commandRoute<Path extends string, P>(
  method: 'POST' | 'DELETE',
  path: Path,
  options: CommandOptions<Path, P>,
): CommandRoute {
  return {
    kind: 'command',
    method,
    path,
    ...described(options),
    params: withUnsupported(options.params, options.unsupported),
    aliases: options.aliases ?? {},
    command: options.command,
    view: options.view,
    respond: null,
    keep: null,
    reaches: options.reaches ?? null,
  };
}

/** POST: the params, with those of the path, go to the command; its result is rendered by the view. */
export const create = <Path extends string, P>(path: Path, options: CommandOptions<Path, P>): Route =>
  commandRoute('POST', path, options);

/**
 * `create` from a multipart body, whose files may be larger than other bodies.
 *
 * `keep` runs before the command is decided, and once more when the request is repeated: keeping the same again must
 * change nothing. What it refuses was never asked.
 */
export const upload = <Path extends string, P>(
  path: Path,
  {
    keep,
    ...options
  }: CommandOptions<Path, P> & { readonly keep: (params: P & PathParams<Path>, read: Read) => Promise<void> },
): Route => ({ ...commandRoute('POST', path, options), keep });

/** `create` for what exists already: `/v1/transfers/:transfer`. */
export const update = create;

/** DELETE; the view renders the stub of what was deleted. */
export const remove = <Path extends string, P>(path: Path, options: CommandOptions<Path, P>): Route =>
  commandRoute('DELETE', path, options);

/** POST whose answer is not simply the view of the result. */
export const act = <Path extends string, P, Result extends StoredObject | null>(
  path: Path,
  options: Taking<P> & {
    // biome-ignore lint/suspicious/noExplicitAny: what a command loads is its own affair
    readonly command: Command<P & PathParams<Path>, any, Result>;
    /** Runs after the commit, so it must not refuse. A repeated request gets the bytes of the first. */
    readonly respond: (done: Done<Result>, read: Read, env: ViewEnv) => Promise<Wire>;
    /** Says what may be expanded. */
    readonly view?: AnyView;
    readonly method?: 'POST' | 'DELETE';
  },
): Route => ({
  kind: 'command',
  method: options.method ?? 'POST',
  path,
  ...described(options),
  params: withUnsupported(options.params, options.unsupported),
  aliases: options.aliases ?? {},
  command: options.command,
  view: options.view ?? null,
  respond: options.respond,
  keep: null,
  reaches: null,
});

const namesIn = (path: string): string[] =>
  path
    .split('/')
    .filter((part) => part.startsWith(':'))
    .map((part) => part.slice(1));

/** GET of one object that the acting account owns, by the last id in the path. */
export function retrieve<T extends StoredObject>(
  path: string,
  view: View<T>,
  options: Described & {
    readonly param: string;
    readonly noun?: string;
    readonly params?: Form;
    readonly showsDeleted?: boolean;
  },
): Route {
  const idName = namesIn(path).at(-1);
  assert(idName !== undefined, `${path} names an object`);
  return {
    kind: 'retrieve',
    method: 'GET',
    path,
    ...described(options),
    params: options.params ?? form({}),
    aliases: {},
    view,
    idName,
    param: options.param,
    noun: options.noun ?? view.kind.noun,
    showsDeleted: options.showsDeleted ?? false,
  };
}

/**
 * GET of a page of objects, newest first.
 *
 * `filters`: 'ref' and 'field' compare texts ('ref' is one of the kind's refs, so the database does it), 'created' and
 * 'range' take a number or its ends. A filter named as an object (`charge`) must name one that exists.
 */
export function list<T extends StoredObject>(
  path: string,
  view: View<T>,
  options: Described & {
    readonly filters?: Readonly<Record<string, FilterForm>>;
    /** For `/v1/transfers/:transfer/reversals`: whose part the items are. */
    readonly owner?: { readonly view: Pick<AnyView, 'kind'>; readonly param: string; readonly ref: keyof T & string };
    /** Further filters of Stripe's that are refused. */
    readonly unsupported?: readonly string[];
    /** What is listed at all; without it whatever is not `deleted`. */
    readonly where?: (object: T) => boolean;
  },
): Route {
  const filters = options.filters ?? {};
  const fields = Object.entries(filters).map(([name, how]): [string, Param<unknown>] => [
    name,
    how === 'created' || how === 'range' ? optional(range()) : optional(text()),
  ]);
  const idName = namesIn(path).at(-1);
  assert((options.owner === undefined) === (idName === undefined), `${path} names the owner of its items`);
  return {
    kind: 'list',
    method: 'GET',
    path,
    ...described(options),
    params: withUnsupported(form({ ...Object.fromEntries(fields), ...paging }), options.unsupported),
    aliases: {},
    view,
    filters,
    owner: options.owner && idName !== undefined ? { ...options.owner, idName } : null,
    where: options.where ?? null,
  };
}

/** Any other GET. */
export const read = <Path extends string, P>(
  path: Path,
  options: Taking<P> & {
    readonly handler: (read: Read, params: P & PathParams<Path>, env: ViewEnv) => Promise<Wire>;
    /** Says what may be expanded. */
    readonly view?: AnyView;
    readonly isPage?: boolean;
  },
): Route => ({
  kind: 'read',
  method: 'GET',
  path,
  ...described(options),
  params: withUnsupported(options.params, options.unsupported),
  aliases: options.aliases ?? {},
  view: options.view ?? null,
  isPage: options.isPage ?? false,
  handler: options.handler,
});

/** GET of something that is no JSON. */
export const download = <Path extends string>(
  path: Path,
  options: Described & { readonly handler: (read: Read, params: PathParams<Path>) => Promise<Bytes> },
): Route => ({
  kind: 'bytes',
  method: 'GET',
  path,
  ...described(options),
  params: form({}),
  aliases: {},
  handler: options.handler,
});

/** Our own routes, `/evenkeel/v1/…`: JSON in and out. Either a command with a view or `respond`, or a handler. */
export const admin = <Path extends string, P>(
  method: 'GET' | 'POST' | 'DELETE',
  path: Path,
  options: Described & {
    readonly params?: Form<P>;
    readonly access?: AdminAccess;
    readonly asAccount?: boolean;
  } & (
      | {
          // biome-ignore lint/suspicious/noExplicitAny: what a command loads is its own affair
          readonly command: Command<P & PathParams<Path>, any, any>;
          readonly view: AnyView;
        }
      | {
          // biome-ignore lint/suspicious/noExplicitAny: what a command loads is its own affair
          readonly command: Command<P & PathParams<Path>, any, any>;
          // biome-ignore lint/suspicious/noExplicitAny: the command's result
          readonly respond: (done: Done<any>, read: Read, env: ViewEnv) => Promise<Wire>;
        }
      | { readonly handler: (request: AdminRequest<P & PathParams<Path>>) => Promise<Wire> }
    ),
): Route => ({
  kind: 'admin',
  method,
  path,
  ...described(options),
  params: options.params ?? form({}),
  aliases: {},
  access: options.access ?? 'platform',
  asAccount: options.asAccount ?? false,
  command: 'command' in options ? options.command : null,
  view: 'view' in options ? options.view : null,
  respond: 'respond' in options ? options.respond : null,
  handler: 'handler' in options ? options.handler : null,
});

/** What a browser opens, and other routes without an API key: see page.ts. */
export const page = (
  method: 'GET' | 'POST',
  path: string,
  options: Described & { readonly answer: (request: PageRequest) => Promise<PageAnswer> },
): Route => ({
  kind: 'page',
  method,
  path,
  ...described(options),
  params: form({}),
  aliases: {},
  answer: options.answer,
});
