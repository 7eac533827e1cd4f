import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { audit } from '../../src/store/postgres/audit.ts';
import { PostgresStore } from '../../src/store/postgres/postgres.ts';
import { createDatabase, databaseUrl, dropDatabase } from '../support/database.ts';
import { deposit, kinds, openBook, pay, task, toyEngine } from '../support/toy.ts';

const postgres = inject('postgres');
const template = `audit_${process.pid}`;

beforeAll(async () => {
  await createDatabase(postgres, template);
  const store = new PostgresStore({ url: databaseUrl(postgres, template) });
  const engine = toyEngine(store);
  const [a, b] = (await openBook(store, engine, 1, 2)) as [string, string];
  await engine.submit(1, task(deposit, { to: a, amount: 1000 }, 'first'));
  await engine.submit(1, task(deposit, { to: a, amount: 50, inDays: 3 }));
  for (let i = 0; i < 20; i++) await engine.submit(1, task(pay, { from: a, to: b, amount: 10 + i }));
  await engine.stop();
  await store.close();
});
afterAll(() => dropDatabase(postgres, template));

/** Runs `damage` on a copy of the books, audits it, and answers the promises that were found broken. */
async function auditAfter(damage: string | null): Promise<string[]> {
  const copy = `${template}_copy`;
  await createDatabase({ ...postgres, template }, copy);
  const url = databaseUrl(postgres, copy);
  const store = new PostgresStore({ url });
  try {
    if (damage !== null) await store.pool.query(damage);
    const report = await audit({ url }, kinds);
    expect(report.operations).toBeGreaterThan(20);
    return [...new Set(report.findings.map(({ promise }) => promise))].sort();
  } finally {
    await store.close();
    await dropDatabase(postgres, copy);
  }
}

test('books that nobody touched are clean', async () => {
  expect(await auditAfter(null)).toEqual([]);
});

// Each damage is one that the database lets through, once its own check is out of the way.
const unchecked = 'alter table operations drop constraint operations_legs_check;';
test.each([
  [
    'a changed amount in a row',
    `update balance_transactions set amount = amount + 1 where seq = 10 and pos = 1`,
    ['I1', 'I7'],
  ],
  ['a changed day in a row', `update balance_transactions set day = null where day is not null`, ['I2', 'I7']],
  ['a row gone', `delete from balance_transactions where seq = 12 and pos = 2`, ['I1', 'rows']],
  [
    'a row of nothing',
    `insert into balance_transactions values (1, 1, 12, 9, 1, 'usd', 5, 0, null, null, null)`,
    ['I1', 'rows'],
  ],
  ['a changed balance', `update balances set available = available + 1 where account = 1`, ['I1', 'balance']],
  ['a balance gone', `delete from balances where account = 2`, ['I1', 'balance']],
  ['waiting money gone', `delete from maturing`, ['I1', 'I2', 'balance']],
  ['a settlement nobody will make', `delete from schedule`, ['schedule']],
  [
    'a missing leg',
    `${unchecked} update operations set legs = legs[1:2] where seq = 10`,
    ['I1', 'I5', 'balance', 'journal'],
  ],
  [
    'a changed leg',
    `${unchecked} update operations set legs[2] = legs[2] - 1 where seq = 10`,
    ['I1', 'I5', 'balance', 'journal'],
  ],
  [
    'two legs changed so that they still sum to zero',
    `update operations set legs[2] = legs[2] - 1, legs[4] = legs[4] + 1 where seq = 10`,
    ['I1', 'balance', 'journal'],
  ],
  [
    'an operation changed',
    `update operations set changes = replace(changes, '"amount":17', '"amount":18') where seq = 12`,
    ['I1', 'I7', 'journal'],
  ],
  ['an operation gone', `delete from operations where seq = 15`, ['balance', 'journal', 'news', 'objects', 'rows']],
  [
    'the last operation gone',
    `delete from operations where seq = (select version from books)`,
    ['balance', 'journal', 'news', 'objects', 'rows'],
  ],
  ['time gone back', `update operations set time = time - 1000000 where seq = 10`, ['journal']],
  [
    'an operation that says nothing',
    `update operations set changes = 'null' where seq = 10`,
    ['balance', 'journal', 'news', 'objects', 'rows'],
  ],
  [
    'an operation that puts nothing that has a name',
    `update operations set changes = '{"put":[{}]}' where seq = 10`,
    ['I1', 'journal', 'news', 'objects', 'rows'],
  ],
  [
    'an operation that schedules what is no work',
    `update operations set changes = regexp_replace(changes, '}$', ',"due":[5]}') where seq = 10`,
    ['journal'],
  ],
  [
    'an operation whose work is no list',
    `update operations set changes = regexp_replace(changes, '}$', ',"done":5}') where seq = 10`,
    ['journal'],
  ],
  ['news of nothing', `update account_operations set events = '{null}' where seq = 10`, ['news']],
  ['news of lists', `update account_operations set events = '{{1,2},{3,4}}' where seq = 10`, ['news']],
  ['an object gone', `delete from objects where seq = 10`, ['objects']],
  ['a space that an object is found by', `update objects set ref1 = ' ' where seq = 10`, ['objects']],
  ['an object that points elsewhere', `update objects set changed = changed + 1 where seq = 10`, ['objects']],
  ['an answer changed', `update operations set body = '{}' where seq = 4`, ['journal']],
  ['an entry in an account’s list gone', `delete from account_operations where seq = 10 and account = 1`, ['news']],
  ['a settlement put off', `update schedule set at = at + 864000`, ['schedule']],
  ['a key gone', `delete from idempotency_keys`, ['idempotency']],
  ['a key of another day', `update idempotency_keys set day = day - 4`, ['idempotency']],
  ['work of nothing', `insert into schedule values (1, 9999999999, 1, 'toy.arrive', 'clock')`, ['schedule']],
  ['a key of nothing', `update idempotency_keys set seq = 9999`, ['idempotency']],
])('%s is found', async (_, damage, promises) => {
  expect(await auditAfter(damage)).toEqual(promises);
});

test('the database itself refuses legs that do not sum to zero', async () => {
  await expect(auditAfter(`update operations set legs = legs[1:2] where seq = 10`)).rejects.toThrow(
    /operations_legs_check/,
  );
});
