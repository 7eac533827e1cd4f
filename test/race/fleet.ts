/** Several server processes on one database. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { birthOf, bookOf } from '../../src/kernel/id.ts';
import { readLedgerNo } from '../../src/ledger/chart.ts';
import { allKinds } from '../../src/registry.ts';
import { audit } from '../../src/store/postgres/audit.ts';
import type { Admin } from '../support/platform.ts';
import { freePort, ServerProcess, stopMsMax } from '../support/process.ts';
import type { Entry, Held } from './check.ts';

/** One of the processes; whoever is asked, the books answer as one. */
interface Member extends Admin {
  readonly env: Readonly<Record<string, string>>;
  process: ServerProcess;
  /** False from its kill until it is ready again. */
  isUp: boolean;
}

export class Fleet {
  readonly #main: string;
  readonly #databaseUrl: string;
  readonly #directory: string;
  readonly #members: Member[] = [];
  #next = 0;

  private constructor(main: string, databaseUrl: string, directory: string) {
    this.#main = main;
    this.#databaseUrl = databaseUrl;
    this.#directory = directory;
  }

  /**
   * @param main         the built `main.js`
   * @param databaseUrl  a database of its own, empty or migrated
   */
  static async start(main: string, databaseUrl: string, count: number): Promise<Fleet> {
    const fleet = new Fleet(main, databaseUrl, await mkdtemp(join(tmpdir(), 'ek-race-')));
    try {
      const adminKey = `admin_${randomBytes(8).toString('hex')}`;
      for (let n = 0; n < count; n++) await fleet.#add(adminKey);
    } catch (error) {
      await fleet.stop();
      throw error;
    }
    return fleet;
  }

  async #add(adminKey: string): Promise<void> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const env = {
      HOST: '127.0.0.1',
      PORT: String(port),
      DATABASE_URL: this.#databaseUrl,
      EVENKEEL_DATA: join(this.#directory, String(port)),
      EVENKEEL_ADMIN_KEY: adminKey,
      LOG_LEVEL: 'warn',
    };
    const process = new ServerProcess(this.#main, env);
    this.#members.push({ url, adminKey, env, violations: [], process, isUp: true });
    await process.untilReady(url);
  }

  get size(): number {
    return this.#members.length;
  }

  /** A process that runs, each in turn. */
  next(): Member {
    for (;;) {
      const member = this.#members[this.#next++ % this.#members.length] as Member;
      if (member.isUp || this.#members.every(({ isUp }) => !isUp)) return member;
    }
  }

  /** SIGKILL; then the same process is started again, while the others go on. */
  async kill9(n: number): Promise<void> {
    const member = this.#members[n] as Member;
    member.isUp = false;
    await member.process.end('SIGKILL', stopMsMax);
    member.process = new ServerProcess(this.#main, member.env);
    await member.process.untilReady(member.url);
    member.isUp = true;
  }

  /** What the audit finds, one line each. */
  async audit(): Promise<readonly string[]> {
    const { findings } = await audit({ url: this.#databaseUrl }, allKinds);
    return findings.map(({ promise, book, row, says }) => `${promise}: book ${book}, ${row} ${says}`);
  }

  /** All that was written in a platform's book, in its order. */
  async journal(platform: string): Promise<readonly Entry[]> {
    const book = bookOf(platform);
    if (book === null) throw new Error(`${platform} is no id`);
    const client = new pg.Client({ connectionString: this.#databaseUrl });
    await client.connect();
    try {
      const { rows } = await client.query<{ seq: string; key: string | null; legs: string }>(
        `select seq, key, array_to_string(legs, ',') as legs from operations where book = $1 order by seq`,
        [book],
      );
      return rows.map(({ seq, key, legs }) => ({ seq: Number(seq), key, moves: movesIn(legs) }));
    } finally {
      await client.end();
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#members.map(({ process }) => process.end('SIGTERM', stopMsMax)));
    await rm(this.#directory, { recursive: true, force: true });
  }
}

/** The operation that an object was born in, which is how the journal knows an account too. */
export function bornIn(id: string): number {
  const seq = birthOf(id, bookOf(id) ?? -1)?.seq;
  if (seq === undefined) throw new Error(`${id} is no id`);
  return seq;
}

function movesIn(legs: string): ReadonlyMap<string, Held> {
  const numbers = legs === '' ? [] : legs.split(',').map(Number);
  const moves = new Map<string, Held>();
  for (let i = 0; i < numbers.length; i += 2) {
    const { ownerNo, bucket } = readLedgerNo(numbers[i] as number);
    if (ownerNo === 0 || bucket === 'reserved') continue;
    const before = moves.get(String(ownerNo)) ?? { available: 0, pending: 0 };
    moves.set(String(ownerNo), { ...before, [bucket]: before[bucket as keyof Held] + (numbers[i + 1] as number) });
  }
  return moves;
}
