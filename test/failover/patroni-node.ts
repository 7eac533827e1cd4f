/** A PostgreSQL server that Patroni keeps: it starts it, promotes it, and makes a standby of it again. */
import type { ChildProcess } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { familyOf, killPostgres, signalAll } from '../crash/kill.ts';
import { freePort } from '../support/process.ts';
import { killStarted, type Place, runs, startIn } from './place.ts';
import { DatabaseServer, roleName, settings } from './server.ts';

/**
 * The smallest that Patroni allows; its own defaults are 30, 10 and 10. Seconds after which a leader that says nothing has lost its
 * part, between two looks around, and for which it asks again.
 */
export const times = { ttl: 20, loop_wait: 1, retry_timeout: 3 };

const shared = {
  ...times,
  synchronous_mode: true,
  // Where no standby is left, commits wait for one.
  synchronous_mode_strict: true,
  // A primary whose PostgreSQL ended is given up, not started again.
  primary_start_timeout: 0,
  postgresql: {
    use_pg_rewind: true,
    // A standby that turns to the new primary a moment too early tries again after this, not after five seconds.
    parameters: { ...settings, wal_retrieve_retry_interval: '500ms' },
  },
};

/** How Patroni sees a member of its cluster. */
export interface Member {
  readonly name: string;
  readonly role: string;
  readonly state: string;
  readonly timeline?: number;
}

export class PatroniNode extends DatabaseServer {
  readonly #place: Place;
  readonly #data: string;
  /** Patroni's program. */
  readonly #file: string;
  readonly #restPort: number;
  #process: ChildProcess | null = null;
  #stopped: readonly number[] = [];

  private constructor(name: string, ports: { database: number; rest: number }, file: string, place: Place) {
    super(name, ports.database);
    this.#restPort = ports.rest;
    this.#file = file;
    this.#place = place;
    this.#data = join(place.directory, name);
  }

  /** @param etcd its address */
  static async named(name: string, etcd: string, file: string, place: Place): Promise<PatroniNode> {
    const node = new PatroniNode(name, { database: await freePort(), rest: await freePort() }, file, place);
    await writeFile(node.#config, JSON.stringify(node.#settings(etcd)), { mode: 0o644 });
    return node;
  }

  get #config(): string {
    return join(this.#place.directory, `${this.name}.json`);
  }

  #settings(etcd: string): object {
    const [rest, database] = [this.#restPort, this.port].map((port) => `127.0.0.1:${port}`);
    return {
      scope: 'evenkeel',
      name: this.name,
      restapi: { listen: rest, connect_address: rest },
      // The older interface: through the newer one, Patroni before 3.0.3 takes the part back when it wakes after its lease.
      etcd: { host: etcd },
      // With checksums, as the embedded server has them; pg_rewind needs them, too.
      bootstrap: { dcs: shared, initdb: [{ encoding: 'UTF8' }, 'data-checksums'] },
      postgresql: {
        listen: database,
        connect_address: database,
        data_dir: this.#data,
        bin_dir: this.#place.binaries,
        pgpass: join(this.#place.directory, `${this.name}.pgpass`),
        authentication: { superuser: { username: roleName }, replication: { username: roleName } },
        pg_hba: ['host all all 127.0.0.1/32 trust', 'host replication all 127.0.0.1/32 trust'],
        // What cannot be rewound is copied anew.
        remove_data_directory_on_rewind_failure: true,
        remove_data_directory_on_diverged_timelines: true,
      },
    };
  }

  /** Patroni, which then sees to PostgreSQL. */
  start(): void {
    this.#process = startIn(this.#place, this.name, this.#file, [this.#config]);
  }

  get isRunning(): boolean {
    return runs(this.#process);
  }

  /** Patroni alone, with what it runs of PostgreSQL's tools: the server goes on, and nobody tells it anything any more. */
  async killPatroni(): Promise<void> {
    await killStarted(this.#process);
  }

  killPostgres(): void {
    const pid = this.#postmaster;
    if (pid !== null) killPostgres(pid);
  }

  /** Both of them. */
  async kill(): Promise<void> {
    await this.killPatroni();
    this.killPostgres();
  }

  /** Both stand still. */
  freeze(): void {
    this.#stopped = [this.#process?.pid, this.#postmaster].flatMap((pid) => (pid ? familyOf(pid) : []));
    signalAll(this.#stopped, 'SIGSTOP');
  }

  thaw(): void {
    signalAll(this.#stopped, 'SIGCONT');
    this.#stopped = [];
  }

  async members(): Promise<readonly Member[]> {
    const response = await fetch(`http://127.0.0.1:${this.#restPort}/cluster`, { signal: AbortSignal.timeout(3_000) });
    return ((await response.json()) as { members: Member[] }).members;
  }

  /** Null when it does not run: what its file says may be another's by now. */
  get #postmaster(): number | null {
    try {
      const pid = Number.parseInt(readFileSync(join(this.#data, 'postmaster.pid'), 'utf8'), 10);
      return readlinkSync(`/proc/${pid}/cwd`) === this.#data ? pid : null;
    } catch {
      return null;
    }
  }
}
