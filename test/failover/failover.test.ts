/** A round of `npm run failover`, and what it cannot meet by chance. */
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databaseAt } from '../../src/store/postgres/connection.ts';
import type { Servers } from '../../src/store/postgres/servers.ts';
import { listAll, type Market, openMarket, write } from '../support/load.ts';
import { builtMain } from '../support/paths.ts';
import type { TestServer } from '../support/process.ts';
import { findBinaries, howToInstall } from './binaries.ts';
import { failover, serveOn } from './failover.ts';
import { type Pair, pairEnds, startPair } from './pair.ts';
import { tellFailover } from './tell.ts';

const binaries = findBinaries() ?? '';
if (binaries === '') console.warn(`Tests of failover are skipped: ${howToInstall}`);
const seed = randomInt(2 ** 31);

describe.skipIf(binaries === '')('failover', () => {
  const end = pairEnds[seed % pairEnds.length] as (typeof pairEnds)[number];
  test(`when ${end}, seed ${seed}`, { timeout: 180_000 }, async () => {
    const start = () => startPair(binaries);
    const report = await failover({ main: builtMain, start, ends: [end], seed, rounds: 1 });
    expect(report.faults, `npm run failover -- --seed ${seed}\n${tellFailover(report)}`).toEqual([]);
    expect(report.rounds).toBe(1);
    expect(report.acknowledged).toBeGreaterThan(20);
  });

  describe('a commit whose standby is gone', () => {
    let pair: Pair;
    let server: TestServer;
    let market: Market;
    beforeAll(async () => {
      pair = await startPair(binaries);
      server = await serveOn(pair.url, builtMain);
      market = await openMarket(server, 1);
    }, 120_000);
    afterAll(async () => {
      try {
        await server?.stop();
      } finally {
        await pair?.stop();
      }
    }, 60_000);

    const waiting = `from pg_stat_activity where wait_event = 'SyncRep' and query like '%write_batch%'`;

    test.each(['pg_cancel_backend', 'pg_terminate_backend'])(
      'is not acknowledged because somebody called its wait off (%s)',
      { timeout: 60_000 },
      async (callOff) => {
        const path = '/v1/transfers';
        const before = (await listAll(server, market.key, path)).length;
        await pair.standby.kill();
        const form = { amount: '100', currency: 'usd', destination: market.sellers[0] as string };
        let answered = false;
        const answer = write(server, market.key, { path, form, key: callOff }).finally(() => {
          answered = true;
        });
        while ((await pair.primary.ask(`select pid ${waiting}`)).length === 0) await sleep(20);
        await pair.primary.ask(`select ${callOff}(pid) ${waiting}`);
        // On the primary everybody can see it now; on the standby it is not.
        while ((await listAll(server, market.key, path)).length === before) await sleep(20);
        await sleep(1500);
        expect(answered).toBe(false);
        await pair.standby.restart();
        expect(await answer).toMatchObject({ status: 200 });
        const again = await write(server, market.key, { path, form, key: callOff });
        expect(again).toMatchObject({ text: (await answer).text, replayed: true });
      },
    );
  });

  test('a primary that was given up is never chosen', { timeout: 120_000 }, async () => {
    const pair = await startPair(binaries);
    const { database, close } = databaseAt(pair.url);
    const { servers } = database as { servers: Servers };
    const told: string[] = [];
    servers.onChange = (line) => told.push(line);
    try {
      expect(await servers.find()).toMatchObject({ port: pair.primary.port });
      await pair.standby.promote();
      // Both take writes now; the older of them is named first.
      expect(await servers.find()).toMatchObject({ port: pair.standby.port });
      // The one that was given up is quick to answer, the primary busy.
      pair.standby.freeze();
      const found = servers.find();
      await sleep(1000);
      pair.standby.thaw();
      expect(await found).toMatchObject({ port: pair.standby.port });
      await pair.standby.kill();
      await expect(servers.find()).rejects.toThrow(
        `no server takes writes: 127.0.0.1:${pair.primary.port} is a primary that was given up (timeline 1, the newest is 2); ` +
          `127.0.0.1:${pair.standby.port} does not answer`,
      );
      await expect(servers.find()).rejects.toThrow();
      expect(told).toEqual([
        `the primary is 127.0.0.1:${pair.primary.port}`,
        `the primary is 127.0.0.1:${pair.standby.port}`,
        `commits on 127.0.0.1:${pair.standby.port} wait for no standby any more`,
        expect.stringMatching(/^the primary is lost: no server takes writes: 127/),
      ]);
    } finally {
      close();
      await pair.stop();
    }
  });

  test('it is told when commits wait for no standby any more, and when they do again', {
    timeout: 120_000,
  }, async () => {
    const pair = await startPair(binaries);
    const { database, close } = databaseAt(pair.url);
    const { servers } = database as { servers: Servers };
    try {
      await servers.find();
      const told: string[] = [];
      servers.onChange = (line) => told.push(line);
      for (const statement of [`set synchronous_standby_names = ''`, 'reset synchronous_standby_names']) {
        await pair.primary.ask(`alter system ${statement}`);
        await pair.primary.ask('select pg_reload_conf()');
        const before = told.length;
        while (told.length === before) {
          await sleep(20);
          await servers.find();
        }
      }
      const where = `commits on 127.0.0.1:${pair.primary.port}`;
      expect(told).toEqual([`${where} wait for no standby any more`, `${where} wait for a standby again`]);
    } finally {
      close();
      await pair.stop();
    }
  });

  test('the log has a line for what was lost and one for where it is now, and no stacks', {
    timeout: 120_000,
  }, async () => {
    const pair = await startPair(binaries);
    const server = await serveOn(pair.url, builtMain, 'warn');
    try {
      const market = await openMarket(server, 1);
      await pair.primary.kill();
      // Everything that looks for work now finds no primary.
      await sleep(4000);
      await pair.standby.promote();
      await listAll(server, market.key, '/v1/transfers');
      // Lines are written a moment later.
      await sleep(500);
      const lines = server.logs().split('\n');
      const says = (start: string) => lines.filter((line) => line.includes(`"message":"${start}`)).length;
      expect([says('the primary is lost: '), says(`the primary is 127.0.0.1:${pair.standby.port}"`)]).toEqual([1, 1]);
      expect(lines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
    } finally {
      await server.stop();
      await pair.stop();
    }
  });

  test('a standby alone is none', { timeout: 120_000 }, async () => {
    const pair = await startPair(binaries);
    const { database, close } = databaseAt(`${pair.standby.url}?target_session_attrs=read-write`);
    try {
      await expect((database as { servers: Servers }).servers.find()).rejects.toThrow(
        `no server takes writes: 127.0.0.1:${pair.standby.port} is a standby`,
      );
    } finally {
      close();
      await pair.stop();
    }
  });
});
