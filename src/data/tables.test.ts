import { describe, expect, test } from 'vitest';
import {
  adjustmentCategories,
  adjustmentCategoryOf,
  balanceTransactionTypeOf,
  balanceTransactionTypes,
  isBalanceTransactionType,
  reportingCategory,
} from './balance-transaction-types.ts';
import { capabilities, isCapability } from './capabilities.ts';
import {
  accountTypes,
  controllerPresets,
  debitNegativeBalancesDefault,
  isControllerPossible,
  typeOf,
} from './controllers.ts';
import {
  type Country,
  type CountryRow,
  countries,
  countryOf,
  DELAY_DAYS_MAX,
  inOneDebitRegion,
  isCountry,
  mayTransferBetween,
} from './countries.ts';
import { currencies, currencyCodes, isCurrency, minimumCharge, payoutStep } from './currencies.ts';
import { eventTypeOf, eventTypes, isEventType } from './event-types.ts';
import { fees, instantPayoutBps, optionalFees } from './fees.ts';
import { fxRate, fxRates } from './fx-rates.ts';
import { instantPayoutLimitsOf, limits, RESERVES_DEFAULT_SINCE } from './limits.ts';
import { isBankDebitMethod, paymentDelays } from './payment-delays.ts';

const rows = Object.entries(countries) as [Country, CountryRow][];
const unique = (numbers: readonly number[]) => new Set(numbers).size === numbers.length;

describe('currencies', () => {
  test('stand in the order of the error message', () => {
    expect(currencyCodes.slice(0, 5)).toEqual(['usd', 'aed', 'afn', 'all', 'amd']);
    expect(currencyCodes.at(-1)).toBe('mro');
    expect(currencyCodes).toHaveLength(151);
  });

  test('decimals', () => {
    const of = (decimals: number) => currencyCodes.filter((code) => currencies[code].decimals === decimals).join(' ');
    expect(of(0)).toBe('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf');
    expect(of(3)).toBe('bhd jod kwd omr tnd');
  });

  test('steps', () => {
    expect(currencyCodes.filter((code) => currencies[code].step === 100)).toEqual(['isk', 'ugx']);
    expect(currencyCodes.filter((code) => payoutStep(code) === 100)).toEqual(['huf', 'isk', 'twd', 'ugx']);
    for (const code of currencyCodes) {
      if (currencies[code].decimals === 3) expect(currencies[code].step).toBe(10);
      expect(minimumCharge(code) % currencies[code].step).toBe(0);
    }
  });

  test('R32 smallest charges', () => {
    const table = {
      usd: 50,
      eur: 50,
      gbp: 30,
      jpy: 50,
      hkd: 400,
      huf: 17_500,
      mxn: 1_000,
      aed: 200,
      afn: 1,
      kwd: 10,
    } as const;
    for (const [code, amount] of Object.entries(table)) expect(minimumCharge(code as 'usd')).toBe(amount);
  });

  test('isCurrency', () => {
    expect(isCurrency('usd')).toBe(true);
    for (const code of ['USD', 'xxd', '', 'toString', '__proto__']) expect(isCurrency(code)).toBe(false);
  });
});

describe('countries', () => {
  test.each(rows)('%s is complete', (_code, row) => {
    expect(isCurrency(row.defaultCurrency)).toBe(true);
    expect(fxRate({ from: row.defaultCurrency, to: 'usd' })).toBeDefined();
    const integers = [
      row.cardFee.bps,
      row.cardFee.fixed,
      row.disputeFee,
      row.minimumPayout,
      row.holdDaysMax,
      row.delay.days,
    ];
    for (const value of integers) expect(Number.isSafeInteger(value) && value >= 0).toBe(true);
    expect(row.delay.days).toBeLessThanOrEqual(DELAY_DAYS_MAX);
    expect(row.minimumPayout).toBeGreaterThan(0);
    expect(row.minimumPayout % payoutStep(row.defaultCurrency) === 0 || row.minimumPayout === 1).toBe(true);
  });

  test('there are 45', () => expect(rows).toHaveLength(45));

  test('unknown ones are undefined', () => {
    expect(countryOf('US')?.defaultCurrency).toBe('usd');
    for (const code of ['us', 'XX', 'constructor']) {
      expect(countryOf(code)).toBeUndefined();
      expect(isCountry(code)).toBe(false);
    }
  });

  test('R77 debit regions', () => {
    const without = rows.filter(([, row]) => row.debitRegion === null).map(([code]) => code);
    expect(without).toEqual(['SG', 'MX', 'BR', 'TH', 'MY', 'IN', 'AE']);
  });

  test('R78 one region', () => {
    expect(inOneDebitRegion('US', 'US')).toBe(true);
    expect(inOneDebitRegion('GB', 'CH')).toBe(true);
    expect(inOneDebitRegion('DE', 'GI')).toBe(true);
    expect(inOneDebitRegion('US', 'CA')).toBe(false);
    expect(inOneDebitRegion('SG', 'SG')).toBe(false);
  });

  test('R96, R98 bank debits', () => {
    const without = rows.filter(([, row]) => !row.autoDebit).map(([code]) => code);
    expect(without).toEqual(['HK', 'JP', 'SG', 'MX', 'BR', 'TH', 'MY', 'IN', 'AE']);
  });

  test('R28 transfers across borders', () => {
    expect(mayTransferBetween('US', 'DE')).toBe(true);
    expect(mayTransferBetween('GB', 'CA')).toBe(true);
    expect(mayTransferBetween('BR', 'BR')).toBe(true);
    expect(mayTransferBetween('US', 'BR')).toBe(false);
    expect(mayTransferBetween('AU', 'NZ')).toBe(false);
  });

  test('R191 holding limits', () => {
    expect(countries.TH.holdDaysMax).toBe(10);
    expect(countries.US.holdDaysMax).toBe(730);
    expect(rows.filter(([, row]) => row.holdDaysMax === 90)).toHaveLength(rows.length - 2);
  });

  test('delays', () => {
    expect(countries.US.delay).toEqual({ days: 2, kind: 'business' });
    expect(countries.DE).toMatchObject({
      delay: { days: 7, kind: 'calendar' },
      established: { days: 3, kind: 'business' },
    });
    expect(countries.BR.delay).toEqual({ days: 30, kind: 'calendar' });
    expect(paymentDelays.us_bank_account.days).toBe(4);
    expect(isBankDebitMethod('card')).toBe(false);
  });
});

describe('rates', () => {
  test('are fractions of positive integers', () => {
    for (const { units, usd } of Object.values(fxRates)) {
      expect(Number.isSafeInteger(units) && units > 0).toBe(true);
      expect(Number.isSafeInteger(usd) && usd > 0).toBe(true);
    }
  });

  test('there and back is 1', () => {
    const there = fxRate({ from: 'eur', to: 'jpy' })!;
    const back = fxRate({ from: 'jpy', to: 'eur' })!;
    expect(there.numerator * back.numerator).toBe(there.denominator * back.denominator);
    expect(there.numerator / there.denominator).toBe(165);
  });

  test('without a row there is none', () => {
    expect(fxRate({ from: 'afn', to: 'usd' })).toBeUndefined();
    expect(fxRate({ from: 'afn', to: 'afn' })).toEqual({ numerator: 1, denominator: 1 });
  });
});

test('fees and limits are integers', () => {
  const values = [...Object.values(fees), ...Object.values(optionalFees), ...Object.values(limits)];
  for (const value of values) expect(value === null || Number.isSafeInteger(value)).toBe(true);
  expect(instantPayoutBps('AU')).toBe(150);
  expect(instantPayoutBps('US')).toBe(100);
  expect(instantPayoutLimitsOf('GB')).toEqual({ minimum: 40, maximum: 999_900 });
  expect(instantPayoutLimitsOf('DE')).toBeUndefined();
  expect(RESERVES_DEFAULT_SINCE).toBe(Date.UTC(2017, 1, 1) / 1000);
});

describe('controllers', () => {
  test('presets are recognised', () => {
    for (const type of accountTypes) expect(typeOf(controllerPresets[type])).toBe(type);
    expect(typeOf({ ...controllerPresets.express, fees: { payer: 'application' } })).toBe('none');
  });

  test('R18 only custom accounts start without bank debits', () => {
    expect(accountTypes.map((type) => debitNegativeBalancesDefault(controllerPresets[type]))).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('X70 somebody has to be liable', () => {
    for (const type of accountTypes) expect(isControllerPossible(controllerPresets[type])).toBe(true);
    expect(isControllerPossible({ ...controllerPresets.custom, requirement_collection: 'stripe' })).toBe(false);
  });
});

test('capabilities', () => {
  expect(isCapability('transfers')).toBe(true);
  expect(isCapability('teleport')).toBe(false);
  expect(new Set(capabilities).size).toBe(capabilities.length);
});

// What is stored must keep its meaning: these numbers may be added to, never changed.
describe('stored numbers', () => {
  test('of balance transaction types are unique and lead back', () => {
    expect(unique(Object.values(balanceTransactionTypes).map(({ number }) => number))).toBe(true);
    for (const [name, { number }] of Object.entries(balanceTransactionTypes)) {
      expect(balanceTransactionTypeOf(number)).toBe(name);
      expect(isBalanceTransactionType(name)).toBe(true);
    }
    expect(balanceTransactionTypeOf(0)).toBeUndefined();
  });

  test('of adjustment categories are unique and lead back', () => {
    for (const [name, { number }] of Object.entries(adjustmentCategories))
      expect(adjustmentCategoryOf(number)).toBe(name);
  });

  test('of event types are unique and lead back', () => {
    expect(unique(Object.values(eventTypes).map(({ number }) => number))).toBe(true);
    for (const [name, { number }] of Object.entries(eventTypes)) {
      expect(eventTypeOf(number)).toBe(name);
      expect(isEventType(name)).toBe(true);
    }
    expect(isEventType('reserve.created')).toBe(false);
  });

  test('have not moved', () => {
    expect(balanceTransactionTypes.connect_collection_transfer.number).toBe(22);
    expect(eventTypes['payment.created']).toEqual({ number: 52, object: 'charge' });
    expect(eventTypes['transfer.reversed'].number).toBe(79);
  });
});

test('an adjustment says what it is, other types know', () => {
  expect(reportingCategory('payment')).toBe('charge');
  expect(reportingCategory('stripe_fee')).toBe('fee');
  expect(reportingCategory('adjustment', 'dispute')).toBe('dispute');
  // @ts-expect-error an adjustment needs its category
  reportingCategory('adjustment');
  // @ts-expect-error a charge has its own
  reportingCategory('charge', 'dispute');
});
