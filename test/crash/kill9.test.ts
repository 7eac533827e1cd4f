/**
 * Clients write as fast as they can while the server, or the server and its PostgreSQL, are killed without warning. What
 * was acknowledged is there, what was asked for twice happened once, and the books are whole.
 */
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
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

/** Writes while `crash` happens again and again at random moments. */
async function trade(
  server: TestServer,
  market: Market,
  { crashes, crash }: { crashes: number; crash: () => Promise<void> },
): Promise<readonly Acknowledged[]> {
  const traffic = new Traffic(server, market);
  try {
    for (let n = 0; n < crashes; n++) {
      await sleep(200 + random() * 1000);
      await crash();
      await server.restart();
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
  // Some writes must have met a crash, or nothing was tested.
  expect(acknowledged.filter(({ attempts }) => attempts > 1).length).toBeGreaterThan(0);
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
      const acknowledged = await trade(server, market, { crashes: 5, crash: () => server.kill9() });
      await everythingIsThereOnce(server, market, acknowledged);
      await auditClean(server);
    }, 45_000);
  });

  describe('the server and its PostgreSQL', () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await startServer({ embedded: true, env: { EVENKEEL_CHECK_INVARIANTS: '0' } });
    });
    afterAll(() => server?.stop());

    /** The postmaster first, so that it cannot tell its children to end in order; every child is in a group of its own. */
    function killPostgres(): void {
      const postmaster = findRunning(join(server.env.EVENKEEL_DATA as string), null)?.pid;
      expect(postmaster).toBeDefined();
      const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
      const children = stdout
        .split('\n')
        .map((line) => line.trim().split(/\s+/).map(Number))
        .filter(([, parent]) => parent === postmaster)
        .map(([pid]) => pid as number);
      for (const pid of [postmaster as number, ...children]) process.kill(pid, 'SIGKILL');
    }

    test('are killed together, and once PostgreSQL first: nothing is lost, nothing happens twice', async () => {
      const market = await openMarket(server, 10);
      let crashes = 0;
      const crash = async () => {
        killPostgres();
        if (++crashes === 2) await sleep(500);
        await server.kill9();
      };
      const acknowledged = await trade(server, market, { crashes: 2, crash });
      await everythingIsThereOnce(server, market, acknowledged);
      await auditClean(server);
    }, 45_000);
  });
});
