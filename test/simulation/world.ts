import type { Books, Interval, Party } from './books.ts';
import type { Random } from './random.ts';
import { type CountryCode, countries, type Money } from './tables.ts';

/** A platform and its sellers, as plain data. */
export interface World {
  readonly country: CountryCode;
  readonly hasReserves: boolean;
  readonly interval: Interval;
  readonly starts: number;
  /** Whether the platform has bank accounts for what its sellers have; else it is converted (M45). */
  readonly holdsAll: boolean;
  readonly sellers: readonly Seller[];
  /** How many processes serve it. With more than one nobody knows beforehand what comes first. */
  readonly processes: number;
  /** Else its time is the machine's. */
  readonly isOnTestClock: boolean;
}

export interface Seller {
  readonly country: CountryCode;
  readonly kind: 'standard' | 'express' | 'custom' | 'paidFor';
  readonly interval: Interval;
  readonly weekday: number;
  readonly monthday: number;
  readonly bank: 'paid' | 'refused' | 'card' | 'none';
  readonly hasSecondBank: boolean;
  readonly hasConsented: boolean;
  readonly drawsNegative: boolean;
  readonly canReceive: boolean;
}

/** Monday 2026-03-02 10:00:00 UTC. */
const monday = 1_772_445_600;

/** Mostly Americans and Europeans, whose money can go everywhere; the others are there for what is refused to them. */
export function drawWorld(random: Random): World {
  const country = random.weighted({ US: 60, DE: 15, GB: 5, JP: 12, HK: 8 });
  const interval = (): Interval => random.weighted({ manual: 45, daily: 40, weekly: 10, monthly: 5 });
  const sellers = Array.from({ length: 3 + random.int(5) }, (): Seller => {
    const lives = random.chance(65) ? country : random.weighted({ US: 30, DE: 30, GB: 20, JP: 8, HK: 6, SG: 6 });
    const bank = random.weighted({ paid: 60, refused: 22, none: 9, card: 9 });
    const often = interval();
    return {
      country: lives,
      kind: random.weighted({ express: 45, custom: 20, standard: 20, paidFor: 15 }),
      // Daily payouts are not offered in Japan.
      interval: lives === 'JP' && often === 'daily' ? 'weekly' : often,
      weekday: 1 + random.int(7),
      monthday: random.pick([1, 15, 28, 30, 31]),
      bank: bank === 'card' && lives !== 'US' ? 'paid' : bank,
      hasSecondBank: random.chance(60),
      hasConsented: random.chance(85),
      drawsNegative: random.chance(65),
      canReceive: random.chance(95),
    };
  });
  const own = interval();
  return {
    country,
    hasReserves: random.chance(80),
    holdsAll: random.chance(50),
    interval: country === 'JP' && own === 'daily' ? 'weekly' : own,
    starts: monday + random.int(28) * 86_400 + random.pick([0, 0, 3600, 50_399, 50_340]),
    sellers,
    processes: Number(random.weighted({ 1: 75, 2: 17, 3: 8 })),
    isOnTestClock: random.chance(65),
  };
}

/** The currencies that anybody in it has by default. */
export const currenciesOf = (world: World): readonly Money[] => [
  ...new Set([world, ...world.sellers].map(({ country }) => countries[country].currency)),
];

const party = (no: number, country: CountryCode, given: Partial<Party>): Party => ({
  no,
  id: '',
  country,
  currency: countries[country].currency,
  lossesAre: 'application',
  platformPaysFees: false,
  hasFullDashboard: false,
  canReceive: true,
  hasConsented: true,
  drawsNegative: true,
  isRejected: false,
  delay: null,
  instant: { day: 0, count: 0 },
  minimum: new Map(),
  interval: 'manual',
  weekday: 1,
  monthday: 1,
  externals: [],
  places: new Map(),
  ...given,
});

/** Its people in the model, without external accounts. */
export function settle(books: Books, world: World): void {
  // Weekly is on Mondays, in Japan on Fridays.
  const weekday = world.country === 'JP' ? 5 : 1;
  books.parties.push(party(0, world.country, { interval: world.interval, weekday }));
  for (const [i, { country, kind, weekday, ...seller }] of world.sellers.entries()) {
    books.parties.push(
      party(i + 1, country, {
        lossesAre: kind === 'standard' ? 'stripe' : 'application',
        platformPaysFees: kind === 'paidFor',
        hasFullDashboard: kind === 'standard',
        // A full dashboard counts as having asked for transfers.
        canReceive: seller.canReceive || kind === 'standard',
        hasConsented: seller.hasConsented,
        drawsNegative: seller.drawsNegative,
        interval: seller.interval,
        weekday: weekday % 7,
        monthday: seller.monthday,
      }),
    );
  }
}
