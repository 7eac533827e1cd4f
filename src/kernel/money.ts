import { type Currency, currencies } from '../data/currencies.ts';
import { type FxTable, fxRate, fxRates, type Rate } from '../data/fx-rates.ts';
import { assert } from './assert.ts';

declare const unit: unique symbol;

/** An integer count of the currency's smallest unit: cents of usd, whole yen of jpy, fils of kwd. */
export type Minor = number & { readonly [unit]: 'minor' };

/** The only way into `Minor`: whatever arithmetic gave `value`, it is checked here. */
export function minor(value: number): Minor {
  assert(Number.isSafeInteger(value), 'money is a safe integer');
  // Adding 0 turns -0 into 0: a negated zero is otherwise unequal to zero for Object.is and Map keys printed from it.
  return (value + 0) as Minor;
}

export const ZERO: Minor = minor(0);

/** Any Stripe object with `amount` and `currency` is already Money, so a Transfer or a Charge can be passed as one. */
export interface Money {
  readonly amount: Minor;
  readonly currency: Currency;
}

/** `numerator / denominator` to the nearest integer, halves away from zero; the denominator is positive. */
function rounded(numerator: bigint, denominator: bigint): number {
  assert(denominator > 0n, 'a denominator is positive');
  const magnitude = numerator < 0n ? -numerator : numerator;
  const nearest = (2n * magnitude + denominator) / (2n * denominator);
  return Number(numerator < 0n ? -nearest : nearest);
}

/**
 * `total * part / whole`, to the nearest unit, halves away from zero, as everything is rounded.
 *
 * Use it cumulatively: give `part` as everything so far and subtract what was already taken, so that the last part takes
 * the odd unit and the parts add up to `total` exactly.
 */
export function share(total: Minor, { part, whole }: { part: Minor; whole: Minor }): Minor {
  assert(total >= 0, 'a share is taken of nothing negative');
  assert(part >= 0, 'a part is not negative');
  assert(part <= whole, 'a share is at most the whole');
  assert(whole > 0, 'the whole is positive');
  // Two amounts of eight digits multiply past 2^53, so the product alone is a bigint.
  return minor(rounded(BigInt(total) * BigInt(part), BigInt(whole)));
}

/**
 * A percentage in basis points (290 is 2.90 %), halves away from zero.
 *
 * @param amount      >= 0
 * @param basisPoints integer >= 0
 */
export function bps(amount: Minor, basisPoints: number): Minor {
  assert(amount >= 0, 'a percentage is taken of nothing negative');
  assert(Number.isSafeInteger(basisPoints), 'basis points are an integer');
  assert(basisPoints >= 0, 'basis points are not negative');
  return minor(rounded(BigInt(amount) * BigInt(basisPoints), 10_000n));
}

/**
 * Changes an amount into another currency (M45), halves away from zero.
 *
 * @param amount may be negative
 * @param rate   whole units of `to` for one whole unit of `from` (dollars, not cents), as an exact fraction
 * @returns minor units of `to`, a multiple of the currency's step: isk has no cents, kwd ends in 0
 */
export function convert(amount: Minor, { from, to, rate }: { from: Currency; to: Currency; rate: Rate }): Minor {
  assert(rate.numerator > 0, 'a rate is positive');
  assert(rate.denominator > 0, 'a rate is a fraction of positive integers');
  if (from === to) return amount;
  const { decimals, step } = currencies[to];
  const numerator = BigInt(amount) * BigInt(rate.numerator) * 10n ** BigInt(decimals);
  const denominator = BigInt(rate.denominator) * 10n ** BigInt(currencies[from].decimals) * BigInt(step);
  return minor(rounded(numerator, denominator) * step);
}

/**
 * What an amount is worth in US cents (R80 compares it with the largest account debit).
 *
 * @returns undefined when the table has no rate for the currency
 */
export function usdEquivalent(amount: Minor, currency: Currency, table: FxTable = fxRates): Minor | undefined {
  const rate = fxRate({ from: currency, to: 'usd' }, table);
  return rate && convert(amount, { from: currency, to: 'usd', rate });
}

/** An amount as Stripe writes it in messages: `$0.50`, `$999,999.99`, `¥50`, `-€11.00`, `KWD 1.500`. */
export function formatMoney(amount: Minor, currency: Currency): string {
  const { decimals, symbol } = currencies[currency];
  const digits = String(Math.abs(amount)).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals).replace(/\B(?=(\d{3})+$)/g, ',');
  const fraction = decimals === 0 ? '' : `.${digits.slice(-decimals)}`;
  return `${amount < 0 ? '-' : ''}${symbol}${whole}${fraction}`;
}
