/**
 * Clients write as fast as they can while the server, or the server and its PostgreSQL, are killed without warning. What
 * was acknowledged is there, what was asked for twice happened once, and the books are whole.
 */
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findRunning } from '../../src/store/embedded/start.ts';
import { auditClean } from '../support/audit.ts';
import { type Market, openMarket, randomFrom } from '../support/load.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { type Acknowledged, faultsOf, Traffic } from '../support/traffic.ts';
import { killPostgres } from './kill.ts';

const seed = randomInt(2 ** 31);
const random = randomFrom(seed);

/** Writes while the crashes happen one by one at random moments. */
async function trade(
  server: TestServer,
  market: Market,
  crashes: readonly (() => Promise<void>)[],
): Promise<readonly Acknowledged[]> {
  const traffic = new Traffic(server, market, { random });
  try {
    for (const crash of crashes) {
      await sleep(200 + random() * 1000);
      await crash();
    }
    await sleep(300);
  } finally {
    await traffic.stop();
  }
  expect(traffic.unanswered).toEqual([]);
  return traffic.acknowledged;
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
      expect(await faultsOf(server, market, acknowledged)).toEqual([]);
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
    test('are killed together, and PostgreSQL first: nothing is lost, nothing happens twice', async () => {
      const market = await openMarket(server, 10);
      const together = async () => {
        killPostgres(running().pid);
        await server.kill9();
        await server.restart();
      };
      const oneAfterTheOther = async () => {
        killPostgres(running().pid);
        await sleep(500);
        await server.kill9();
        await server.restart();
      };
      const acknowledged = await trade(server, market, [together, oneAfterTheOther]);
      expect(acknowledged.some(({ attempts }) => attempts > 1)).toBe(true);
      expect(await faultsOf(server, market, acknowledged)).toEqual([]);
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
      expect(await faultsOf(server, market, acknowledged)).toEqual([]);
      await auditClean(server);
    }, 60_000);
  });
});
