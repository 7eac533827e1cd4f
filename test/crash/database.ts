/** An embedded PostgreSQL that is killed in every way and started again, at the same address. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { type Embedded, startEmbedded } from '../../src/store/embedded/start.ts';
import { databaseUrl } from '../support/database.ts';
import { killPostgres } from './kill.ts';

const backMsMax = 60_000;

export class MortalDatabase {
  readonly #directory: string;
  readonly #flags: readonly string[];
  #embedded: Embedded;

  private constructor(directory: string, flags: readonly string[], embedded: Embedded) {
    this.#directory = directory;
    this.#flags = flags;
    this.#embedded = embedded;
  }

  /** @param flags further settings, such as `['-c', 'synchronous_commit=off']` */
  static async start(flags: readonly string[] = []): Promise<MortalDatabase> {
    // Short, since the path of a Unix socket may have 107 bytes.
    const directory = await mkdtemp(join(tmpdir(), 'ek-crash-'));
    // PostgreSQL never runs as root: the user it runs as instead must be able to enter.
    await chmod(directory, 0o755);
    return new MortalDatabase(directory, flags, await startEmbedded(join(directory, 'pg'), { flags }));
  }

  get url(): string {
    return databaseUrl({ ...this.#embedded, template: null }, this.#embedded.database);
  }

  killAll(): void {
    killPostgres(this.#embedded.pid);
  }

  /** Its children see that it is gone, and end. */
  killPostmaster(): void {
    process.kill(this.#embedded.pid, 'SIGKILL');
  }

  /** One session of the server's: PostgreSQL ends all others, reads its log again and takes new ones. */
  async killSession(random: () => number): Promise<void> {
    const [ids] = await this.#ask(
      `select coalesce(array_agg(pid), '{}') from pg_stat_activity where application_name = 'evenkeel' and backend_type = 'client backend'`,
    );
    const pids = ids as number[];
    const pid = pids[Math.floor(random() * pids.length)];
    if (pid === undefined) throw new Error('the server has no session');
    process.kill(pid, 'SIGKILL');
  }

  /** Starts it again. @returns milliseconds until it takes sessions */
  async restart(): Promise<number> {
    // Gives the directory free; the process itself is gone.
    await this.#embedded.stop();
    const started = performance.now();
    for (;;) {
      try {
        this.#embedded = await startEmbedded(join(this.#directory, 'pg'), { flags: this.#flags, adoptOrphan: false });
        return performance.now() - started;
      } catch (error) {
        // Sessions that have not seen yet that their postmaster is gone still hold the shared memory.
        if (performance.now() - started > backMsMax) throw error;
        await sleep(50);
      }
    }
  }

  /** @returns milliseconds until it takes sessions by itself */
  async recovered(): Promise<number> {
    const started = performance.now();
    await this.#ask('select 1');
    return performance.now() - started;
  }

  async #ask(sql: string): Promise<unknown[]> {
    for (const deadline = Date.now() + backMsMax; ; await sleep(20)) {
      const client = new Client({ connectionString: this.url });
      client.on('error', () => {});
      try {
        await client.connect();
        const { rows } = await client.query({ text: sql, rowMode: 'array' });
        return rows[0] as unknown[];
      } catch (error) {
        if (Date.now() > deadline) throw error;
      } finally {
        await client.end().catch(() => {});
      }
    }
  }

  async stop(): Promise<void> {
    await this.#embedded.stop();
    await rm(this.#directory, { recursive: true, force: true });
  }
}
