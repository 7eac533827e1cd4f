import type { Currency } from './currencies.ts';

/**
 * What currencies are worth: so many whole units (not cents) equal so many whole US dollars, both integers, so that a rate
 * is an exact fraction in either direction.
 *
 * Source: Evenkeel default, round figures, 2026-11-22. An operator replaces the table; rules always take one as argument.
 * Surprise: a currency without a row cannot be converted at all, which is refused rather than guessed.
 */
export const fxRates: FxTable = {
  usd: { units: 1, usd: 1 },
  aed: { units: 367, usd: 100 },
  aud: { units: 150, usd: 100 },
  bgn: { units: 100, usd: 56 },
  brl: { units: 550, usd: 100 },
  cad: { units: 140, usd: 100 },
  chf: { units: 100, usd: 120 },
  czk: { units: 22, usd: 1 },
  dkk: { units: 680, usd: 100 },
  eur: { units: 100, usd: 110 },
  gbp: { units: 100, usd: 130 },
  hkd: { units: 780, usd: 100 },
  huf: { units: 360, usd: 1 },
  inr: { units: 85, usd: 1 },
  jpy: { units: 150, usd: 1 },
  mxn: { units: 20, usd: 1 },
  myr: { units: 420, usd: 100 },
  nok: { units: 10, usd: 1 },
  nzd: { units: 170, usd: 100 },
  pln: { units: 400, usd: 100 },
  ron: { units: 450, usd: 100 },
  sek: { units: 10, usd: 1 },
  sgd: { units: 130, usd: 100 },
  thb: { units: 35, usd: 1 },
};

export type FxTable = { readonly [C in Currency]?: { readonly units: number; readonly usd: number } };

/** Whole units of one currency for one whole unit of another, as a fraction of positive integers. */
export interface Rate {
  readonly numerator: number;
  readonly denominator: number;
}

/** @returns undefined when the table lacks one of the two currencies */
export function fxRate({ from, to }: { from: Currency; to: Currency }, table: FxTable = fxRates): Rate | undefined {
  if (from === to) return { numerator: 1, denominator: 1 };
  const source = table[from];
  const target = table[to];
  if (!source || !target) return undefined;
  return { numerator: source.usd * target.units, denominator: source.units * target.usd };
}
