import { type Currency, currencies, currencyCodes, isCurrency } from '../../data/currencies.ts';
import type { FxTable } from '../../data/fx-rates.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';

/** One row as it is sent: so many whole units of a currency equal so many whole US dollars. */
export interface SentRate {
  readonly units: number;
  readonly usd: number;
}

/** Two of them multiply to less than 2 ** 53. */
export const figureMax = 10_000_000;

/**
 * What a US cent may be worth, in the smallest unit of a currency. Between any two currencies a charge of the largest amount
 * then still converts to something that can be counted.
 */
const perCentMin = 0.01;
const perCentMax = 100_000;
const usdDecimals = currencies.usd.decimals;

function refuseRow(code: string, { units, usd }: SentRate): Refusal | Currency {
  const param = `rates[${code}]`;
  const currency = code.toLowerCase();
  if (!isCurrency(currency)) {
    return refuse('invalid_currency', { currency: code, supported: currencyCodes.join(', '), param });
  }
  if (currency === 'usd' && units !== usd) return refuse('invalid_value', { param, reason: 'a dollar is a dollar' });
  const perCent = (units / usd) * 10 ** (currencies[currency].decimals - usdDecimals);
  if (perCent >= perCentMin && perCent <= perCentMax) return currency;
  return refuse('invalid_value', {
    param,
    reason: `one US cent must be worth between ${perCentMin} and ${perCentMax} of the currency's smallest unit`,
  });
}

/**
 * A table with rows replaced and added. None goes: what was converted can always be converted back.
 *
 * @param sent  by currency code in any case, figures between 1 and `figureMax`
 * @returns the whole table, or a refusal of the first wrong row
 * @rule M45
 */
export function withRates(table: FxTable, sent: Readonly<Record<string, SentRate>>): FxTable | Refusal {
  const changed: { [C in Currency]?: SentRate } = { ...table };
  for (const [code, { units, usd }] of Object.entries(sent)) {
    const currency = refuseRow(code, { units, usd });
    if (isRefusal(currency)) return currency;
    changed[currency] = currency === 'usd' ? { units: 1, usd: 1 } : { units, usd };
  }
  return changed;
}
