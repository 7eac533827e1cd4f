/** Runs a sequence of steps through the model and the system, and says where they part. */

import { followThrough } from '../../src/features/standing/follow.ts';
import { audit } from './audit.ts';
import { Books, type Party, type Place, type Row } from './books.ts';
import { type Ground, MemoryGround } from './ground.ts';
import type { Complete } from './process.ts';
import { Random } from './random.ts';
import type { Happening } from './rules.ts';
import { type Act, act, bankParams, bindExternals, drawStep, newExternal, type Step, weekdays } from './steps.ts';
import { type Answer, type CommandName, type Found, System } from './system.ts';
import type { Money } from './tables.ts';
import { currenciesOf, drawWorld, settle, type World } from './world.ts';

/** Where model and system parted: after which step, and what each says. */
export interface Parting {
  readonly at: number;
  readonly says: string;
}

export interface Ran {
  readonly commands: number;
  readonly reached: ReadonlySet<string>;
  readonly operations: number;
  readonly parting: Parting | null;
  /** What was asked and answered, one line a step; only kept when asked for. */
  readonly story: readonly string[];
}

/** How many commands are under way at most. */
const together = 12;

export function drawSequence(seed: number, length: number): { world: World; steps: readonly Step[] } {
  const random = new Random(seed);
  const world = drawWorld(random);
  return { world, steps: Array.from({ length }, () => drawStep(random)) };
}

export interface RunOptions {
  readonly tellsStory?: boolean;
  readonly complete?: Complete;
  /** On what the books stand; in memory unless said. */
  readonly ground?: Ground;
}

export async function run(
  world: World,
  steps: readonly Step[],
  { tellsStory = false, complete = followThrough, ground: given }: RunOptions = {},
): Promise<Ran> {
  const books = new Books(world.starts, world.hasReserves);
  const { processes, isOnTestClock } = world;
  const ground = given ?? new MemoryGround(isOnTestClock ? 0 : world.starts, processes > 1);
  const onHappening = (what: Happening) => books.by(what);
  const options = { ground, isOnTestClock, processes, complete, onHappening };
  const system = await System.open(options, world.starts);
  const story: string[] = [];
  let commands = 0;
  const end = async (parting: Parting | null): Promise<Ran> => {
    await system.close();
    return {
      commands,
      reached: books.reached,
      operations: system.tables.book(system.book).row.version,
      parting,
      story,
    };
  };
  await found(world, books, system);
  let group: Asked[] = [];
  for (const [at, step] of steps.entries()) {
    const next = act(step, books);
    const isLast = at === steps.length - 1;
    if (next !== null) {
      commands++;
      const asked = { act: next, step, time: books.now };
      // Where there are several, the journal says what came first, and the model does it then.
      group.push({ ...asked, expected: system.isCrowded ? undefined : expect(next, books) });
    }
    const isWhole = isLast || !canWait(step, steps[at + 1], system.isCrowded) || group.length >= together;
    if (group.length === 0 || !isWhole) continue;
    try {
      const says = await answer(group, books, system, tellsStory ? story : null);
      if (says !== null) return await end({ at, says });
      group = [];
      const wrong = isLast ? audit(system.tables.book(system.book)) : null;
      if (wrong !== null) return await end({ at, says: wrong });
    } catch (error) {
      return await end({ at, says: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  }
  return await end(null);
}

/** What moves the clock, or forgets, stands alone; what takes something away that others name, where they do not wait. */
const alone: readonly string[] = ['advance', 'restart'];
const aloneInCrowds: readonly string[] = ['advance', 'new bank', 'bank update', 'bank removal'];

function canWait(step: Step, next: Step | undefined, isCrowded: boolean): boolean {
  const standsAlone = (each: Step) => (isCrowded ? aloneInCrowds : alone).includes(each.do);
  return next?.isTogether === true && !standsAlone(step) && !standsAlone(next);
}

/** A command that nobody was asked yet. */
interface Asked {
  readonly act: Act;
  readonly step: Step;
  readonly time: number;
  /** The refusal that the model says, or null; undefined while the model has not done it. */
  readonly expected: string | null | undefined;
}

/** Has the model do it. */
function expect(next: Act, books: Books): string | null {
  const made = next.model();
  const expected = typeof made === 'string' ? made : null;
  if (expected === null && next.name !== 'advance') books.follow();
  return expected;
}

/** Asks the system for all of them at once; what differs, or null. */
async function answer(
  group: readonly Asked[],
  books: Books,
  system: System,
  story: string[] | null,
): Promise<string | null> {
  for (const { act: asked, step } of group) {
    if (asked.name !== 'restart') continue;
    const crossings = system.isCrowded ? step.a % 40 : 0;
    await system.kill(step.via, crossings, (step.n % 200_000) - 50_000);
    story?.push(`process ${step.via % 3} dies ${crossings} statements later`);
  }
  const commands = group.filter(({ act: asked }) => asked.name !== 'restart');
  const answers = await Promise.all(commands.map(({ act: asked, step }) => ask(asked, step, system)));
  await system.look();
  const answered = commands.map((asked, i) => ({ ...asked, answer: answers[i] as Answer }));
  if (system.isCrowded) answered.sort((a, b) => (a.answer.seq ?? 0) - (b.answer.seq ?? 0));
  for (const [i, { act: done, time, expected = expect(done, books), answer }] of answered.entries()) {
    const { name, params, as } = done;
    const { refusal, object } = answer;
    const at = `${i > 0 ? 'together with that ' : ''}${new Date(time * 1000).toISOString()}`;
    story?.push(`${at} ${name} ${JSON.stringify(params)}${as ? ` as ${as.id}` : ''}`, `    ${refusal ?? 'done'}`);
    if (refusal !== expected && !(expected === 'refused' && refusal !== null)) {
      return `${name}: the model says ${expected ?? 'done'}, the system ${refusal ?? 'done'}`;
    }
    if (refusal !== null) books.by(refusal);
    else if (object) done.bind?.(object, (id) => system.find(id));
  }
  const differs = rowsDiffer(books, system, group[0]?.act.name === 'advance') ?? balancesDiffer(books, system);
  if (differs !== null) return differs;
  const late = group.find(({ step }) => step.isLate)?.step;
  return late ? system.askLate(late.n, late.via + 1) : null;
}

const ask = ({ name, params, as }: Act, { isTwice, via }: Step, system: System): Promise<Answer> => {
  if (name === 'advance') return system.advance(params.frozen_time as number, via);
  if (name === 'restart') throw new Error('a restart is not asked for');
  return system.run({ name, params, as: as?.id ?? null, isTwice, via });
};

const spell = ({ account, type, currency, amount, fee, on }: Row, system: System): string =>
  [system.numberOf(account.id), type, currency, amount, fee, on].join(' ');

/** Rows of a command in their order; those of a day in any. */
function rowsDiffer(books: Books, system: System, inAnyOrder: boolean): string | null {
  const model = books.rows.map((row) => spell(row, system));
  const found = [...system.newRows()];
  books.rows = [];
  if (inAnyOrder) {
    model.sort();
    found.sort();
  }
  const at = model.findIndex((row, i) => row !== found[i]);
  if (at < 0 && model.length === found.length) return null;
  const list = (rows: readonly string[]) => rows.map((row) => `\n    ${row}`).join('');
  const extra = (these: readonly string[], others: readonly string[]) => these.filter((row) => !others.includes(row));
  return inAnyOrder
    ? `rows: only the model has${list(extra(model, found))}\n  only the system has${list(extra(found, model))}`
    : `rows: the model has${list(model)}\n  the system has${list(found)}`;
}

/** Every balance of every account, both ways. */
function balancesDiffer(books: Books, system: System): string | null {
  const { balances } = system.tables.book(system.book);
  let seen = 0;
  for (const party of books.parties) {
    const no = system.numberOf(party.id);
    for (const [currency, place] of party.places) {
      const found = balances.get(`${no} ${currency}`);
      if (found) seen++;
      const reserved = party.no === 0 ? books.reserved(currency) : place.held;
      const model = `${place.available} available, ${pendingOf(place)}, ${reserved} reserved`;
      const waits = (found?.maturing ?? []).map(({ day, amount }) => `${amount} on ${day}`).join(' ');
      const says = `${found?.available ?? 0} available, [${waits}], ${found?.reserved ?? 0} reserved`;
      if (model !== says) return `${nameOf(party)} ${currency}: the model has ${model}; the system ${says}`;
    }
  }
  if (seen === balances.size) return null;
  return `the system has ${balances.size} balances, the model knows of ${seen}`;
}

const pendingOf = ({ pending }: Place): string =>
  `[${[...pending]
    .filter(([, amount]) => amount !== 0)
    .sort(([a], [b]) => a - b)
    .map(([day, amount]) => `${amount} on ${day}`)
    .join(' ')}]`;

const nameOf = ({ no, id }: Party): string => (no === 0 ? 'the platform' : `seller ${no} (${id})`);

/** Makes the same world on both sides. */
async function found(world: World, books: Books, system: System): Promise<void> {
  settle(books, world);
  const must = async (name: Exclude<CommandName, 'restart'>, params: unknown): Promise<Found> => {
    const { refusal, object } = await system.run({ name, params, as: null });
    if (refusal !== null || object === null) throw new Error(`${name} is refused: ${refusal}`);
    return object;
  };
  const { platform } = books;
  const own = await must('platform', {
    country: world.country,
    payout_interval: world.interval,
    reserves_enabled: world.hasReserves,
    ...(world.isOnTestClock && { test_clock: { frozen_time: world.starts } }),
  });
  platform.id = own.id;
  // A bank account of its own country.
  platform.externals = [{ ...newExternal(platform.currency, 'paid'), takesInstant: world.country === 'US' }];
  bindExternals(platform.externals, own);
  const add = async (account: Party, currency: Money) => {
    const params = { account: account.id, external_account: bankParams(currency, 'paid') };
    account.externals.push(newExternal(currency, 'paid'));
    bindExternals(account.externals, await must('external account', params));
  };
  for (const currency of currenciesOf(world)) {
    if (world.holdsAll && !books.holds(platform, currency)) await add(platform, currency);
  }
  for (const [i, seller] of world.sellers.entries()) {
    const account = books.parties[i + 1] as Party;
    const { bank, interval, weekday, monthday } = seller;
    const object = await must('account', {
      ...kinds[seller.kind],
      country: seller.country,
      capabilities: {
        card_payments: { requested: true },
        ...(seller.canReceive && { transfers: { requested: true } }),
      },
      settings: {
        payouts: {
          debit_negative_balances: seller.drawsNegative,
          schedule: {
            interval,
            ...(interval === 'weekly' && { weekly_anchor: weekdays[weekday % 7] }),
            ...(interval === 'monthly' && { monthly_anchor: monthday }),
          },
        },
      },
      ...(bank !== 'none' && {
        external_account: bank === 'card' ? 'tok_visa_debit_us_transferSuccess' : bankParams(account.currency, bank),
      }),
    });
    account.id = object.id;
    if (bank !== 'none') {
      account.externals = [newExternal(account.currency, bank === 'refused' ? 'refused' : 'paid', bank !== 'card')];
      bindExternals(account.externals, object);
    }
    if (seller.hasSecondBank && account.currency !== platform.currency) await add(account, platform.currency);
    if (account.hasConsented) await must('consent', { account: account.id, date: world.starts });
  }
  await system.look();
}

const kinds = {
  standard: { type: 'standard' },
  express: { type: 'express' },
  custom: { type: 'custom' },
  paidFor: {
    controller: {
      fees: { payer: 'application' },
      losses: { payments: 'application' },
      requirement_collection: 'application',
      stripe_dashboard: { type: 'none' },
    },
  },
} as const;
