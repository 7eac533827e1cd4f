/** A book of several parts, which other threads check: they are started from what was built, so the audit is taken from there. */
import { beforeAll, expect, test } from 'vitest';
import { command } from '../../src/engine/command.ts';
import type { Id } from '../../src/kernel/id.ts';
import type { AuditReport } from '../../src/store/audit.ts';
import type { Database } from '../../src/store/postgres/connection.ts';
import { ownStore } from '../support/store.ts';
import { deposit, kinds, openBook, pay, task, toyEngine } from '../support/toy.ts';

const ours = ownStore('crew');
const operations = 4_000;
/** So many objects each that what tells of a part of the journal is read in three goes. */
const wide = 2_000;
const notesEach = 9;

const scatter = command({
  name: 'toy.scatter',
  load: () => null,
  decide: ({ of }: { of: Id<'acct'> }, _, ctx) => {
    const put = Array.from({ length: notesEach }, () => ({
      id: ctx.id('note'),
      account: of,
      created: ctx.now,
      amount: 0,
    }));
    return { result: put[0] ?? null, put };
  },
});

type Audit = (database: Database, allKinds: typeof kinds, helpers: number) => Promise<AuditReport>;
const audited = async (helpers: number): Promise<AuditReport> => {
  const built = new URL('../../dist/store/postgres/audit.js', import.meta.url).href;
  const { audit } = (await import(built)) as { audit: Audit };
  return audit({ url: ours.url }, kinds, helpers);
};

beforeAll(async () => {
  const engine = toyEngine(ours.store);
  const [a, b] = (await openBook(ours.store, engine, 1, 2)) as [string, string];
  await Promise.all(Array.from({ length: wide }, () => engine.submit(1, task(scatter, { of: a as Id<'acct'> }))));
  await engine.submit(1, task(deposit, { to: a, amount: 1_000_000 }));
  await engine.submit(1, task(deposit, { to: b, amount: 50, inDays: 3 }));
  await Promise.all(
    Array.from({ length: operations }, (_, i) =>
      engine.submit(1, task(pay, { from: a, to: b, amount: 1 }, `key ${i}`)),
    ),
  );
  await engine.stop();
}, 120_000);

test('whoever checks, finds the same, in the same order', async () => {
  const clean = await audited(0);
  expect(clean.findings).toEqual([]);
  expect(clean.operations).toBeGreaterThan(operations + wide);
  expect(await audited(1)).toEqual(clean);
  expect(await audited(3)).toEqual(clean);
  // One in each part, or past the last.
  await ours.store.pool.query(`
    update operations set status = 201 where seq = 2500;
    update balance_transactions set amount = amount + 1 where seq = 3500;
    delete from objects where changed = 4500;
    update operations set time = 1 where seq = 4900;
    update account_operations set events = events || 7::smallint where seq = 5500;
    delete from operations where seq > 6000;`);
  const damaged = await audited(0);
  const promises = new Set(damaged.findings.map(({ promise }) => promise));
  expect([...promises].sort()).toEqual(['I1', 'I7', 'balance', 'idempotency', 'journal', 'news', 'objects', 'rows']);
  expect(damaged.truncated).toBe(false);
  expect(await audited(1)).toEqual(damaged);
  expect(await audited(3)).toEqual(damaged);
});

test('a journal cut short: far more is left past its end than is read at once', async () => {
  await ours.store.pool.query('delete from operations where seq > 1500');
  const damaged = await audited(0);
  expect(damaged.operations).toBe(1500);
  expect(damaged.truncated).toBe(true);
  expect(await audited(1)).toEqual(damaged);
  expect(await audited(3)).toEqual(damaged);
});
