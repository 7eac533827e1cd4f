import { type AnyCommand, command, event } from '../../src/engine/command.ts';
import { Engine, type EngineOptions } from '../../src/engine/engine.ts';
import type { Outcome, Task } from '../../src/engine/task.ts';
import { settleJob } from '../../src/kernel/day.ts';
import { type Id, mint } from '../../src/kernel/id.ts';
import { type Kind, kind, type StoredObject } from '../../src/kernel/kind.ts';
import { minor } from '../../src/kernel/money.ts';
import { refuse } from '../../src/kernel/refusal.ts';
import { startOfDay } from '../../src/kernel/time.ts';
import { available, house, pending } from '../../src/ledger/chart.ts';
import { move, post } from '../../src/ledger/posting.ts';
import { line } from '../../src/ledger/statement.ts';
import { keyHashOf } from '../../src/store/idempotency.ts';
import type { Store } from '../../src/store/store.ts';

/** A bank as small as one can be, to test the engine without any of Stripe's rules. */
interface Note extends StoredObject {
  readonly id: Id<'note'>;
  readonly amount: number;
}
interface Owner extends StoredObject {
  readonly id: Id<'acct'>;
}
export const owners = kind<Owner>({ no: 90, object: 'owner', prefixes: ['acct'], noun: 'owner', refs: [] });
export const notes = kind<Note>({ no: 91, object: 'note', prefixes: ['note'], noun: 'note', refs: [] });
// biome-ignore lint/suspicious/noExplicitAny: each kind is of its own type of object
export const kinds = new Map<string, Kind<any>>([
  ['acct', owners],
  ['note', notes],
]);

/** The first operation of a book, or a further account in it. */
export const open = command({
  name: 'toy.open',
  load: () => null,
  decide(_: unknown, __: null, ctx) {
    const id = ctx.id('acct');
    const owner: Owner = { id, account: ctx.platform, created: ctx.now };
    return { result: owner, put: [owner], emit: [{ type: 'account.updated', account: id, object: owner }] };
  },
});

/** Money from outside: at once, or on a later day. */
export const deposit = command({
  name: 'toy.deposit',
  load: (read, params: { to: string; amount: number; inDays?: number }) => read.balance(params.to, 'usd'),
  decide(params, _, ctx) {
    const id = ctx.id('note');
    const note: Note = { id, account: params.to, created: ctx.now, amount: params.amount };
    const on = params.inDays === undefined ? 'now' : Math.floor(ctx.now / 86_400) + params.inDays;
    const to = on === 'now' ? available(params.to, 'usd') : pending(params.to, 'usd', on);
    return {
      result: note,
      put: [note],
      post: [post('deposit', move(minor(params.amount), { from: house('bank', 'usd'), to }))],
      lines: [
        line({
          id: ctx.id('txn'),
          account: params.to,
          currency: 'usd',
          type: 'topup',
          amount: minor(params.amount),
          on,
          source: id,
        }),
      ],
      emit: [event('topup.succeeded', note)],
    };
  },
});

/** Money between accounts, refused when there is too little. */
export const pay = command({
  name: 'toy.pay',
  load: (read, params: { from: string; to: string; amount: number }) => ({
    from: read.balance(params.from, 'usd'),
    to: read.balance(params.to, 'usd'),
  }),
  decide(params, { from }, ctx) {
    if (from.available < params.amount) return refuse('transfer_balance_insufficient');
    const id = ctx.id('note');
    const note: Note = { id, account: params.from, created: ctx.now, amount: params.amount };
    const amount = minor(params.amount);
    return {
      result: note,
      put: [note],
      post: [post('pay', move(amount, { from: available(params.from, 'usd'), to: available(params.to, 'usd') }))],
      lines: [
        line({
          id: ctx.id('txn'),
          account: params.from,
          currency: 'usd',
          type: 'transfer',
          amount: minor(-amount),
          on: 'now',
          source: id,
        }),
        line({
          id: ctx.id('txn'),
          account: params.to,
          currency: 'usd',
          type: 'payment',
          amount,
          on: 'now',
          source: id,
        }),
      ],
    };
  },
});

export const settle = command({
  name: 'toy.settle',
  load: (read, params: { subject: string }) =>
    read
      .maturing(Number(params.subject))
      .map((place) => ({ ...place, balance: read.balance(place.account, place.currency) })),
  decide(params, places) {
    const day = Number(params.subject);
    const moves = places.flatMap(({ account, currency, balance }) =>
      balance.maturing
        .filter((entry) => entry.day <= day)
        .map((entry) =>
          move(entry.amount, { from: pending(account, currency, entry.day), to: available(account, currency) }),
        ),
    );
    return { result: null, post: [post('settle', ...moves)], book: { settledThrough: day } };
  },
});

/** Breaks a promise of the ledger: money moves without a row. */
export const cheat = command({
  name: 'toy.cheat',
  load: (read, params: { to: string }) => read.balance(params.to, 'usd'),
  decide: (params) => ({
    result: null,
    post: [post('cheat', move(minor(1), { from: house('bank', 'usd'), to: available(params.to, 'usd') }))],
  }),
});

/** Puts the book on a test clock. */
export const freeze = command({
  name: 'toy.freeze',
  load: () => null,
  decide: (params: { at?: number; advanceTo?: number }) => ({
    result: null,
    book: {
      ...(params.at !== undefined && { frozenTime: params.at }),
      ...(params.advanceTo !== undefined && { advanceTo: params.advanceTo }),
    },
    ...(params.advanceTo !== undefined && {
      schedule: [{ at: params.advanceTo, order: 99, job: 'toy.arrive', subject: 'clock' }],
    }),
  }),
});
const arrive = command({
  name: 'toy.arrive',
  load: () => null,
  decide: (params: { at: number }) => ({ result: null, book: { frozenTime: params.at, advanceTo: null } }),
});

export const jobs = new Map<string, AnyCommand>([
  [settleJob, settle],
  ['toy.arrive', arrive],
]);

export function toyEngine(store: Store, options: Partial<EngineOptions> = {}): Engine {
  return new Engine({ store, kinds, jobs, ...options });
}

export function task(command: AnyCommand, params: unknown, key?: string, fingerprint = '00'.repeat(16)): Task {
  return {
    command,
    params,
    request: {
      account: null,
      id: 'req_toy',
      idempotency: key === undefined ? null : { key, keyHash: keyHashOf(key), path: '/toy', fingerprint },
    },
    refusalBody: (refusal) => JSON.stringify({ error: refusal.error }),
  };
}

export async function openBook(
  store: Store,
  engine: Engine,
  book: number,
  accounts: number,
  livemode = false,
): Promise<Id<'acct'>[]> {
  await store.createBook({ book, livemode, secret: '00'.repeat(32) });
  const ids: Id<'acct'>[] = [];
  for (let i = 0; i < accounts; i++) {
    const outcome = await engine.submit(book, task(open, {}));
    ids.push(idOf(outcome) as Id<'acct'>);
  }
  return ids;
}

export const idOf = (outcome: Outcome): string => {
  if (outcome.kind === 'refused' || outcome.object === null) throw new Error('nothing was made');
  return outcome.object.id;
};

export const platformOf = (book: number): Id<'acct'> => mint('acct', book, { seq: 1, pos: 0 });
export { startOfDay };
