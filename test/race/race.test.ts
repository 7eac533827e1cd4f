/** A short race: four processes on one database, asked for the same things at once, and killed while they trade. */
import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createDatabase, databaseUrl, dropDatabase } from '../support/database.ts';
import { openMarket, randomFrom } from '../support/load.ts';
import { builtMain } from '../support/paths.ts';
import { check } from './check.ts';
import { exactlyOnce, misses, tallyTable } from './exactly-once.ts';
import { Fleet } from './fleet.ts';
import { trade } from './traffic.ts';

const postgres = inject('postgres');
const database = `fleet_${process.pid}`;
const seed = randomInt(2 ** 31);
let fleet: Fleet;

beforeAll(async () => {
  await createDatabase(postgres, database);
  fleet = await Fleet.start(builtMain, databaseUrl(postgres, database), 4);
}, 120_000);
afterAll(async () => {
  await fleet?.stop();
  await dropDatabase(postgres, database);
});

describe(`seed ${seed}`, () => {
  test('32 at once want the same: it happens once, and the others are told why not', async () => {
    const tallies = await exactlyOnce(fleet, { things: 4, parallel: 32 });
    expect(tallies.flatMap(misses), tallyTable(tallies)).toEqual([]);
    expect(tallies.map(({ requests }) => requests)).toEqual([128, 128, 128, 128]);
  }, 120_000);

  test('what clients see of hot accounts is one order of writes and reads, also when processes are killed', async () => {
    const market = await openMarket(fleet.next(), 4, { opening: 50_000, hasBanks: false });
    const until = Date.now() + 15_000;
    const traffic = await trade({
      fleet,
      market,
      random: randomFrom(seed),
      operations: 20_000,
      clients: 16,
      killEveryMs: 4000,
      isOver: () => Date.now() > until,
      onProgress: () => {},
    });
    expect(traffic.wrong).toEqual([]);
    expect(check(await fleet.journal(market.platform), traffic)).toEqual([]);
    for (const many of [traffic.reads, traffic.writes]) expect(many.length).toBeGreaterThan(50);
    expect(traffic.kills).toBeGreaterThan(0);
  }, 120_000);

  test('the books are sound after it', async () => {
    expect(await fleet.audit()).toEqual([]);
  }, 60_000);
});
