/** A database that turns read-only under the server, as one does that is no primary any more. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { databaseUrl } from '../support/database.ts';
import { ownStore } from '../support/store.ts';
import { deposit, openBook, task, toyEngine } from '../support/toy.ts';

const ours = ownStore('read_only');
let operator: Client;

beforeAll(async () => {
  operator = new Client({ connectionString: databaseUrl(inject('postgres'), 'postgres') });
  await operator.connect();
});
afterAll(async () => {
  await operator.end();
});

/** Holds for sessions that are begun from now on; those that there are end. */
async function turn(readOnly: 'on' | 'off'): Promise<void> {
  await operator.query(`alter database ${ours.database} set default_transaction_read_only = ${readOnly}`);
  await operator.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [ours.database]);
}

test('a write waits until it can be written, and is written once', async () => {
  const engine = toyEngine(ours.store);
  const [a] = (await openBook(ours.store, engine, 1, 1)) as [string];
  expect(await ours.store.takesWrites()).toBe(true);
  await turn('on');
  let answered = false;
  const answer = engine.submit(1, task(deposit, { to: a, amount: 5 }, 'key')).finally(() => {
    answered = true;
  });
  await sleep(700);
  expect(answered).toBe(false);
  expect(await ours.store.takesWrites()).toBe(false);
  await turn('off');
  expect(await answer).toMatchObject({ kind: 'decided', status: 200 });
  expect(await engine.submit(1, task(deposit, { to: a, amount: 5 }, 'key'))).toMatchObject({ kind: 'replayed' });
  expect(await ours.store.takesWrites()).toBe(true);
});
