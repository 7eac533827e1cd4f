/**
 * The figures of the rules that the model goes by, written down a second time: a wrong figure in `src/data` is a disagreement.
 */
export type CountryCode = 'US' | 'DE' | 'GB' | 'JP' | 'HK' | 'SG';
export type Money = 'usd' | 'eur' | 'gbp' | 'jpy' | 'hkd' | 'sgd';

interface Country {
  readonly currency: Money;
  /** Account debits are possible inside one region only (R77); null: not at all. */
  readonly region: string | null;
  /** Whether negative balances are drawn from banks (R96). */
  readonly bankDebits: boolean;
  readonly delay: number;
  readonly delayIn: 'business days' | 'days';
  readonly bps: number;
  readonly fixed: number;
  readonly disputeFee: number;
  readonly smallestPayout: number;
  /** Of the group that transfers may cross borders in (R28). */
  readonly crossBorder: boolean;
  readonly payoutReversals: boolean;
  /** Smallest and largest instant payout; null: none at all (R186). */
  readonly instant: readonly [number, number] | null;
  /** How long money may wait for a payout by hand (R191). */
  readonly holdDays: number;
}

const europe = {
  region: 'EU',
  bankDebits: true,
  delay: 7,
  delayIn: 'days',
  smallestPayout: 1,
  crossBorder: true,
  payoutReversals: false,
  instant: null,
  holdDays: 90,
} as const;
const elsewhere = {
  bankDebits: false,
  crossBorder: false,
  payoutReversals: false,
  smallestPayout: 1,
  instant: null,
  holdDays: 90,
} as const;

export const countries: Readonly<Record<CountryCode, Country>> = {
  US: {
    currency: 'usd',
    region: 'US',
    bankDebits: true,
    delay: 2,
    delayIn: 'business days',
    bps: 290,
    fixed: 30,
    disputeFee: 1500,
    smallestPayout: 1,
    crossBorder: true,
    payoutReversals: true,
    instant: [50, 999_900],
    holdDays: 730,
  },
  DE: { ...europe, currency: 'eur', bps: 150, fixed: 25, disputeFee: 2000 },
  GB: { ...europe, currency: 'gbp', bps: 150, fixed: 20, disputeFee: 2000, instant: [40, 999_900] },
  JP: {
    ...elsewhere,
    currency: 'jpy',
    region: 'JP',
    delay: 4,
    delayIn: 'business days',
    bps: 360,
    fixed: 0,
    disputeFee: 1300,
  },
  HK: {
    ...elsewhere,
    currency: 'hkd',
    region: 'HK',
    delay: 7,
    delayIn: 'days',
    bps: 340,
    fixed: 235,
    disputeFee: 8500,
    smallestPayout: 2000,
  },
  SG: {
    ...elsewhere,
    currency: 'sgd',
    region: null,
    delay: 7,
    delayIn: 'days',
    bps: 340,
    fixed: 50,
    disputeFee: 1500,
    instant: [50, 999_900],
  },
};

/** R32 */
export const smallestCharge: Readonly<Record<Money, number>> = {
  usd: 50,
  eur: 50,
  gbp: 30,
  jpy: 50,
  hkd: 400,
  sgd: 50,
};
export const largestCharge = 99_999_999;

/** So many whole units are so many dollars. */
const worthInDollars: Readonly<Record<Money, readonly [units: bigint, dollars: bigint]>> = {
  usd: [1n, 1n],
  eur: [100n, 110n],
  gbp: [100n, 130n],
  jpy: [150n, 1n],
  hkd: [780n, 100n],
  sgd: [130n, 100n],
};
const decimals = (currency: Money): bigint => (currency === 'jpy' ? 0n : 2n);

/** Halves away from zero; neither is negative. */
export const rounded = (numerator: bigint, denominator: bigint): number =>
  Number((2n * numerator + denominator) / (2n * denominator));

export const percentage = (amount: number, bps: number): number => rounded(BigInt(amount) * BigInt(bps), 10_000n);

/** `total` × `part` / `whole` */
export const share = (total: number, part: number, whole: number): number =>
  rounded(BigInt(total) * BigInt(part), BigInt(whole));

/** M45 */
export function worth(amount: number, from: Money, to: Money): number {
  const [fromUnits, fromDollars] = worthInDollars[from];
  const [toUnits, toDollars] = worthInDollars[to];
  const numerator = BigInt(amount) * fromDollars * toUnits * 10n ** decimals(to);
  return rounded(numerator, fromUnits * toDollars * 10n ** decimals(from));
}
