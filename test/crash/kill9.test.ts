/**
 * Clients write as fast as they can while the server, or the server and its PostgreSQL, are killed without warning. What
 * was acknowledged is there, what was asked for twice happened once, and the books are whole.
 */
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findRunning } from '../../src/store/embedded/start.ts';
import { auditClean } from '../support/audit.ts';
import {
  type Answered,
  eachOf,
  get,
  listAll,
  type Market,
  openMarket,
  randomFrom,
  randomTrade,
  type Trade,
  write,
} from '../support/load.ts';
import { startServer, type TestServer } from '../support/server.ts';

const seed = randomInt(2 ** 31);
const random = randomFrom(seed);
const clientCount = 16;

type Acknowledged = Trade & Answered;

/** Sixteen clients, each with one write under way, until told to stop; then every write has its answer. */
class Traffic {
  readonly acknowledged: Acknowledged[] = [];
  #stopping = false;
  readonly #clients: Promise<unknown>;

  constructor(server: TestServer, market: Market) {
    const client = async (_: unknown, number: number) => {
      for (let n = 0; !this.#stopping; n++) {
        const trade = randomTrade(market, random, `client ${number} write ${n}`);
        this.acknowledged.push({ ...trade, ...(await write(server, market.key, trade)) });
      }
    };
    this.#clients = Promise.all(Array.from({ length: clientCount }, client));
    // Whoever awaits `stop` hears of it.
    this.#clients.catch(() => {});
  }

  async stop(): Promise<readonly Acknowledged[]> {
    this.#stopping = true;
    await this.#clients;
    return this.acknowledged;
  }
}

/** Writes while the crashes happen one by one at random moments. */
async function trade(
  server: TestServer,
  market: Market,
  crashes: readonly (() => Promise<void>)[],
): Promise<readonly Acknowledged[]> {
  const traffic = new Traffic(server, market);
  try {
    for (const crash of crashes) {
      await sleep(200 + random() * 1000);
      await crash();
    }
    await sleep(300);
  } finally {
    await traffic.stop();
  }
  return traffic.acknowledged;
}

const idOf = ({ text }: Answered): string => (JSON.parse(text) as { id: string }).id;

async function everythingIsThereOnce(
  server: TestServer,
  { key }: Market,
  acknowledged: readonly Acknowledged[],
): Promise<void> {
  const refused = acknowledged.filter(({ status }) => status !== 200);
  expect(refused.map(({ text }) => text)).toEqual([]);
  await eachOf(acknowledged, clientCount, async (each) => {
    expect(await get(server, key, `${each.path}/${idOf(each)}`)).toBe(each.text);
    const again = await write(server, key, each);
    expect({ ...again, attempts: 1 }).toMatchObject({ status: 200, text: each.text, replayed: true });
  });
  const idsOf = (...kinds: Trade['kind'][]) =>
    acknowledged
      .filter(({ kind }) => kinds.includes(kind))
      .map(idOf)
      .sort();
  const charges = (await listAll(server, key, '/v1/charges')).map(({ id }) => id).sort();
  expect(charges).toEqual(idsOf('charge', 'debit'));
  const transfers = await listAll<{ id: string; source_transaction: string | null }>(server, key, '/v1/transfers');
  const own = transfers.filter(({ source_transaction }) => source_transaction === null);
  expect(own.map(({ id }) => id).sort()).toEqual(idsOf('transfer'));
  const ofCharges = transfers.map(({ source_transaction }) => source_transaction).filter((id) => id !== null);
  expect(ofCharges.sort()).toEqual(idsOf('charge'));
}

describe(`seed ${seed}`, () => {
  describe('the server', () => {
    let server: TestServer;
    beforeAll(async () => {
      // Checked at the end instead: the checks at every commit would leave few writes to be interrupted.
      server = await startServer({ env: { EVENKEEL_CHECK_INVARIANTS: '0' } });
    });
    afterAll(() => server?.stop());

    test('is killed five times under load: nothing is lost, nothing happens twice', async () => {
      const market = await openMarket(server, 10);
      const crash = async () => {
        await server.kill9();
        await server.restart();
      };
      const acknowledged = await trade(server, market, Array(5).fill(crash));
      // Some writes must have met a crash, or nothing was tested.
      expect(acknowledged.some(({ attempts }) => attempts > 1)).toBe(true);
      await everythingIsThereOnce(server, market, acknowledged);
      await auditClean(server);
    }, 60_000);
  });

  describe('the server and its PostgreSQL', () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await startServer({ embedded: true, env: { EVENKEEL_CHECK_INVARIANTS: '0' } });
    });
    afterAll(() => server?.stop());

    const running = () => {
      const place = findRunning(server.env.EVENKEEL_DATA as string, null);
      if (place === null) throw new Error('PostgreSQL does not run');
      return place;
    };
    const childrenOf = (pid: number): number[] => {
      const children =
        process.platform === 'linux'
          ? readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
          : spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' }).stdout;
      return children.split(/\s+/).filter(Boolean).map(Number);
    };

    /** All of it. The postmaster first, so that it cannot tell its children to end in order; each is in a group of its own. */
    const killPostgres = () => {
      const { pid } = running();
      for (const each of [pid, ...childrenOf(pid)]) process.kill(each, 'SIGKILL');
    };

    test('are killed together, and PostgreSQL first: nothing is lost, nothing happens twice', async () => {
      const market = await openMarket(server, 10);
      const together = async () => {
        killPostgres();
        await server.kill9();
        await server.restart();
      };
      const oneAfterTheOther = async () => {
        killPostgres();
        await sleep(500);
        await server.kill9();
        await server.restart();
      };
      const acknowledged = await trade(server, market, [together, oneAfterTheOther]);
      expect(acknowledged.some(({ attempts }) => attempts > 1)).toBe(true);
      await everythingIsThereOnce(server, market, acknowledged);
      await auditClean(server);
    }, 60_000);

    /** Asks PostgreSQL, until it takes sessions and there are some that the question is about. */
    async function asked(sql: string): Promise<number[]> {
      const { host, port, user, database } = running();
      for (const deadline = Date.now() + 15_000; ; await sleep(50)) {
        const client = new Client({ host, port, user, database });
        client.on('error', () => {});
        try {
          await client.connect();
          const { rows } = await client.query<{ pid: number }>(sql);
          await client.end();
          if (rows.length > 0) return rows.map(({ pid }) => pid);
        } catch (error) {
          if (Date.now() > deadline) throw error;
        }
      }
    }

    test('a killed session makes PostgreSQL recover, and the server goes on by itself', async () => {
      const market = await openMarket(server, 10);
      const before = server.pid;
      // PostgreSQL ends all sessions when one is killed, reads its log again and takes new ones.
      const crash = async () => {
        const sessions = await asked(
          "select pid from pg_stat_activity where application_name = 'evenkeel' and backend_type = 'client backend'",
        );
        process.kill(sessions[Math.floor(random() * sessions.length)] as number, 'SIGKILL');
        await asked('select 1 as pid');
      };
      const acknowledged = await trade(server, market, Array(3).fill(crash));
      expect(server.pid).toBe(before);
      await everythingIsThereOnce(server, market, acknowledged);
      await auditClean(server);
    }, 60_000);
  });
});
