import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Currency } from '../../src/data/currencies.ts';
import { type AnyCommand, command } from '../../src/engine/command.ts';
import type { Engine, EngineOptions } from '../../src/engine/engine.ts';
import { BookStopped, QueueFull } from '../../src/engine/task.ts';
import { assert } from '../../src/kernel/assert.ts';
import { birthOf } from '../../src/kernel/id.ts';
import { minor } from '../../src/kernel/money.ts';
import type { Balance } from '../../src/ledger/balance.ts';
import { type Maturing, pendingOf } from '../../src/ledger/balance.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { type Batch, type DueRow, LostAnswer, type Store } from '../../src/store/store.ts';
import { ownStore } from '../support/store.ts';
import { cheat, deposit, freeze, idOf, jobs, openBook, pay, task, toyEngine } from '../support/toy.ts';

const ours = ownStore('engine');
let nextBook = 1;

interface Kept {
  readonly store: Store;
  balances(book: number, account: number): Promise<ReadonlyMap<Currency, Balance>>;
  /** How many batches a book was written in, and what is scheduled in it. */
  counts(book: number): Promise<{ readonly batches: number; readonly scheduled: number }>;
}

const inPostgres = (): Kept => ({
  store: ours.store,
  balances: (book, account) => ours.store.reader.balances(book, account),
  async counts(book) {
    const { rows } = await ours.store.pool.query(
      `select (select count(distinct batch) from operations where book = $1) as batches,
              (select count(*) from schedule where book = $1) as scheduled`,
      [book],
    );
    return rows[0];
  },
});

function inMemory(): Kept {
  const memory = new MemoryStore();
  return {
    store: memory,
    balances: async (book, account) => memory.balances(book, account),
    async counts(book) {
      const { operations, schedule } = memory.book(book);
      return { batches: new Set(operations.map(({ batch }) => batch)).size, scheduled: schedule.length };
    },
  };
}

/** Work for later. */
const plan = command({
  name: 'toy.plan',
  load: () => null,
  decide: (row: DueRow) => ({ result: null, schedule: [row] }),
});

/** Trips over money. */
const whilePoor = command({
  name: 'toy.while_poor',
  load: (read, params: { of: string }) => read.balance(params.of, 'usd'),
  decide(_, { available }) {
    assert(available === 0, 'there is no money');
    return { result: null };
  },
});

/** It is taken back. */
const unplan = command({
  name: 'toy.unplan',
  load: () => null,
  decide: (row: DueRow) => ({ result: null, unschedule: [row] }),
});

describe.each([
  ['PostgreSQL', inPostgres],
  ['memory', inMemory],
])('a book in %s', (_, open) => {
  let kept: Kept;
  let engine: Engine;
  beforeAll(() => {
    kept = open();
    engine = toyEngine(kept.store);
  });
  afterAll(() => engine.stop());

  const balanceOf = async (book: number, account: string) => {
    const balances = await kept.balances(book, birthOf(account, book)?.seq ?? 0);
    const usd = balances.get('usd');
    return usd === undefined ? null : { available: usd.available, pending: pendingOf(usd) };
  };

  test('money arrives, moves and is refused when there is too little', async () => {
    const book = nextBook++;
    const [a, b] = (await openBook(kept.store, engine, book, 2)) as [string, string];
    await engine.submit(book, task(deposit, { to: a, amount: 1000 }));
    const paid = await engine.submit(book, task(pay, { from: a, to: b, amount: 300 }));
    const refused = await engine.submit(book, task(pay, { from: a, to: b, amount: 701 }));
    expect(paid).toMatchObject({ kind: 'decided', status: 200, object: { amount: 300 } });
    expect(refused).toMatchObject({ kind: 'decided', status: 400, seq: null });
    expect(await balanceOf(book, a)).toEqual({ available: 700, pending: 0 });
    expect(await balanceOf(book, b)).toEqual({ available: 300, pending: 0 });
  });

  test('a book whose batch is answered does not wait for what others have to hand over', async () => {
    const book = nextBook++;
    const [a] = (await openBook(kept.store, engine, book, 1)) as [string];
    const crowded = new Proxy(kept.store, {
      get(inner, name) {
        const member = Reflect.get(inner, name);
        if (name === 'handedOver') return () => new Promise(() => {});
        if (name === 'commit') {
          return async (batch: Batch) => {
            await new Promise((resolve) => setTimeout(resolve, 50));
            return inner.commit(batch);
          };
        }
        return typeof member === 'function' ? member.bind(inner) : member;
      },
    });
    const other = toyEngine(crowded);
    const first = other.submit(book, task(deposit, { to: a, amount: 5 }));
    await new Promise((resolve) => setTimeout(resolve, 25));
    const second = other.submit(book, task(deposit, { to: a, amount: 5 }));
    expect(await Promise.all([first, second])).toMatchObject([{ status: 200 }, { status: 200 }]);
    await other.stop();
  });

  test('many at once share batches, each sees those before it, nothing is lost', async () => {
    const book = nextBook++;
    const [a, b] = (await openBook(kept.store, engine, book, 2)) as [string, string];
    await engine.submit(book, task(deposit, { to: a, amount: 100 }));
    const outcomes = await Promise.all(
      Array.from({ length: 300 }, () => engine.submit(book, task(pay, { from: a, to: b, amount: 1 }))),
    );
    expect(outcomes.filter((o) => o.kind === 'decided' && o.status === 200)).toHaveLength(100);
    expect(await balanceOf(book, b)).toEqual({ available: 100, pending: 0 });
    expect((await kept.counts(book)).batches).toBeLessThan(20);
  });

  test('a book whose work was taken back is not looked at in vain', async () => {
    const book = nextBook++;
    await openBook(kept.store, engine, book, 0);
    // The machine's clock has not come to it, so nobody runs it.
    const at = Math.floor(Date.now() / 1000) + 86_400;
    const row = { at, order: 1, job: 'toy.nothing', subject: 'x' };
    await engine.submit(book, task(plan, row));
    expect(await kept.store.booksDue(at - 1)).not.toContain(book);
    expect(await kept.store.booksDue(at)).toContain(book);
    await engine.submit(book, task(unplan, row));
    expect(await kept.store.booksDue(at)).not.toContain(book);
  });

  test('the same key is answered once, also after all memory is gone', async () => {
    const book = nextBook++;
    const [a] = (await openBook(kept.store, engine, book, 1)) as [string];
    const first = await engine.submit(book, task(deposit, { to: a, amount: 5 }, 'once'));
    const other = toyEngine(kept.store);
    const again = await other.submit(book, task(deposit, { to: a, amount: 5 }, 'once'));
    const differs = await other.submit(book, task(deposit, { to: a, amount: 6 }, 'once', '11'.repeat(16)));
    expect(again).toMatchObject({ kind: 'replayed', seq: first.kind === 'decided' && first.seq, original: 'req_toy' });
    expect(idOf(again)).toBe(idOf(first));
    expect(differs).toMatchObject({ kind: 'refused', refusal: { status: 400, error: { type: 'idempotency_error' } } });
    expect(await balanceOf(book, a)).toEqual({ available: 5, pending: 0 });
  });

  test('a request under a new key asks nothing that is at hand; one under a known key is answered as before', async () => {
    const book = nextBook++;
    const [a] = (await openBook(kept.store, engine, book, 1)) as [string];
    const first = await engine.submit(book, task(deposit, { to: a, amount: 5 }, 'first'));
    let asked = 0;
    const counted = new Proxy(kept.store, {
      get(inner, name) {
        const member = Reflect.get(inner, name);
        if (typeof member !== 'function') return member;
        if (name === 'fetch') asked++;
        return member.bind(inner);
      },
    });
    const other = toyEngine(counted);
    const asks = async (key: string) => {
      asked = 0;
      const outcome = await other.submit(book, task(deposit, { to: a, amount: 5 }, key));
      return { ...outcome, asked };
    };
    expect(await asks('second')).toMatchObject({ kind: 'decided', status: 200 });
    expect(await asks('third')).toMatchObject({ kind: 'decided', status: 200, asked: 0 });
    // It came here before, so it is looked up.
    expect(await asks('third')).toMatchObject({ kind: 'replayed', status: 200, asked: 1 });
    expect(await asks('fourth')).toMatchObject({ kind: 'decided', status: 200, asked: 0 });
    // It came to another process: its write finds that. After it others are looked up for a while.
    const again = await asks('first');
    expect(again).toMatchObject({ kind: 'replayed', status: 200, original: 'req_toy' });
    expect(idOf(again)).toBe(idOf(first));
    expect(await asks('fifth')).toMatchObject({ kind: 'decided', status: 200, asked: 1 });
    expect(await balanceOf(book, a)).toEqual({ available: 25, pending: 0 });
  });

  test('a known key among many new ones changes nothing for them', async () => {
    const book = nextBook++;
    const [a] = (await openBook(kept.store, engine, book, 1)) as [string];
    const first = await engine.submit(book, task(deposit, { to: a, amount: 5 }, 'k70'));
    const other = toyEngine(kept.store);
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, (_, i) => other.submit(book, task(deposit, { to: a, amount: 5 }, `k${i}`))),
    );
    expect(outcomes.filter(({ kind }) => kind === 'decided')).toHaveLength(199);
    expect(outcomes[70]).toMatchObject({ kind: 'replayed' });
    expect(outcomes.map(idOf)[70]).toBe(idOf(first));
    expect(new Set(outcomes.map(idOf)).size).toBe(200);
    expect(await balanceOf(book, a)).toEqual({ available: 1000, pending: 0 });
  });

  test('what a repeated request would be answered today is nobody’s business, not even a fault', async () => {
    const book = nextBook++;
    const [a] = (await openBook(kept.store, engine, book, 1)) as [string];
    const ask = (of: Engine, key: string) => of.submit(book, task(whilePoor, { of: a }, key));
    expect(await ask(engine, 'once')).toMatchObject({ kind: 'decided', status: 200 });
    await engine.submit(book, task(deposit, { to: a, amount: 5 }));
    expect(await ask(engine, 'once')).toMatchObject({ kind: 'replayed', status: 200 });
    const other = toyEngine(kept.store);
    expect(await ask(other, 'once')).toMatchObject({ kind: 'replayed', status: 200 });
    await expect(ask(other, 'anew')).rejects.toThrow('there is no money');
  });

  test('a keyed refusal is remembered, although money has come since', async () => {
    const book = nextBook++;
    const [a, b] = (await openBook(kept.store, engine, book, 2)) as [string, string];
    const first = await engine.submit(book, task(pay, { from: a, to: b, amount: 5 }, 'poor'));
    await engine.submit(book, task(deposit, { to: a, amount: 5 }));
    const again = await engine.submit(book, task(pay, { from: a, to: b, amount: 5 }, 'poor'));
    expect(first).toMatchObject({ kind: 'decided', status: 400 });
    expect(again).toMatchObject({ kind: 'replayed', status: 400, body: first.kind === 'decided' && first.body });
  });

  test('a broken promise stops the book and leaves nothing; other books go on', async () => {
    const book = nextBook++;
    const [a] = (await openBook(kept.store, engine, book, 1)) as [string];
    await expect(engine.submit(book, task(cheat, { to: a }))).rejects.toThrow(/I1|book/);
    await expect(engine.submit(book, task(deposit, { to: a, amount: 1 }))).rejects.toThrow(BookStopped);
    expect(await balanceOf(book, a)).toBeNull();
    await openBook(kept.store, engine, nextBook++, 1);
  });

  test('the queue is bounded', async () => {
    const book = nextBook++;
    const small = toyEngine(kept.store, { queueLimit: 10 });
    const [a] = (await openBook(kept.store, small, book, 1)) as [string];
    const results = await Promise.allSettled(
      Array.from({ length: 30 }, () => small.submit(book, task(deposit, { to: a, amount: 1 }))),
    );
    const full = results.filter((r) => r.status === 'rejected' && r.reason instanceof QueueFull);
    expect(full.length).toBeGreaterThan(0);
    expect(await balanceOf(book, a)).toEqual({ available: 30 - full.length, pending: 0 });
  });

  test('pending money settles at the start of its day, once, before anything else of that moment', async () => {
    const book = nextBook++;
    const [a, b] = (await openBook(kept.store, engine, book, 2)) as [string, string];
    const start = 4_000_000_000;
    await engine.submit(book, task(freeze, { at: start }));
    await engine.submit(book, task(deposit, { to: a, amount: 70, inDays: 2 }));
    await engine.submit(book, task(deposit, { to: a, amount: 30, inDays: 9 }));
    expect(await balanceOf(book, a)).toEqual({ available: 0, pending: 100 });
    const midnight = (Math.floor(start / 86_400) + 2) * 86_400;
    await engine.submit(book, task(freeze, { advanceTo: midnight }));
    const outcome = await engine.submit(book, task(pay, { from: a, to: b, amount: 70 }));
    expect(outcome).toMatchObject({ status: 200, time: midnight });
    expect(await balanceOf(book, a)).toEqual({ available: 0, pending: 30 });
    await engine.submit(book, task(freeze, { advanceTo: midnight + 30 * 86_400 }));
    await engine.catchUp(book);
    expect(await balanceOf(book, a)).toEqual({ available: 30, pending: 0 });
    expect((await kept.counts(book)).scheduled).toBe(0);
  });

  test('what a job causes for its own moment is done before what is due later, however much stands between', async () => {
    const book = nextBook++;
    const echoes: number[] = [];
    const quiet = command({ name: 'toy.quiet', load: () => null, decide: () => ({ result: null }) });
    const echo = command({
      name: 'toy.echo',
      load: () => null,
      decide: (_: unknown, __: null, ctx) => {
        echoes.push(ctx.now);
        return { result: null };
      },
    });
    const shout = command({
      name: 'toy.shout',
      load: () => null,
      decide: ({ at }: DueRow) => ({ result: null, schedule: [{ at, order: 6, job: 'toy.echo', subject: 'z' }] }),
    });
    const own = toyEngine(kept.store, {
      jobs: new Map<string, AnyCommand>([...jobs, ['toy.quiet', quiet], ['toy.echo', echo], ['toy.shout', shout]]),
    });
    await openBook(kept.store, own, book, 1);
    const start = 4_000_000_000;
    await own.submit(book, task(freeze, { at: start }));
    await own.submit(book, task(plan, { at: start + 100, order: 1, job: 'toy.shout', subject: 'a' }));
    await own.submit(book, task(plan, { at: start + 100, order: 6, job: 'toy.quiet', subject: 'a' }));
    await own.submit(book, task(freeze, { advanceTo: start + 200 }));
    await own.catchUp(book);
    expect(new Set(echoes)).toEqual(new Set([start + 100]));
  });

  test('what is due at one moment is told in the order of its step, job and subject, letters as bytes', async () => {
    const book = nextBook++;
    await openBook(kept.store, engine, book, 1);
    const at = 9_000_000_000;
    const rows = [
      { at, order: 1, job: 'toy.a', subject: 'acct_B' },
      { at, order: 1, job: 'toy.a', subject: 'acct_a' },
      { at, order: 1, job: 'toy.b', subject: 'acct_A' },
      { at, order: 2, job: 'toy.a', subject: 'acct_A' },
    ];
    for (const row of [...rows].reverse()) await engine.submit(book, task(plan, row));
    expect(await kept.store.due(book, 3)).toEqual(rows.slice(0, 3));
  });

  test('what follows from a decision is in the first answer as in the repeated one', async () => {
    const book = nextBook++;
    const complete: EngineOptions['complete'] = (decision) => ({
      ...decision,
      ...(decision.put && { put: decision.put.map((object) => ({ ...object, isSeen: true })) }),
    });
    const own = toyEngine(kept.store, { complete });
    const [a] = (await openBook(kept.store, own, book, 1)) as [string];
    const first = await own.submit(book, task(deposit, { to: a, amount: 5 }, 'seen'));
    const again = await own.submit(book, task(deposit, { to: a, amount: 5 }, 'seen'));
    expect(first).toMatchObject({ kind: 'decided', object: { isSeen: true } });
    expect(again).toMatchObject({ kind: 'replayed', object: first.kind === 'decided' && first.object });
  });

  test('a job that looks at rows sees those of the jobs before it', async () => {
    const book = nextBook++;
    const start = 4_000_000_000;
    const today = Math.floor(start / 86_400);
    const seen: number[] = [];
    const look = command({
      name: 'toy.look',
      load: (read, { subject }: DueRow) =>
        read.credits(subject, 'usd', { after: today - 1, through: today, enough: minor(1000) }),
      decide: (_: DueRow, credits) => {
        seen.push(credits.reduce((sum, { amount }) => sum + amount, 0));
        return { result: null };
      },
    });
    const give = command({
      name: 'toy.give',
      load: (read, { subject }: DueRow) => deposit.load(read, { to: subject, amount: 7 }, null as never),
      decide: ({ subject }: DueRow, state, ctx) => deposit.decide({ to: subject, amount: 7 }, state, ctx),
    });
    const own = toyEngine(kept.store, {
      jobs: new Map<string, AnyCommand>([...jobs, ['toy.look', look], ['toy.give', give]]),
    });
    const [a] = (await openBook(kept.store, own, book, 1)) as [string];
    await own.submit(book, task(freeze, { at: start }));
    await own.submit(book, task(plan, { at: start + 10, order: 1, job: 'toy.give', subject: a }));
    await own.submit(book, task(plan, { at: start + 10, order: 2, job: 'toy.look', subject: a }));
    await own.submit(book, task(freeze, { advanceTo: start + 10 }));
    await own.catchUp(book);
    expect(seen.at(-1)).toBe(7);
  });

  test('the newest of what came in is read, as far back as it explains what is there', async () => {
    const book = nextBook++;
    const start = 4_000_000_000;
    const today = Math.floor(start / 86_400);
    const came = [0, 3, 31, 32, 33, 128, 159, 160, 161, 400, 700].map((ago) => ({ ago, amount: 1 + (ago % 7) }));
    const seen: (readonly Maturing[])[] = [];
    const look = command({
      name: 'toy.look',
      load: (read, { subject, enough, days }: { subject: string; enough: number; days: number }, ctx) => {
        const through = Math.floor(ctx.now / 86_400);
        return read.credits(subject, 'usd', { after: through - days, through, enough: minor(enough) });
      },
      decide: (_, credits) => {
        seen.push(credits);
        return { result: null };
      },
    });
    const own = toyEngine(kept.store, { jobs: new Map<string, AnyCommand>([...jobs, ['toy.look', look]]) });
    const [a] = (await openBook(kept.store, own, book, 1)) as [string];
    for (const { ago, amount } of came.toReversed()) {
      await own.submit(book, task(freeze, { at: start - ago * 86_400 }));
      await own.submit(book, task(deposit, { to: a, amount }));
    }
    for (const days of [1, 32, 33, 160, 161, 500, 730]) {
      for (const enough of [1, 4, 9, 10, 20, 1000]) {
        await own.submit(book, task(look, { subject: a, enough, days }));
        let sum = 0;
        const expected = came
          .filter(({ ago }) => ago < days)
          .filter(({ amount }) => {
            sum += amount;
            return sum - amount < enough;
          });
        expect([days, enough, seen.at(-1)]).toEqual([
          days,
          enough,
          expected.map(({ ago, amount }) => ({ day: today - ago, amount })).reverse(),
        ]);
      }
    }
  });

  /** A store whose commits fail as told, before or after they were done. */
  const faulty = (faults: ((batch: Batch) => 'before' | 'after' | undefined)[]) => {
    const inner = kept.store;
    return new Proxy(inner, {
      get(target, name) {
        if (name !== 'commit') {
          const value = Reflect.get(target, name);
          return typeof value === 'function' ? value.bind(target) : value;
        }
        return async (batch: Batch) => {
          const fault = faults.shift()?.(batch);
          if (fault === 'before') throw new LostAnswer('cut before');
          await inner.commit(batch);
          if (fault === 'after') throw new LostAnswer('cut after');
        };
      },
    });
  };

  test.each(['before', 'after'] as const)(
    'a connection cut %s the commit: written once, answered once',
    async (when) => {
      const book = nextBook++;
      const [a] = (await openBook(kept.store, engine, book, 1)) as [string];
      const other = toyEngine(faulty([() => when, () => undefined, () => when, () => when]));
      const outcomes = await Promise.all(
        Array.from({ length: 200 }, (_, i) =>
          other.submit(book, task(deposit, { to: a, amount: 1 }, i % 2 ? `k${i}` : undefined)),
        ),
      );
      expect(new Set(outcomes.map(idOf)).size).toBe(200);
      expect(await balanceOf(book, a)).toEqual({ available: 200, pending: 0 });
    },
  );

  test.each(['before', 'after'] as const)(
    'a connection cut %s the commit of a lone request: written once, answered once',
    async (when) => {
      const book = nextBook++;
      const [a] = (await openBook(kept.store, engine, book, 1)) as [string];
      const other = toyEngine(faulty([() => when, () => when]));
      for (const kind of ['decided', 'replayed', 'replayed']) {
        const outcome = await other.submit(book, task(deposit, { to: a, amount: 1 }, 'once'));
        expect(outcome).toMatchObject({ kind, status: 200 });
      }
      expect(await balanceOf(book, a)).toEqual({ available: 1, pending: 0 });
    },
  );
});
