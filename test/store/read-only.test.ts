/** A database that turns read-only under the server, as one does that is no primary any more. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { PostgresStore } from '../../src/store/postgres/postgres.ts';
import { createDatabase, databaseUrl, dropDatabase } from '../support/database.ts';
import { deposit, openBook, task, toyEngine } from '../support/toy.ts';

const postgres = inject('postgres');
const database = `read_only_${process.pid}`;
let store: PostgresStore;
let operator: Client;

beforeAll(async () => {
  await createDatabase(postgres, database);
  store = new PostgresStore({ url: databaseUrl(postgres, database) });
  operator = new Client({ connectionString: databaseUrl(postgres, 'postgres') });
  await operator.connect();
});
afterAll(async () => {
  await operator.end();
  await store.close();
  await dropDatabase(postgres, database);
});

/** Holds for sessions that are begun from now on; those that there are end. */
async function turn(readOnly: 'on' | 'off'): Promise<void> {
  await operator.query(`alter database ${database} set default_transaction_read_only = ${readOnly}`);
  await operator.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [database]);
}

test('a write waits until it can be written, and is written once', async () => {
  const engine = toyEngine(store);
  const [a] = (await openBook(store, engine, 1, 1)) as [string];
  expect(await store.takesWrites()).toBe(true);
  await turn('on');
  let answered = false;
  const answer = engine.submit(1, task(deposit, { to: a, amount: 5 }, 'key')).finally(() => {
    answered = true;
  });
  await sleep(700);
  expect(answered).toBe(false);
  expect(await store.takesWrites()).toBe(false);
  await turn('off');
  expect(await answer).toMatchObject({ kind: 'decided', status: 200 });
  expect(await engine.submit(1, task(deposit, { to: a, amount: 5 }, 'key'))).toMatchObject({ kind: 'replayed' });
  expect(await store.takesWrites()).toBe(true);
});
