/**
 * What a platform is told of its own money that waits (R192): the same in leaps of the clock as day by day, whether processes end on
 * the way or not, and where money only comes and goes exactly what a look at every midnight would tell.
 */
import { expect, test } from 'vitest';
import { type Country, countries } from '../../src/data/countries.ts';
import { eventTypeOf } from '../../src/data/event-types.ts';
import { followThrough } from '../../src/features/standing/follow.ts';
import { SECONDS_PER_DAY } from '../../src/kernel/time.ts';
import { MemoryGround } from './ground.ts';
import { Random } from './random.ts';
import { type Asked, type Found, System } from './system.ts';

const start = 1_772_445_600;
const firstDay = Math.floor(start / SECONDS_PER_DAY);
const foreign = 'eur';

const comesAndGoes = { gives: 4, takes: 2, 'pays out': 4, 'gives abroad': 2, 'takes abroad': 1 };
const comesBack = { cancels: 2, 'a seller owes': 2, 'a seller owes less': 2, 'by hand': 1, 'by itself': 1, changes: 2 };
interface Act {
  readonly at: number;
  readonly what: keyof typeof comesAndGoes | keyof typeof comesBack;
  readonly amount: number;
  readonly isAll: boolean;
}

function actsFrom(random: Random, country: Country, mayComeBack: boolean): readonly Act[] {
  const span = countries[country].holdDaysMax * SECONDS_PER_DAY;
  const weights = mayComeBack ? { ...comesAndGoes, ...comesBack } : comesAndGoes;
  let at = start;
  return Array.from({ length: 20 }, () => {
    const toMidnight = SECONDS_PER_DAY - (at % SECONDS_PER_DAY);
    at += random.pick([
      0,
      100,
      toMidnight,
      3 * SECONDS_PER_DAY,
      Math.floor(span / 4),
      random.int(Math.floor(span / 2)),
    ]);
    const what = random.weighted<Act['what']>(weights as Record<Act['what'], number>);
    return { at, what, amount: 100 + random.int(400), isAll: random.chance(30) };
  });
}

/** What is told: what, in which currency, how much, when the limit is reached, and on which day it is told. */
type Notice = readonly [what: string, currency: string, amount: number, on: number, day: number];

/** The rule once more: at a midnight, by what came in on which day. */
class Watch {
  readonly #limit: number;
  readonly #came = new Map<string, Map<number, number>>();
  readonly notices: Notice[] = [];

  constructor(country: Country) {
    this.#limit = countries[country].holdDaysMax;
  }

  comesIn(currency: string, amount: number, day: number): void {
    const came = this.#came.get(currency) ?? new Map<number, number>();
    this.#came.set(currency, came.set(day, (came.get(day) ?? 0) + amount));
  }

  midnight(day: number, available: (currency: string) => number): void {
    for (const [currency, came] of this.#came) {
      let left = available(currency);
      let [near, old] = [0, 0];
      let isNews = false;
      // The oldest goes out first: what is left is the newest.
      for (const [on, amount] of [...came].sort(([a], [b]) => b - a)) {
        const still = Math.min(amount, Math.max(0, left));
        left -= still;
        if (on === day + 7 - this.#limit) near = still;
        if (on <= day - this.#limit) old += still;
        if (on === day - this.#limit && still > 0) isNews = true;
      }
      if (near > 0) this.notices.push(['approaching', currency, near, day + 7 - firstDay, day - firstDay]);
      if (isNews) this.notices.push(['reached', currency, old, day - firstDay, day - firstDay]);
    }
  }
}

async function play(country: Country, acts: readonly Act[], how: 'in leaps' | 'day by day', random: Random) {
  const ground = new MemoryGround(start, false);
  const options = { ground, isOnTestClock: true, processes: 1, complete: followThrough, onHappening: () => {} };
  const system = await System.open(options, start);
  // Under a key, since a process may end before it has answered.
  const ask = (name: Asked['name'], params: unknown, as: string | null = null) =>
    system.run({ name, params, as, isTwice: true });
  const made = async (name: Asked['name'], params: unknown): Promise<Found> => {
    const { object } = await ask(name, params);
    if (object === null) throw new Error(`${name} is refused`);
    return object;
  };
  const own = countries[country].defaultCurrency;
  const numbers = { routing_number: '110000000', account_number: '000123456789' };
  const bank = { object: 'bank_account', country: 'US', currency: own, ...numbers };
  const clock = { test_clock: { frozen_time: start } };
  const platform = await made('platform', { country, reserves_enabled: true, external_account: bank, ...clock });
  const seller = await made('account', {
    type: 'custom',
    country,
    capabilities: { transfers: { requested: true }, card_payments: { requested: true } },
    tos_acceptance: { date: start, ip: '127.0.0.1' },
    settings: { payouts: { debit_negative_balances: false, schedule: { interval: 'manual' } } },
  });
  const watch = new Watch(country);
  const available = (currency: string) =>
    ground.tables.balances(ground.book, 1).get(currency as typeof own)?.available ?? 0;
  let now = start;
  let payout: string | undefined;

  const goTo = async (to: number) => {
    if (to <= now) return;
    if (how === 'in leaps' && random.chance(30)) await system.kill(0, random.int(20), 0);
    await system.advance(to, 0);
    now = to;
  };
  const give = async (to: string, amount: number, currency: string = own) => {
    await ask('adjustment', { account: to, amount, currency, description: 'x' });
    if (to === platform.id && amount > 0) watch.comesIn(currency, amount, Math.floor(now / SECONDS_PER_DAY));
  };
  const pays = (interval: string) => ({ settings: { payouts: { schedule: { interval } } } });
  const does = {
    gives: ({ amount }) => give(platform.id, amount),
    takes: ({ amount }) => give(platform.id, -amount),
    'gives abroad': ({ amount }) => give(platform.id, amount, foreign),
    'takes abroad': ({ amount }) => give(platform.id, -amount, foreign),
    'pays out': async ({ amount, isAll }) => {
      const most = isAll ? available(own) : Math.min(available(own), amount);
      if (most > 0) payout = (await ask('payout', { amount: most, currency: own }, platform.id)).object?.id ?? payout;
    },
    cancels: async () => payout !== undefined && ask('payout cancel', { payout }, platform.id),
    'a seller owes': ({ amount }) => give(seller.id, -amount),
    'a seller owes less': ({ amount }) => give(seller.id, amount),
    'by hand': () => ask('account update', { account: platform.id, ...pays('manual') }),
    'by itself': () => ask('account update', { account: platform.id, ...pays('daily') }),
    changes: ({ amount }) => ask('account update', { account: platform.id, metadata: { amount: String(amount) } }),
  } satisfies Record<Act['what'], (act: Act) => Promise<unknown>>;

  const end = (acts.at(-1)?.at ?? start) + (countries[country].holdDaysMax + 1) * SECONDS_PER_DAY;
  for (const { at, act } of [...acts.map((act) => ({ at: act.at, act })), { at: end, act: null }]) {
    while (how === 'day by day' && Math.floor(now / SECONDS_PER_DAY) < Math.floor(at / SECONDS_PER_DAY)) {
      const day = Math.floor(now / SECONDS_PER_DAY) + 1;
      await goTo(day * SECONDS_PER_DAY);
      watch.midnight(day, available);
    }
    await goTo(at);
    if (act !== null) await does[act.what](act);
  }

  const told: Notice[] = [];
  let automatic = 0;
  for (const { seq, time } of ground.tables.book(ground.book).operations) {
    const { put = [], emit = [] } = ground.tables.changes(ground.book, seq);
    // Not what is drawn from its bank while it is negative.
    const payouts = put.filter(({ id }) => id.startsWith('po_')) as unknown as readonly Found[];
    automatic += payouts.filter((payout) => payout.automatic && Number(payout.amount) > 0).length;
    for (const [type, , rendered] of emit) {
      const name = eventTypeOf(type) ?? '';
      const notice = rendered as unknown as { account: string; currency: string; amount: number; limit_at: number };
      if (!name.startsWith('evenkeel.') || notice.account !== platform.id) continue;
      const days = (at: number) => Math.floor(at / SECONDS_PER_DAY) - firstDay;
      told.push([name.split('.').at(-1) ?? '', notice.currency, notice.amount, days(notice.limit_at), days(time)]);
    }
  }
  await system.close();
  const inOrder = (notices: readonly Notice[]) => notices.map((notice) => notice.join(' ')).sort();
  return { told: inOrder(told), expected: inOrder(watch.notices), automatic };
}

test.each([
  ['TH', 12],
  ['CA', 6],
  ['US', 2],
] as const)('in %s, %i times', async (country, times) => {
  let notices = 0;
  for (let seed = 1; seed <= times; seed++) {
    for (const mayComeBack of [false, true]) {
      const acts = actsFrom(new Random(seed), country, mayComeBack);
      const leaps = await play(country, acts, 'in leaps', new Random(seed));
      const days = await play(country, acts, 'day by day', new Random(seed));
      const which = JSON.stringify({ seed, acts });
      expect(leaps.told, which).toEqual(days.told);
      if (!mayComeBack) expect([days.told, days.automatic], which).toEqual([days.expected, 0]);
      notices += days.told.length;
    }
  }
  expect(notices).toBeGreaterThan(0);
});
