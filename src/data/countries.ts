import type { Currency } from './currencies.ts';

/**
 * What the rules ask of an account's country.
 *
 * defaultCurrency   currency of a new account's balance
 * debitRegion       account debits are possible only inside one region (R77, R78); null: not at all
 * autoDebit         whether a negative balance may be collected from the bank (R96, R98)
 * delay             days until card money is available; business days skip weekends, calendar days do not
 * established       the shorter delay of an account with a history, where there is one
 * cardFee           basis points of the charge, and a fixed part in the smallest unit of defaultCurrency
 * disputeFee        smallest unit of defaultCurrency
 * minimumPayout     smallest automatic payout, smallest unit of defaultCurrency
 * crossBorder       member of the group inside which transfers may cross borders (R28)
 * holdDaysMax       longest time money may wait for a payout (R191)
 * payoutReversals   whether a payout that was paid can be reversed (R183)
 * dailyPayouts      whether `daily` is offered, and whether it is the only interval
 *
 * Source: Stripe's published pricing, payout, Connect and cross-border pages; checked 2026-11-22. Evenkeel's choice where
 * these are silent: cardFee of NZ, HK, CZ, DK, HU, PL, RO, SE, NO, CH, LI, BR, TH, MY, IN, AE; disputeFee of BR, TH, MY, IN, AE;
 * delay of TH, MY, IN, AE. disputeFee of CZ, DK, HU, PL, RO, SE, NO, CH, LI is Stripe's list for disputed SEPA debits.
 * Surprise: Europe is one debit region that includes GB, CH, LI and GI; Bulgaria has used the euro since 2026. HK and JP
 * have account debits but no bank debits. GI may be debited inside Europe, but is outside the cross-border group.
 */
const EUROPE = { debitRegion: 'EU', autoDebit: true, minimumPayout: 1, crossBorder: true, holdDaysMax: 90 } as const;
const ELSEWHERE = {
  debitRegion: null,
  autoDebit: false,
  minimumPayout: 1,
  crossBorder: false,
  holdDaysMax: 90,
} as const;
const SEVEN_DAYS = { days: 7, kind: 'calendar' } as const;
const SEVEN_BUSINESS_DAYS = { days: 7, kind: 'business' } as const;
const ESTABLISHED = { days: 3, kind: 'business' } as const;

const EURO_AREA = {
  ...EUROPE,
  defaultCurrency: 'eur',
  delay: SEVEN_DAYS,
  established: ESTABLISHED,
  cardFee: { bps: 150, fixed: 25 },
  disputeFee: 2000,
} as const;

const table = {
  US: {
    defaultCurrency: 'usd',
    debitRegion: 'US',
    autoDebit: true,
    delay: { days: 2, kind: 'business' },
    cardFee: { bps: 290, fixed: 30 },
    disputeFee: 1500,
    minimumPayout: 1,
    crossBorder: true,
    holdDaysMax: 730,
    payoutReversals: true,
  },
  CA: {
    defaultCurrency: 'cad',
    debitRegion: 'CA',
    autoDebit: true,
    delay: SEVEN_DAYS,
    established: ESTABLISHED,
    cardFee: { bps: 290, fixed: 30 },
    disputeFee: 1500,
    minimumPayout: 1,
    crossBorder: true,
    holdDaysMax: 90,
    payoutReversals: true,
  },
  AU: {
    ...ELSEWHERE,
    defaultCurrency: 'aud',
    debitRegion: 'AU',
    autoDebit: true,
    delay: { days: 2, kind: 'business' },
    cardFee: { bps: 170, fixed: 30 },
    disputeFee: 2500,
  },
  NZ: {
    ...ELSEWHERE,
    defaultCurrency: 'nzd',
    debitRegion: 'NZ',
    autoDebit: true,
    delay: { days: 4, kind: 'business' },
    cardFee: { bps: 270, fixed: 30 },
    disputeFee: 2500,
  },
  HK: {
    ...ELSEWHERE,
    defaultCurrency: 'hkd',
    debitRegion: 'HK',
    delay: SEVEN_DAYS,
    cardFee: { bps: 340, fixed: 235 },
    disputeFee: 8500,
    minimumPayout: 2000,
  },
  JP: {
    ...ELSEWHERE,
    defaultCurrency: 'jpy',
    debitRegion: 'JP',
    delay: { days: 4, kind: 'business' },
    cardFee: { bps: 360, fixed: 0 },
    disputeFee: 1300,
    dailyPayouts: 'never',
  },
  GB: {
    ...EUROPE,
    defaultCurrency: 'gbp',
    delay: SEVEN_DAYS,
    established: ESTABLISHED,
    cardFee: { bps: 150, fixed: 20 },
    disputeFee: 2000,
  },
  AT: EURO_AREA,
  BE: EURO_AREA,
  BG: EURO_AREA,
  CY: EURO_AREA,
  DE: EURO_AREA,
  EE: EURO_AREA,
  ES: EURO_AREA,
  FI: EURO_AREA,
  FR: EURO_AREA,
  GR: EURO_AREA,
  HR: EURO_AREA,
  IE: EURO_AREA,
  IT: EURO_AREA,
  LT: EURO_AREA,
  LU: EURO_AREA,
  LV: EURO_AREA,
  MT: EURO_AREA,
  NL: EURO_AREA,
  PT: EURO_AREA,
  SI: EURO_AREA,
  SK: EURO_AREA,
  CZ: { ...EUROPE, defaultCurrency: 'czk', delay: SEVEN_DAYS, cardFee: { bps: 150, fixed: 650 }, disputeFee: 36_000 },
  DK: { ...EUROPE, defaultCurrency: 'dkk', delay: SEVEN_DAYS, cardFee: { bps: 150, fixed: 180 }, disputeFee: 11_500 },
  HU: { ...EUROPE, defaultCurrency: 'huf', delay: SEVEN_DAYS, cardFee: { bps: 150, fixed: 8500 }, disputeFee: 575_000 },
  PL: { ...EUROPE, defaultCurrency: 'pln', delay: SEVEN_DAYS, cardFee: { bps: 150, fixed: 100 }, disputeFee: 6500 },
  RO: { ...EUROPE, defaultCurrency: 'ron', delay: SEVEN_DAYS, cardFee: { bps: 150, fixed: 100 }, disputeFee: 7000 },
  SE: { ...EUROPE, defaultCurrency: 'sek', delay: SEVEN_DAYS, cardFee: { bps: 150, fixed: 180 }, disputeFee: 17_500 },
  NO: { ...EUROPE, defaultCurrency: 'nok', delay: SEVEN_DAYS, cardFee: { bps: 240, fixed: 200 }, disputeFee: 17_500 },
  CH: { ...EUROPE, defaultCurrency: 'chf', delay: SEVEN_DAYS, cardFee: { bps: 290, fixed: 30 }, disputeFee: 1500 },
  LI: { ...EUROPE, defaultCurrency: 'chf', delay: SEVEN_DAYS, cardFee: { bps: 290, fixed: 30 }, disputeFee: 1500 },
  GI: {
    ...EUROPE,
    defaultCurrency: 'gbp',
    crossBorder: false,
    delay: SEVEN_DAYS,
    cardFee: { bps: 150, fixed: 20 },
    disputeFee: 2000,
  },
  SG: {
    ...ELSEWHERE,
    defaultCurrency: 'sgd',
    delay: SEVEN_DAYS,
    cardFee: { bps: 340, fixed: 50 },
    disputeFee: 1500,
  },
  MX: {
    ...ELSEWHERE,
    defaultCurrency: 'mxn',
    delay: SEVEN_DAYS,
    established: ESTABLISHED,
    cardFee: { bps: 360, fixed: 300 },
    disputeFee: 30_000,
  },
  BR: {
    ...ELSEWHERE,
    defaultCurrency: 'brl',
    delay: { days: 30, kind: 'calendar' },
    cardFee: { bps: 399, fixed: 39 },
    disputeFee: 5500,
    dailyPayouts: 'only',
    sourceTransactionRequired: true,
  },
  TH: {
    ...ELSEWHERE,
    defaultCurrency: 'thb',
    delay: SEVEN_BUSINESS_DAYS,
    cardFee: { bps: 365, fixed: 1000 },
    disputeFee: 50_000,
    minimumPayout: 60_000,
    holdDaysMax: 10,
  },
  MY: {
    ...ELSEWHERE,
    defaultCurrency: 'myr',
    delay: SEVEN_BUSINESS_DAYS,
    cardFee: { bps: 300, fixed: 100 },
    disputeFee: 6000,
    minimumPayout: 13_300,
  },
  IN: {
    ...ELSEWHERE,
    defaultCurrency: 'inr',
    delay: SEVEN_BUSINESS_DAYS,
    cardFee: { bps: 200, fixed: 0 },
    disputeFee: 100_000,
    dailyPayouts: 'only',
  },
  AE: {
    ...ELSEWHERE,
    defaultCurrency: 'aed',
    delay: SEVEN_BUSINESS_DAYS,
    cardFee: { bps: 290, fixed: 100 },
    disputeFee: 6000,
    minimumPayout: 500,
  },
} as const satisfies Record<string, CountryRow>;

export type DebitRegion = 'US' | 'CA' | 'AU' | 'NZ' | 'HK' | 'JP' | 'EU';

interface Delay {
  readonly days: number;
  readonly kind: 'business' | 'calendar';
}

export interface CountryRow {
  readonly defaultCurrency: Currency;
  readonly debitRegion: DebitRegion | null;
  readonly autoDebit: boolean;
  readonly delay: Delay;
  readonly established?: Delay;
  readonly cardFee: { readonly bps: number; readonly fixed: number };
  readonly disputeFee: number;
  readonly minimumPayout: number;
  readonly crossBorder: boolean;
  readonly holdDaysMax: number;
  /** Absent: `daily` is one of the intervals. */
  readonly dailyPayouts?: 'never' | 'only';
  readonly payoutReversals?: true;
  /** Transfers to or from such an account need a source_transaction (X17). */
  readonly sourceTransactionRequired?: boolean;
}

export type Country = keyof typeof table;

export const countries: Readonly<Record<Country, CountryRow>> = table;

/** The longest delay that may be set for an account, in the days of its country's kind. */
export const DELAY_DAYS_MAX = 31;

/** Longer than any row waits for its day: the longest delay, in calendar days. */
export const ROW_WAITS_DAYS_MAX = 60;

export const isCountry = (code: string): code is Country => Object.hasOwn(table, code);

/** @returns undefined for a country that Evenkeel does not know */
export const countryOf = (code: string): CountryRow | undefined => (isCountry(code) ? countries[code] : undefined);

/** R78: one and the same region; a country without a region is in none, not even with itself. */
export const inOneDebitRegion = (a: Country, b: Country): boolean =>
  countries[a].debitRegion !== null && countries[a].debitRegion === countries[b].debitRegion;

/** R28: the same country, or both in the group US, CA, GB, EEA, CH. */
export const mayTransferBetween = (a: Country, b: Country): boolean =>
  a === b || (countries[a].crossBorder && countries[b].crossBorder);
