import { envOf } from '../../src/api/auth.ts';
import { errorBody } from '../../src/api/errors.ts';
import { decodeForm, type Values } from '../../src/api/form.ts';
import { commandFor, type Route } from '../../src/api/route.ts';
import type { Upload } from '../../src/api/upload.ts';
import type { Wire } from '../../src/api/view.ts';
import { Views } from '../../src/api/views.ts';
import type { Currency } from '../../src/data/currencies.ts';
import { type EventType, eventTypeOf } from '../../src/data/event-types.ts';
import type { AnyCommand } from '../../src/engine/command.ts';
import { Engine } from '../../src/engine/engine.ts';
import type { AccountObject } from '../../src/features/accounts/object.ts';
import { lineView } from '../../src/features/balance-transactions/view.ts';
import { eventView } from '../../src/features/events/view.ts';
import { followPayments } from '../../src/features/invoices/follow.ts';
import { openPlatform } from '../../src/features/platforms/open.ts';
import { followThrough } from '../../src/features/standing/follow.ts';
import { birthClockId } from '../../src/features/test-clocks/object.ts';
import { birthOf, type Id, mint, prefixOf } from '../../src/kernel/id.ts';
import type { StoredObject } from '../../src/kernel/kind.ts';
import type { UnixSeconds } from '../../src/kernel/time.ts';
import type { Balance } from '../../src/ledger/balance.ts';
import { featuresWith, jobsOf, kindsOf } from '../../src/registry.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import type { RecordedEvent } from '../../src/store/reader.ts';

const theBook = 1;
const features = featuresWith({ derive: () => null, draw: () => Buffer.alloc(32), keyed: () => Buffer.alloc(32) });
const routes = features.flatMap(({ routes = [] }) => routes);
/** How stored objects are shown. */
export const views = features.flatMap((feature) => feature.views ?? []);
const shown: ReadonlySet<string> = new Set(views.flatMap(({ kind }) => kind.prefixes));

/** A stored object, whose fields a story asks for by name. */
export type Found = Readonly<Record<string, unknown>> & { readonly id: string };

/** What a request says besides its parameters. */
interface Said {
  readonly account?: string;
  readonly file?: Upload;
}

/**
 * A platform in memory, on a test clock, that is told what to do in the words of the API. Nothing in it is drawn or comes
 * from the machine: told the same, it answers the same bytes.
 */
export class Tale {
  readonly store = new MemoryStore(() => 0);
  readonly platform = mint('acct', theBook, { seq: 1, pos: 0 });
  now: UnixSeconds;
  readonly #engine: Engine;
  readonly #views = new Views(features, lineView, null);
  #requests = 0;

  constructor(now: UnixSeconds) {
    this.now = now;
    this.#engine = new Engine({
      store: this.store,
      kinds: kindsOf(features),
      jobs: jobsOf(features),
      complete: (decision, read, ctx) => followThrough(followPayments(decision, read, ctx), read, ctx),
      clock: () => 0,
      drawBatchId: () => 1,
    });
  }

  async open(): Promise<void> {
    await this.store.createBook({ book: theBook, livemode: false, secret: '00'.repeat(32), frozenTime: this.now });
    await this.run(openPlatform, { reserves_enabled: true, test_clock: { frozen_time: this.now, name: 'Golden' } });
  }

  /** `POST /v1/transfers/tr_1/reversals`, a form. @returns what the command answers, as it is stored */
  async call(request: string, form = '', said: Said = {}): Promise<Found> {
    const { route, names } = routeFor(request);
    const values: Values = decodeForm(form);
    if (said.file) (values as Record<string, unknown>).file = said.file;
    const params = { ...(route.params.parse(values) as object), ...names };
    if (route.kind !== 'command' && route.kind !== 'admin') throw new Error(`${request} does nothing`);
    if (route.command === null) throw new Error(`${request} is no command`);
    return this.run(commandFor(route.command, params), params, said.account);
  }

  /** A command, as a request or as the machinery of the server has it decided. @throws when it is refused */
  async run(command: AnyCommand, params: unknown, account?: string): Promise<Found> {
    const outcome = await this.#submit(command, params, account);
    if (outcome.status !== 200) throw new Error(`${command.name} is refused: ${outcome.body}`);
    return (outcome.object ?? { id: '' }) as unknown as Found;
  }

  /** As `call`, for what is declined: a refusal with consequences. */
  async declined(request: string, form: string): Promise<void> {
    const { route, names } = routeFor(request);
    const params = { ...(route.params.parse(decodeForm(form)) as object), ...names };
    if (route.kind !== 'command') throw new Error(`${request} is no command`);
    const { status } = await this.#submit(commandFor(route.command, params), params);
    if (status !== 402) throw new Error(`${request} is answered ${status}`);
  }

  async #submit(command: AnyCommand, params: unknown, account?: string) {
    this.#requests++;
    const outcome = await this.#engine.submit(theBook, {
      command,
      params,
      request: {
        account: (account ?? null) as Id<'acct'> | null,
        id: `req_${String(this.#requests).padStart(14, '0')}`,
        idempotency: null,
      },
      refusalBody: (refusal) => errorBody(refusal),
    });
    if (outcome.kind !== 'decided') throw new Error(`${command.name} is ${outcome.kind}`);
    return outcome;
  }

  /** Moves the clock, and has everything done that is due on the way. */
  async wait(seconds: number): Promise<void> {
    this.now += seconds;
    await this.call(`POST /v1/test_helpers/test_clocks/${birthClockId(theBook)}/advance`, `frozen_time=${this.now}`);
    await this.#engine.catchUp(theBook);
  }

  find(id: unknown): Found {
    const birth = typeof id === 'string' ? birthOf(id, theBook) : null;
    const object = birth && this.store.object(theBook, birth);
    if (!object) throw new Error(`there is no ${String(id)}`);
    return object as unknown as Found;
  }

  /** The newest object of which this holds. */
  newest(prefix: string, holds: (object: Found) => boolean = () => true): Found {
    const found = this.objects().findLast(
      (object) => object.id.startsWith(`${prefix}_`) && holds(object as unknown as Found),
    );
    if (!found) throw new Error(`there is no ${prefix}_ like that`);
    return found as unknown as Found;
  }

  /** All there is, as it is now, in the order of birth. */
  objects(): readonly StoredObject[] {
    const places = [...this.store.book(theBook).objects.keys()].map((place) => place.split('.').map(Number));
    return places
      .sort(([a = 0, b = 0], [c = 0, d = 0]) => a - c || b - d)
      .map(([seq = 0, pos = 0]) => this.store.object(theBook, { seq, pos }) as StoredObject);
  }

  /** The platform's, then those of its sellers. */
  accounts(): readonly AccountObject[] {
    return this.objects().filter((object): object is AccountObject => object.id.startsWith('acct_'));
  }

  /** Null for what is never shown. */
  render(object: StoredObject): Wire | null {
    if (!shown.has(prefixOf(object.id))) return null;
    return this.#views.render(object, { ...envOf(theBook, false), account: object.account });
  }

  balances(account: string): ReadonlyMap<Currency, Balance> {
    return this.store.balances(theBook, birthOf(account, theBook)?.seq ?? 0);
  }

  /** Every balance transaction as a client reads it, in the order of birth. */
  rows(): readonly Wire[] {
    const { operations, row } = this.store.book(theBook);
    return operations.flatMap(({ seq, time }) =>
      (this.store.changes(theBook, seq).lines ?? []).map((line) =>
        lineView({ line, created: time, settled: line.on === 'now' || line.on <= row.settledThrough }),
      ),
    );
  }

  /** Every event as a client reads it, in the order they happened in. */
  events(): readonly { readonly type: EventType; readonly wire: Wire }[] {
    const env = envOf(theBook, false);
    return this.store.book(theBook).operations.flatMap((operation) =>
      this.#recorded(operation.seq).map((event) => ({
        type: eventTypeOf(event.type) as EventType,
        wire: eventView(event, env, (object) => this.render(object) ?? {}),
      })),
    );
  }

  #recorded(seq: number): RecordedEvent[] {
    const { time, request, key } = this.store.book(theBook).operations[seq - 1] ?? {
      time: 0,
      request: null,
      key: null,
    };
    const { put = [], was = [], emit = [] } = this.store.changes(theBook, seq);
    return emit.map(([type, about, more], pos) => {
      const object = typeof about === 'number' ? put[about] : undefined;
      const earlier = typeof about === 'number' ? (was[about] ?? 0) : 0;
      const before =
        earlier === 0 ? null : this.store.changes(theBook, earlier).put?.find(({ id }) => id === object?.id);
      return {
        id: mint('evt', theBook, { seq, pos }),
        type,
        account: typeof more === 'string' ? more : (object?.account ?? String(about)),
        created: time,
        request: { id: request, idempotency_key: key?.key ?? null },
        object: object ?? { rendered: typeof more === 'object' ? more : {} },
        before: before ?? null,
      };
    });
  }
}

function routeFor(request: string): { readonly route: Route; readonly names: Record<string, string> } {
  const [method, path = ''] = request.split(' ');
  const parts = path.split('/');
  const fits = (route: Route): boolean => {
    const wanted = route.path.split('/');
    return (
      route.method === method &&
      wanted.length === parts.length &&
      wanted.every((part, i) => part.startsWith(':') || part === parts[i])
    );
  };
  // A literal path before one with names.
  const [route] = routes.filter(fits).sort((a, b) => a.path.split(':').length - b.path.split(':').length);
  if (!route) throw new Error(`there is no ${request}`);
  const names = route.path.split('/').flatMap((part, i) => (part.startsWith(':') ? [[part.slice(1), parts[i]]] : []));
  return { route, names: Object.fromEntries(names) };
}
