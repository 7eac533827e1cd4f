/** One of two PostgreSQL servers: primary, or standby of the other. */
import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, closeSync, openSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { serverEnv } from '../../src/store/embedded/settings.ts';
import { idsOf, type ServerUser } from '../../src/store/embedded/user.ts';
import { childrenOf, killPostgres } from '../crash/kill.ts';
import { freePort } from '../support/process.ts';
import { runBinary } from './binaries.ts';

export const roleName = 'evenkeel';
export const databaseName = 'evenkeel';

export interface Place {
  /** Where PostgreSQL's programs are. */
  readonly binaries: string;
  /** Whom it runs as, when that is not us: PostgreSQL refuses root. */
  readonly user: ServerUser | null;
  /** A directory that `user` may write to. */
  readonly directory: string;
}

const settings = {
  listen_addresses: "'127.0.0.1'",
  unix_socket_directories: "''",
  fsync: 'on',
  synchronous_commit: 'on',
  shared_buffers: '64MB',
  max_wal_size: '1GB',
  jit: 'off',
};

const readyMsMax = 60_000;

export class PostgresNode {
  readonly name: string;
  readonly port: number;
  readonly #place: Place;
  readonly #data: string;
  #process: ChildProcess | null = null;
  #stopped: readonly number[] = [];

  private constructor(name: string, port: number, place: Place) {
    this.name = name;
    this.port = port;
    this.#place = place;
    this.#data = join(place.directory, name);
  }

  static async named(name: string, place: Place): Promise<PostgresNode> {
    return new PostgresNode(name, await freePort(), place);
  }

  get url(): string {
    return `postgres://${roleName}@127.0.0.1:${this.port}/${databaseName}`;
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
    this.#set({ synchronous_standby_names: "''" });
    await this.restart();
    await primary.confirmedBy(this);
  }

  /** Starts it on the data it has. */
  async restart(): Promise<void> {
    await this.#start();
  }

  /** From now on commits wait until `standby` has them on its disk. Returns when it is there. */
  async confirmedBy(standby: PostgresNode): Promise<void> {
    this.#set({ synchronous_standby_names: `'${standby.name}'` });
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
    if (running?.pid === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const gone = new Promise((resolve) => running.once('exit', resolve));
    killPostgres(running.pid);
    await gone;
    this.#process = null;
  }

  /** Every process of it stands still: its connections stay open, and nobody answers on them. */
  freeze(): void {
    const pid = this.#process?.pid as number;
    this.#stopped = [pid, ...childrenOf(pid)];
    this.#signal('SIGSTOP');
  }

  thaw(): void {
    this.#signal('SIGCONT');
    this.#stopped = [];
  }

  #signal(signal: NodeJS.Signals): void {
    for (const pid of this.#stopped) {
      try {
        process.kill(pid, signal);
      } catch {
        // It has ended.
      }
    }
  }

  async ask(sql: string, database = databaseName): Promise<Record<string, unknown>[]> {
    const client = await this.connect(database);
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async connect(database = databaseName): Promise<Client> {
    const client = new Client({ host: '127.0.0.1', port: this.port, user: roleName, database });
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  #set(values: Readonly<Record<string, string>>): void {
    // The last of several lines holds.
    const lines = Object.entries(values).map(([name, value]) => `${name} = ${value}\n`);
    appendFileSync(join(this.#data, 'postgresql.conf'), lines.join(''));
  }

  async #start(): Promise<void> {
    const { binaries, user, directory } = this.#place;
    const logFile = join(directory, `${this.name}.log`);
    const log = openSync(logFile, 'a', 0o600);
    const child = spawn(join(binaries, 'postgres'), ['-D', this.#data, '-p', String(this.port)], {
      ...idsOf(user),
      cwd: '/',
      env: serverEnv,
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.#process = child;
    for (const end = Date.now() + readyMsMax; ; await sleep(20)) {
      try {
        await this.ask('select 1', 'postgres');
        return;
      } catch (error) {
        if (child.exitCode !== null || Date.now() > end) {
          throw new Error(`${this.name} does not start: ${readFileSync(logFile, 'utf8').slice(-2000)}`, {
            cause: error,
          });
        }
      }
    }
  }
}
