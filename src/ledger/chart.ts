import type { Currency } from '../data/currencies.ts';
import { birthOf, mint } from '../kernel/id.ts';
import type { Day } from '../kernel/time.ts';

/**
 * The chart: every place in a book where money can be.
 *
 * An account has `pending` and `available`. `reserved` is money of the platform that stands against one connected
 * account, so it is kept under that account. The house is the processor: what the card networks owe, what is on its way
 * to or from banks, fees earned, losses taken, conversion, and opening balances.
 */
export type LedgerAccount =
  | { readonly bucket: 'available'; readonly owner: string; readonly currency: Currency }
  | { readonly bucket: 'pending'; readonly owner: string; readonly currency: Currency; readonly day: Day }
  | { readonly bucket: 'reserved'; readonly owner: string; readonly currency: Currency }
  | { readonly bucket: HouseBucket; readonly owner: 'house'; readonly currency: Currency };

/** The numbers are written to the journal's legs and never change. A bucket number is read together with its owner: 0 is the house. */
const accountBuckets = { available: 0, pending: 1, reserved: 2 } as const;
const houseBuckets = {
  card_network: 0,
  bank_in_transit: 1,
  bank: 2,
  fees: 3,
  losses: 4,
  fx: 5,
  opening: 6,
} as const;
export type HouseBucket = keyof typeof houseBuckets;
export type AccountBucket = keyof typeof accountBuckets;

/** From when the money of a row may be spent: at once, or from 00:00 UTC of a day. */
export type When = Day | 'now';

export const available = (owner: string, currency: Currency): LedgerAccount => ({
  bucket: 'available',
  owner,
  currency,
});
export const pending = (owner: string, currency: Currency, day: Day): LedgerAccount => ({
  bucket: 'pending',
  owner,
  currency,
  day,
});
/** The `@` of the rules: `available` when the money may be spent now, else `pending` until its day. */
export const settling = (owner: string, currency: Currency, on: When): LedgerAccount =>
  on === 'now' ? available(owner, currency) : pending(owner, currency, on);
/** The platform's money held because `owner`, a connected account, is negative. */
export const reserved = (owner: string, currency: Currency): LedgerAccount => ({ bucket: 'reserved', owner, currency });
export const house = (bucket: HouseBucket, currency: Currency): LedgerAccount => ({ bucket, owner: 'house', currency });

// ---- how a ledger account is written as one integer: owner, currency, bucket -------------------------------------------

const bucketSpan = 8;
const currencySpan = 32_768;
const ownerStep = bucketSpan * currencySpan;

const packedCurrencies = new Map<string, number>();
function packCurrency(currency: string): number {
  let packed = packedCurrencies.get(currency);
  if (packed === undefined) {
    packed = 0;
    for (let i = 0; i < 3; i++) packed = packed * 26 + (currency.charCodeAt(i) - 97);
    packedCurrencies.set(currency, packed);
  }
  return packed;
}

function unpackCurrency(packed: number): Currency {
  const letter = (n: number) => String.fromCharCode(97 + n);
  return (letter(Math.floor(packed / 676)) + letter(Math.floor(packed / 26) % 26) + letter(packed % 26)) as Currency;
}

/** The number of an account within its book: the operation that made it. The house is 0. */
export function accountNo(owner: string, book: number): number {
  if (owner === 'house') return 0;
  const birth = birthOf(owner, book);
  if (birth === null) throw new RangeError(`${owner} is not an account of book ${book}`);
  return birth.seq;
}

/** The account of this number. An operation makes at most one account, at place 0. */
export const accountId = (no: number, book: number): string => mint('acct', book, { seq: no, pos: 0 });

export function ledgerNo(account: LedgerAccount, ownerNo: number): number {
  const bucket =
    account.owner === 'house'
      ? houseBuckets[account.bucket as HouseBucket]
      : accountBuckets[account.bucket as AccountBucket];
  return ownerNo * ownerStep + packCurrency(account.currency) * bucketSpan + bucket;
}

/** An account and a currency as one number, which stands in the number of each of the account's legs. */
export const balanceNo = (ownerNo: number, currency: string): number => ownerNo * currencySpan + packCurrency(currency);

export const readBalanceNo = (no: number): { readonly ownerNo: number; readonly currency: Currency } => ({
  ownerNo: Math.floor(no / currencySpan),
  currency: unpackCurrency(no % currencySpan),
});

/** What `readLedgerNo` says of an account, as numbers, for whoever reads very many legs; the owner 0 is the house. */
export const splitLedgerNo = (
  no: number,
): { readonly ownerNo: number; readonly balance: number; readonly currencyNo: number; readonly bucketNo: number } => {
  // Without remainders, which take long where numbers pass 32 bits.
  const balance = Math.floor(no / bucketSpan);
  const ownerNo = Math.floor(balance / currencySpan);
  return { ownerNo, balance, currencyNo: balance - ownerNo * currencySpan, bucketNo: no - balance * bucketSpan };
};
export const bucketNos = accountBuckets;

/** What a leg's number says; the day of pending money stands in the row, not in the leg. */
export function readLedgerNo(no: number): {
  ownerNo: number;
  currency: Currency;
  bucket: AccountBucket | HouseBucket;
} {
  const ownerNo = Math.floor(no / ownerStep);
  const rest = no % ownerStep;
  const names = Object.keys(ownerNo === 0 ? houseBuckets : accountBuckets) as (AccountBucket | HouseBucket)[];
  const bucket = names[rest % bucketSpan];
  if (bucket === undefined) throw new RangeError(`${no} names no ledger account`);
  return { ownerNo, currency: unpackCurrency(Math.floor(rest / bucketSpan)), bucket };
}
