/** One of two PostgreSQL servers: primary, or standby of the other. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { familyOf, killPostgres, signalAll } from '../crash/kill.ts';
import { freePort } from '../support/process.ts';
import { runBinary } from './binaries.ts';
import { lastWords, type Place, runs, startIn } from './place.ts';
import { DatabaseServer, databaseName, roleName, settings } from './server.ts';

const readyMsMax = 60_000;

export class PostgresNode extends DatabaseServer {
  readonly #place: Place;
  readonly #data: string;
  #process: ChildProcess | null = null;
  #stopped: readonly number[] = [];

  private constructor(name: string, port: number, place: Place) {
    super(name, port);
    this.#place = place;
    this.#data = join(place.directory, name);
  }

  static async named(name: string, place: Place): Promise<PostgresNode> {
    return new PostgresNode(name, await freePort(), place);
  }

  /** A new database, as the primary and without a standby. */
  async create(): Promise<void> {
    const { binaries, user } = this.#place;
    // With checksums, as the embedded server has them.
    await runBinary(binaries, 'initdb', ['-D', this.#data, '-U', roleName, '-A', 'trust', '-E', 'UTF8', '-k'], user);
    this.#set(settings);
    await this.#start();
    await this.ask(`create database ${databaseName}`, 'postgres');
  }

  /** What there was is dropped, and a standby of `primary` takes its place; the primary's commits wait for it from now on. */
  async follow(primary: PostgresNode): Promise<void> {
    const { binaries, user } = this.#place;
    await rm(this.#data, { recursive: true, force: true });
    const source = `host=127.0.0.1 port=${primary.port} user=${roleName} application_name=${this.name}`;
    const args = ['-D', this.#data, '-d', source, '-R', '-X', 'stream', '--checkpoint=fast', '--no-sync'];
    await runBinary(binaries, 'pg_basebackup', args, user);
    // Whoever promotes it has nobody to wait for.
    this.#set({ synchronous_standby_names: '' });
    await this.restart();
    await primary.confirmedBy(this);
  }

  /** Starts it on the data it has. */
  async restart(): Promise<void> {
    await this.#start();
  }

  /** From now on commits wait until `standby` has them on its disk. Returns when it is there. */
  async confirmedBy(standby: PostgresNode): Promise<void> {
    this.#set({ synchronous_standby_names: standby.name });
    this.#process?.kill('SIGHUP');
    const isThere = `select sync_state from pg_stat_replication where application_name = '${standby.name}' and state = 'streaming' and sync_state = 'sync'`;
    for (const end = Date.now() + readyMsMax; (await this.ask(isThere)).length === 0; await sleep(20)) {
      if (Date.now() > end) throw new Error(`${standby.name} does not follow ${this.name}`);
    }
  }

  async promote(): Promise<void> {
    await this.ask('select pg_promote(true, 60)');
  }

  /** All of it, without warning. */
  async kill(): Promise<void> {
    const running = this.#process;
    if (!runs(running)) return;
    const gone = once(running, 'exit');
    killPostgres(running.pid);
    await gone;
    this.#process = null;
  }

  /** Every process of it stands still: its connections stay open, and nobody answers on them. */
  freeze(): void {
    this.#stopped = familyOf(this.#process?.pid as number);
    signalAll(this.#stopped, 'SIGSTOP');
  }

  thaw(): void {
    signalAll(this.#stopped, 'SIGCONT');
    this.#stopped = [];
  }

  #set(values: Readonly<Record<string, string>>): void {
    // The last of several lines holds.
    const lines = Object.entries(values).map(([name, value]) => `${name} = '${value}'\n`);
    appendFileSync(join(this.#data, 'postgresql.conf'), lines.join(''));
  }

  async #start(): Promise<void> {
    const args = ['-D', this.#data, '-p', String(this.port)];
    const child = startIn(this.#place, this.name, join(this.#place.binaries, 'postgres'), args);
    this.#process = child;
    for (const end = Date.now() + readyMsMax; ; await sleep(20)) {
      try {
        await this.ask('select 1', 'postgres');
        return;
      } catch (error) {
        if (child.exitCode !== null || Date.now() > end) {
          throw new Error(`${this.name} does not start: ${lastWords(this.#place, this.name)}`, { cause: error });
        }
      }
    }
  }
}
