/** The attack: many connections at once, every answer looked at, and now and then a look behind the server's back. */
import { hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Route } from '../../src/api/route.ts';
import { Random } from '../simulation/random.ts';
import { Tables } from './books.ts';
import { type Fault, formFault, leakFault, wireFault } from './checks.ts';
import { Connection, NoAnswer, type RawAnswer } from './connection.ts';
import { Drawing, type Drawn, nameOf } from './draw.ts';
import { bytesOf, curlOf, type FuzzRequest } from './request.ts';
import type { LogWatch } from './secrets.ts';
import { shrink } from './shrink.ts';
import { foundTenant, idPattern, type Target, type Tenant } from './world.ts';

export interface Finding extends Fault {
  readonly route: string;
  /** The shortest request that shows it. */
  readonly curl: string;
  /** Of a fault of the server: where it threw. */
  readonly stack: string | null;
  times: number;
}

export interface Attack {
  readonly target: Target;
  readonly databaseUrl: string;
  readonly routes: readonly Route[];
  readonly log: LogWatch;
  /** All that the server has said, where nobody feeds the watch with it. */
  readonly logs?: () => string;
  readonly seed: number;
  readonly requests: number;
  /** Whether no more is to be sent. */
  readonly isOver: () => boolean;
  readonly onProgress?: (done: number) => void;
  readonly onFinding?: (finding: Finding) => void;
}

export interface Report {
  readonly sent: number;
  /** How many answers had which status. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Requests whose effect on the tables was looked at. */
  readonly sampled: number;
  readonly findings: readonly Finding[];
  /** Megabytes of the heap in use, over the run. */
  readonly heap: readonly number[];
  readonly reached: ReadonlySet<string>;
}

const width = 16;
const sampleEvery = 400;
const samplesInARow = 6;
const heapEvery = 5000;

/** An address on this server that a browser opens. */
const pageAddress = /"http:\/\/127\.0\.0\.1(?::\d+)?(\/(?:setup|express|links|authenticate)\/[^"]+)"/g;

const first = (map: ReadonlyMap<string, string>, name: string): string => map.get(name) ?? '';

export async function attack(given: Attack): Promise<Report> {
  const run = new Run(given);
  try {
    await run.prepare();
    await run.all();
    return run.report();
  } finally {
    await run.close();
  }
}

class Run {
  readonly #given: Attack;
  readonly #random: Random;
  readonly #drawing: Drawing;
  readonly #statuses = new Map<number, number>();
  readonly #findings = new Map<string, Finding>();
  readonly #reached = new Set<string>();
  readonly #heap: number[] = [];
  readonly #connections: Connection[];
  #tenants: Tenant[] = [];
  #bystander!: Tenant;
  #bystanderBook = '';
  #bookCount = 0;
  #tables!: Tables;
  #sent = 0;
  #sampled = 0;

  constructor(given: Attack) {
    this.#given = given;
    this.#random = new Random(given.seed);
    this.#drawing = new Drawing(given.routes, given.target.adminKey);
    this.#connections = Array.from({ length: width }, () => new Connection(given.target.port));
  }

  async prepare(): Promise<void> {
    const { target, databaseUrl } = this.#given;
    this.#tables = await Tables.open(databaseUrl);
    this.#tenants = [await foundTenant(target, 'A', 3), await foundTenant(target, 'B', 3)];
    this.#bystander = await foundTenant(target, 'C', 2);
    this.#bystanderBook = await this.#tables.journal(bookNo(this.#bystander));
    this.#bookCount = await this.#tables.books();
  }

  async close(): Promise<void> {
    for (const connection of this.#connections) connection.close();
    await this.#tables.close();
  }

  async all(): Promise<void> {
    const { requests, isOver, onProgress } = this.#given;
    while (this.#sent < requests && !isOver()) {
      const goal = Math.min(requests, this.#sent + sampleEvery);
      await Promise.all(this.#connections.map((connection) => this.#stream(connection, goal)));
      for (let n = 0; n < samplesInARow && this.#sent < requests; n++) await this.#sample();
      await this.#bystanderIsUntouched();
      if (this.#heap.length * heapEvery <= this.#sent) this.#heap.push(await this.#heapInUse());
      onProgress?.(this.#sent);
    }
  }

  report(): Report {
    const { log, logs } = this.#given;
    if (logs) log.hear(logs());
    for (const [pattern, line] of this.#given.log.found) {
      this.#note({ kind: `the log holds ${pattern}`, says: line }, '', '', null);
    }
    return {
      sent: this.#sent,
      statuses: this.#statuses,
      sampled: this.#sampled,
      findings: [...this.#findings.values()],
      heap: this.#heap,
      reached: this.#reached,
    };
  }

  async #stream(connection: Connection, goal: number): Promise<void> {
    while (this.#sent < goal && !this.#given.isOver()) {
      this.#sent++;
      await this.#one(connection, this.#drawing.draw(this.#random, this.#tenants, this.#bystander));
    }
  }

  async #one(connection: Connection, drawn: Drawn): Promise<RawAnswer | null> {
    let answer: RawAnswer;
    const { request } = drawn;
    try {
      answer = await connection.ask(bytesOf(request), { isHead: request.method === 'HEAD' });
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      await this.#found(drawn, { kind: 'no answer', says: error.message }, null);
      return null;
    }
    this.#statuses.set(answer.status, (this.#statuses.get(answer.status) ?? 0) + 1);
    this.#learn(drawn, answer);
    const fault =
      formFault(drawn, answer) ??
      leakFault(drawn, answer, [...this.#tenants, this.#bystander]) ??
      (this.#random.chance(8) ? wireFault(drawn, answer) : null);
    if (fault !== null) await this.#found(drawn, fault, answer);
    else if (answer.status === 200 && this.#random.chance(10)) await this.#again(connection, drawn, answer);
    return answer;
  }

  /** Under a key the same request is answered with the same bytes, and another one is refused. */
  async #again(connection: Connection, drawn: Drawn, before: RawAnswer): Promise<void> {
    const { request } = drawn;
    const key = request.headers.find(([name]) => name === 'Idempotency-Key')?.[1];
    const { route } = drawn;
    // What leaves nothing in the journal has nothing to repeat.
    if (route?.kind === 'read' || (route?.kind === 'admin' && route.command === null)) return;
    if (key === undefined || request.method !== 'POST' || !/^[\x21-\x7e]+$/.test(key)) return;
    const after = await connection.ask(bytesOf(request));
    if (
      after.status !== 409 &&
      (after.text !== before.text || first(after.headers, 'idempotent-replayed') !== 'true')
    ) {
      const says = `first ${before.text.slice(0, 300)} then ${after.status} ${after.text.slice(0, 300)}`;
      await this.#found(drawn, { kind: 'a repeated request is answered otherwise', says }, null);
    }
    if (request.body?.kind !== 'form') return;
    const other: FuzzRequest = {
      ...request,
      body: { kind: 'form', pairs: [...request.body.pairs, ['description', `other ${this.#sent}`]] },
    };
    const refused = await connection.ask(bytesOf(other));
    if (refused.status < 400) {
      await this.#found(
        { ...drawn, request: other },
        { kind: 'a key serves two requests', says: refused.text.slice(0, 300) },
        null,
      );
    }
  }

  /** Alone, so that whatever the tables show is this request's. */
  async #sample(): Promise<void> {
    const drawn = this.#drawing.draw(this.#random, this.#tenants, this.#bystander);
    const own = bookNo(drawn.tenant);
    const other = bookNo(this.#tenants.find((each) => each !== drawn.tenant) ?? this.#bystander);
    await this.#settled(own);
    const [before, contentsBefore, otherBefore] = [
      await this.#tables.journal(own),
      await this.#tables.contents(own),
      await this.#tables.journal(other),
    ];
    this.#sent++;
    this.#sampled++;
    const answer = await this.#one(this.#connections[0] as Connection, drawn);
    if (answer === null) return;
    if (otherBefore !== (await this.#tables.journal(other))) {
      await this.#found(drawn, { kind: "an effect on another platform's book", says: answer.text.slice(0, 300) }, null);
    }
    const refused = answer.status >= 400 && answer.status !== 402;
    if (refused && contentsBefore !== (await this.#tables.contents(own))) {
      await this.#found(drawn, { kind: 'a refused request left something', says: answer.text.slice(0, 300) }, null);
    }
    const hasKey = drawn.request.headers.some(([name]) => name.toLowerCase() === 'idempotency-key');
    const mayChange = drawn.request.method !== 'GET' || drawn.route?.kind === 'page';
    if ((refused ? !hasKey : !mayChange) && before !== (await this.#tables.journal(own))) {
      await this.#found(
        drawn,
        { kind: 'a request that changes nothing wrote', says: `${answer.status} ${answer.text.slice(0, 300)}` },
        null,
      );
    }
  }

  /** A clock may still be on its way. */
  async #settled(book: number): Promise<void> {
    for (let last = ''; ; await sleep(20)) {
      const now = await this.#tables.journal(book);
      if (now === last) return;
      last = now;
    }
  }

  async #bystanderIsUntouched(): Promise<void> {
    const now = await this.#tables.journal(bookNo(this.#bystander));
    if (now !== this.#bystanderBook) this.#note({ kind: 'the bystander was touched', says: now }, '', '', null);
    this.#bystanderBook = now;
    const books = await this.#tables.books();
    if (books !== this.#bookCount) this.#note({ kind: 'there are other books', says: String(books) }, '', '', null);
    this.#bookCount = books;
  }

  async #heapInUse(): Promise<number> {
    const connection = new Connection(this.#given.target.port);
    const metrics = { method: 'GET', path: '/metrics', query: [], headers: [], body: null };
    const { text } = await connection.ask(bytesOf(metrics));
    connection.close();
    return Math.round(Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1] ?? 0) / 2 ** 20);
  }

  #learn({ tenant, route }: Drawn, { status, text }: RawAnswer): void {
    if (status >= 300) return;
    if (route !== null) this.#reached.add(nameOf(route));
    for (const [id, book] of text.matchAll(idPattern)) if (book === tenant.book) tenant.ids.add(id);
    // The key that the attack itself comes with is left alone.
    const own = `key_${hash('sha256', tenant.platform.key, 'hex').slice(0, 24)}`;
    for (const [key] of text.matchAll(/\bkey_[0-9a-f]{24}\b/g)) if (key !== own) tenant.ids.add(key);
    for (const [, page] of text.matchAll(pageAddress)) tenant.pages.add(page as string);
    for (const [, secret] of text.matchAll(/\/(?:setup|express|links)\/(?:[^/"]+\/)?([0-9A-Za-z_]{16,})/g))
      this.#given.log.learn(secret as string);
    const now = /"frozen_time": (\d+)/.exec(text)?.[1];
    if (now !== undefined) tenant.now = Math.max(tenant.now, Number(now));
  }

  async #found(drawn: Drawn, fault: Fault, answer: RawAnswer | null): Promise<void> {
    const { request, route } = drawn;
    const name = route === null ? 'no route' : nameOf(route);
    // The log comes through a pipe.
    if (answer !== null && answer.status >= 500) {
      await sleep(100);
      if (this.#given.logs) this.#given.log.hear(`${this.#given.logs()}\n`);
    }
    const stack = this.#given.log.errors.get(first(answer?.headers ?? new Map(), 'request-id')) ?? null;
    const place = stack === null ? name : stackPlace(stack);
    const known = this.#findings.get(`${fault.kind} ${place}`);
    if (known !== undefined) {
      known.times++;
      return;
    }
    this.#note(fault, place, name, stack);
    const finding = this.#findings.get(`${fault.kind} ${place}`) as Finding;
    const shows = async (candidate: FuzzRequest): Promise<boolean> => {
      const connection = new Connection(this.#given.target.port);
      try {
        const again = await connection.ask(bytesOf(candidate), { isHead: candidate.method === 'HEAD' });
        const seen =
          formFault({ ...drawn, request: candidate }, again) ??
          leakFault({ ...drawn, request: candidate }, again, [...this.#tenants, this.#bystander]) ??
          wireFault({ ...drawn, request: candidate }, again);
        return seen?.kind === fault.kind;
      } catch (error) {
        return error instanceof NoAnswer && fault.kind === 'no answer';
      } finally {
        connection.close();
      }
    };
    const url = `http://127.0.0.1:${this.#given.target.port}`;
    const shortest = await shrink(request, shows);
    const told: Finding = {
      ...finding,
      curl: shortest === null ? `${curlOf(request, url)}   # did not repeat alone` : curlOf(shortest, url),
    };
    this.#findings.set(`${fault.kind} ${place}`, told);
    this.#given.onFinding?.(told);
  }

  #note(fault: Fault, place: string, route: string, stack: string | null): void {
    const name = `${fault.kind} ${place}`;
    const known = this.#findings.get(name);
    if (known) known.times++;
    else this.#findings.set(name, { ...fault, route, curl: '', stack, times: 1 });
  }
}

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const bookNo = ({ book }: Tenant): number => [...book].reduce((value, digit) => value * 62 + digits.indexOf(digit), 0);

/** The words of an error and the line of ours that it came from. */
function stackPlace(stack: string): string {
  const [message = '', ...frames] = stack.split('\n');
  const own = frames.filter((frame) => !/node_modules|node:internal/.test(frame)).slice(0, 2);
  return `${message.replace(/\d+|'[^']*'|"[^"]*"/g, '…').slice(0, 80)} ${own.map((frame) => frame.trim().replace(/.*\/(src|dist)\//, '')).join(' < ')}`;
}
