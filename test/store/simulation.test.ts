/** The simulation on the real store: the same sequences, with wires that break and statements that are ended or refused. */
import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { RealDatabase } from '../simulation/postgres.ts';
import { simulate } from '../simulation/simulate.ts';
import { createDatabase, dropDatabase } from '../support/database.ts';

const postgres = inject('postgres');
const name = `sim_${process.pid}`;
const seed = randomInt(2 ** 31);
let database: RealDatabase;

beforeAll(async () => {
  await createDatabase(postgres, name);
  const { host, port, user } = postgres;
  database = await RealDatabase.open({ host, port, user, database: name }, seed);
});
afterAll(async () => {
  await database?.close();
  await dropDatabase(postgres, name);
});

test(`2,000 commands from seed ${seed}: the books in PostgreSQL are what the rules make of them`, async () => {
  const until = Date.now() + 30_000;
  const { failure, commands } = await simulate({ seed, commands: 2000, until, database });
  expect(failure ?? 'model and system agree').toBe('model and system agree');
  expect(commands).toBeGreaterThan(200);
  // What broke on the way, or nothing was proved by its doing no harm.
  for (const [what, times] of Object.entries(database.broken)) expect(times, what).toBeGreaterThan(0);
}, 120_000);
