/** Runs a sequence of steps through the model and the system, and says where they part. */

import { audit } from './audit.ts';
import { Books, type Party, type Place, type Row } from './books.ts';
import { Random } from './random.ts';
import { type Act, act, bankParams, bindExternals, drawStep, newExternal, type Step, weekdays } from './steps.ts';
import { type Answer, type Complete, type Found, System } from './system.ts';
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

export async function run(
  world: World,
  steps: readonly Step[],
  { tellsStory = false, complete }: { readonly tellsStory?: boolean; readonly complete?: Complete } = {},
): Promise<Ran> {
  const books = new Books(world.starts, world.hasReserves);
  const system = new System(complete);
  const story: string[] = [];
  let commands = 0;
  const end = (parting: Parting | null): Ran => ({
    commands,
    reached: books.reached,
    operations: system.store.book(system.book).row.version,
    parting,
    story,
  });
  await found(world, books, system);
  let asked: Asked[] = [];
  for (const [at, step] of steps.entries()) {
    const next = act(step, books);
    const isLast = at === steps.length - 1;
    if (next !== null) {
      commands++;
      asked.push(ask(next, step, books));
    }
    if (asked.length === 0 || (!isLast && canWait(next, steps[at + 1]) && asked.length < together)) continue;
    try {
      const says = await answer(asked, books, system, tellsStory ? story : null);
      if (says !== null) return end({ at, says });
      asked = [];
      const wrong = isLast ? audit(system.store, system.book) : null;
      if (wrong !== null) return end({ at, says: wrong });
    } catch (error) {
      return end({ at, says: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  }
  return end(null);
}

/** What moves the clock, or forgets, stands alone. */
const standsAlone = (name: string | undefined): boolean => name === 'advance' || name === 'restart';

const canWait = (asked: Act | null, next: Step | undefined): boolean =>
  !standsAlone(asked?.name) && next?.isTogether === true && !standsAlone(next.do);

/** A command that the model has done, and nobody was asked yet. */
interface Asked {
  readonly act: Act;
  readonly expected: string | null;
  readonly time: number;
  readonly isTwice: boolean;
}

function ask(next: Act, { isTwice }: Step, books: Books): Asked {
  const time = books.now;
  const made = next.model();
  const expected = typeof made === 'string' ? made : null;
  if (expected === null && next.name !== 'advance') books.follow();
  return { act: next, expected, time, isTwice };
}

/** Asks the system for all of them at once; what differs, or null. */
async function answer(
  asked: readonly Asked[],
  books: Books,
  system: System,
  story: string[] | null,
): Promise<string | null> {
  const answers = await Promise.all(
    asked.map(({ act: { name, params, as }, isTwice }) =>
      name === 'advance'
        ? system.advance(params.frozen_time as number)
        : system.run(name, params, as?.id ?? null, isTwice),
    ),
  );
  for (const [i, { act: done, expected, time }] of asked.entries()) {
    const { name, params, as } = done;
    const { refusal, object } = answers[i] as Answer;
    const at = `${i > 0 ? 'together with that ' : ''}${new Date(time * 1000).toISOString()}`;
    story?.push(`${at} ${name} ${JSON.stringify(params)}${as ? ` as ${as.id}` : ''}`, `    ${refusal ?? 'done'}`);
    if (refusal !== expected && !(expected === 'refused' && refusal !== null)) {
      return `${name}: the model says ${expected ?? 'done'}, the system ${refusal ?? 'done'}`;
    }
    if (refusal !== null) books.by(refusal);
    else if (object) done.bind?.(object, (id) => system.find(id));
  }
  return rowsDiffer(books, system, asked[0]?.act.name === 'advance') ?? balancesDiffer(books, system);
}

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
  const { balances } = system.store.book(system.book);
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
  await system.open(world.starts);
  const must = async (name: Parameters<System['run']>[0], params: unknown): Promise<Found> => {
    const { refusal, object } = await system.run(name, params, null);
    if (refusal !== null || object === null) throw new Error(`${name} is refused: ${refusal}`);
    return object;
  };
  const { platform } = books;
  const own = await must('platform', {
    country: world.country,
    payout_interval: world.interval,
    reserves_enabled: world.hasReserves,
    test_clock: { frozen_time: world.starts },
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
