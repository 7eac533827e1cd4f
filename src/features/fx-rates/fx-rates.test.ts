import { describe, expect, test } from 'vitest';
import { platformOf } from '../../../test/support/parties.ts';
import type { ViewEnv } from '../../api/view.ts';
import { fxRates } from '../../data/fx-rates.ts';
import { testContext } from '../../engine/testing.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { figureMax, type SentRate, withRates } from './rules.ts';
import { setFxRates } from './set.ts';
import { fxRatesView } from './view.ts';

const platform = platformOf();

function set(rates: Readonly<Record<string, SentRate>>, account = platform) {
  const answer = setFxRates.decide({ rates }, { platform: account }, testContext());
  if (isRefusal(answer)) throw new Error(answer.error.message);
  return answer;
}

test('M45 the first change makes a table of its own, of the default one', () => {
  const decision = set({ EUR: { units: 100, usd: 120 }, kwd: { units: 3, usd: 10 } });
  const changed = decision.result;
  expect(changed.platform?.fx_rates).toEqual({
    ...fxRates,
    eur: { units: 100, usd: 120 },
    kwd: { units: 3, usd: 10 },
  });
  expect(decision.put).toEqual([changed]);
  expect(decision.emit).toBeUndefined();
  const { platform: own, ...rest } = changed;
  expect({ ...rest, platform: platform.platform }).toEqual(platform);
});

test('M45 later changes are made in that table, and take nothing out of it', () => {
  const own = set({ kwd: { units: 3, usd: 10 } }).result;
  expect(set({ jpy: { units: 140, usd: 1 } }, own).result.platform?.fx_rates).toEqual({
    ...fxRates,
    kwd: { units: 3, usd: 10 },
    jpy: { units: 140, usd: 1 },
  });
});

test('what is shown', () => {
  const shown = (account = platform) => fxRatesView.render(account, {} as ViewEnv);
  expect(shown()).toMatchObject({ object: 'fx_rates', own: false, rates: fxRates });
  const wire = shown(set({ kwd: { units: 3, usd: 10 } }).result);
  expect(wire).toMatchObject({ own: true, rates: { kwd: { units: 3, usd: 10 }, usd: { units: 1, usd: 1 } } });
  const codes = Object.keys(wire.rates as object);
  expect(codes).toEqual([...codes].sort());
});

describe('what is no rate', () => {
  const table: readonly [string, SentRate, string | null][] = [
    ['xyz', { units: 1, usd: 1 }, 'invalid_currency'],
    ['usd', { units: 2, usd: 1 }, 'invalid_value'],
    ['usd', { units: 7, usd: 7 }, null],
    // A cent is 100 000 and 100 001 of the smallest unit.
    ['eur', { units: 100_000, usd: 1 }, null],
    ['eur', { units: 100_001, usd: 1 }, 'invalid_value'],
    ['jpy', { units: figureMax, usd: 1 }, null],
    ['jpy', { units: 1, usd: 1 }, null],
    ['kwd', { units: 10_001, usd: 1 }, 'invalid_value'],
    ['eur', { units: 1, usd: 100 }, null],
    ['eur', { units: 1, usd: 101 }, 'invalid_value'],
  ];
  test.each(table)('%s %o: %s', (code, rate, name) => {
    const answer = withRates(fxRates, { [code]: rate });
    expect(isRefusal(answer) ? answer.name : null).toBe(name);
    if (isRefusal(answer)) expect(answer.error.param).toBe(`rates[${code}]`);
  });

  test('a dollar is kept as one', () => {
    expect(withRates(fxRates, { usd: { units: 7, usd: 7 } })).toEqual(fxRates);
  });
});
