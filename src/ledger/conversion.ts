/**
 * Money that changes its currency on the way (M45). It goes through `house/fx` in both currencies, so that each currency
 * sums to zero: what comes in stands there in the one, what goes out in the other. There is no spread.
 *
 *     settlementCurrency  in which currency an account gets what is paid to it
 *     refuseConversion    whether an amount can be converted at all; asked before anything moves
 *     convertTo           a fixed amount leaves its place, what it is worth arrives: payments, transfers, fees
 *     convertBack         a fixed amount arrives, what it is worth leaves: refunds, reversals, fee refunds, disputes
 *
 * Everything here costs one comparison where there is nothing to convert.
 */
import { type Currency, currencies } from '../data/currencies.ts';
import { type FxTable, fxRate, fxRates, type Rate } from '../data/fx-rates.ts';
import { assert } from '../kernel/assert.ts';
import { convert, formatMoney, type Minor, minor } from '../kernel/money.ts';
import { type Refusal, refuse } from '../kernel/refusal.ts';
import { house, type LedgerAccount } from './chart.ts';
import { type Move, move, moveIfAny } from './posting.ts';

/** What decides which currencies an account can hold. */
export interface Holder {
  readonly default_currency: Currency;
  readonly external_accounts: readonly { readonly currency: Currency }[];
}

/**
 * In which currency an account gets a payment: the payment's own if that is its default or it has a bank account or card
 * in it, otherwise its default.
 */
export const settlementCurrency = ({ default_currency, external_accounts }: Holder, currency: Currency): Currency =>
  currency === default_currency || external_accounts.some((external) => external.currency === currency)
    ? currency
    : default_currency;

/** The rates of a platform: its own table, or the default one. */
export const ratesOf = (account: { readonly platform?: { readonly fx_rates?: FxTable } } | undefined): FxTable =>
  account?.platform?.fx_rates ?? fxRates;

/** A conversion, or its absence. */
export interface Conversion {
  /** On the side that was not fixed; minor units of that side's currency. */
  readonly amount: Minor;
  /** For the row on that side; absent where both sides have one currency. */
  readonly exchange_rate?: number;
  /** In order: out of `from`, into `to`. A side on which the amount rounds to nothing has none. */
  readonly moves: readonly Move[];
}

interface Pair {
  readonly from: Currency;
  readonly to: Currency;
}

interface Ends {
  readonly from: LedgerAccount;
  readonly to: LedgerAccount;
}

/** A rate that is known to be there, because `refuseConversion` was asked, and a table only grows. */
function rateOf(pair: Pair, rates: FxTable): Rate {
  const rate = fxRate(pair, rates);
  assert(rate, 'what is converted has a rate');
  return rate;
}

const significantDigits = 6;

/** As a row shows it: minor units of `to` for one minor unit of `from`, six significant digits. */
function exchangeRate({ from, to }: Pair, { numerator, denominator }: Rate): number {
  const units = 10 ** currencies[to].decimals / 10 ** currencies[from].decimals;
  return Number(((numerator / denominator) * units).toPrecision(significantDigits));
}

/**
 * What an amount is worth in another currency, halves away from zero.
 *
 * @param rates has both currencies
 * @rule M45
 */
export const exchanged = (amount: Minor, pair: Pair, rates: FxTable): Minor =>
  pair.from === pair.to ? amount : convert(amount, { ...pair, rate: rateOf(pair, rates) });

/**
 * Takes `amount` out of `from` and puts what it is worth into `to`.
 *
 * @param amount  >= 0, minor units of the currency of `from`
 * @returns `amount` in the currency of `to`, and the rate of its row
 * @rule M45
 */
export function convertTo(amount: Minor, ends: Ends, rates: FxTable): Conversion {
  const pair = { from: ends.from.currency, to: ends.to.currency };
  if (pair.from === pair.to) return { amount, moves: moveIfAny(amount, ends) };
  const rate = rateOf(pair, rates);
  const worth = convert(amount, { ...pair, rate });
  return { amount: worth, exchange_rate: exchangeRate(pair, rate), moves: through(ends, amount, worth) };
}

/**
 * Puts `amount` into `to` and takes what it is worth out of `from`: the way back of money that was converted, at the rate
 * of now.
 *
 * @param amount  >= 0, minor units of the currency of `to`
 * @returns `amount` in the currency of `from`, positive, and the rate of its row: as on the way there, minor units of the
 *          row's currency for one minor unit of the refund's, reversal's or fee's
 * @rule M45, M10 to M12, M16, M17, M18
 */
export function convertBack(amount: Minor, ends: Ends, rates: FxTable): Conversion {
  const pair = { from: ends.to.currency, to: ends.from.currency };
  if (pair.from === pair.to) return { amount, moves: moveIfAny(amount, ends) };
  const rate = rateOf(pair, rates);
  const worth = convert(amount, { ...pair, rate });
  return { amount: worth, exchange_rate: exchangeRate(pair, rate), moves: through(ends, worth, amount) };
}

/** Both sides through the conversion position. */
const through = ({ from, to }: Ends, out: Minor, into: Minor): Move[] => [
  ...(out === 0 ? [] : [move(out, { from, to: house('fx', from.currency) })]),
  ...(into === 0 ? [] : [move(into, { from: house('fx', to.currency), to })]),
];

/** The part of a row that tells of a conversion; nothing where there was none. */
export const rated = ({ exchange_rate }: Conversion): { readonly exchange_rate?: number } =>
  exchange_rate === undefined ? {} : { exchange_rate };

/** Is there a rate? For parts of a payment, such as fees, that may well be worth nothing. */
export const refuseRate = (pair: Pair, rates: FxTable): Refusal | undefined =>
  fxRate(pair, rates) ? undefined : refuse('conversion_without_rate', { ...pair });

/**
 * May the amount be converted: is there a rate, and is what comes of it an amount at all?
 *
 * @param amount  > 0, minor units of `from`
 * @param param  as the caller named the amount
 */
export function refuseConversion(
  amount: Minor,
  pair: Pair,
  rates: FxTable,
  param: string = 'amount',
): Refusal | undefined {
  const { from, to } = pair;
  if (from === to) return undefined;
  const rate = fxRate(pair, rates);
  if (!rate) return refuseRate(pair, rates);
  // Half of what can be counted: the rounding of the rate then never matters.
  const most = Math.floor(Number.MAX_SAFE_INTEGER / exchangeRate(pair, rate) / 2);
  if (amount > most) return refuse('amount_too_large', { maximum: formatMoney(minor(most), from), param });
  if (convert(amount, { ...pair, rate }) > 0) return undefined;
  const minimum = formatMoney(minor(currencies[to].step), to);
  return refuse('conversion_too_small', { minimum, amount: formatMoney(amount, from), param });
}
