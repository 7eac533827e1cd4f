/** M45 in payments of every kind: worked figures, then any currencies at all. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bankOf, platformOf, sellerOf } from '../../../test/support/parties.ts';
import { controllerPresets } from '../../data/controllers.ts';
import type { Country } from '../../data/countries.ts';
import type { Currency } from '../../data/currencies.ts';
import { type FxTable, fxRates } from '../../data/fx-rates.ts';
import type { Decision, Reader } from '../../engine/command.ts';
import { testAccount, testContext, testPlatform } from '../../engine/testing.ts';
import { minor } from '../../kernel/money.ts';
import { isRefusal, type Refusal } from '../../kernel/refusal.ts';
import { EMPTY } from '../../ledger/balance.ts';
import { settlementCurrency } from '../../ledger/conversion.ts';
import { checkDecision } from '../../ledger/invariants.ts';
import type { AccountObject } from '../accounts/object.ts';
import { createTransfer } from '../transfers/create.ts';
import { type CreateCharge, createCharge } from './create.ts';
import { debitByCharge } from './debit.ts';

const A = testAccount(1);
const active = { requested: true, status: 'active' } as const;

/** 1 usd is 150 jpy, 0.3 kwd, 0.909… eur, 0.769… gbp. */
const rates: FxTable = { ...fxRates, kwd: { units: 3, usd: 10 } };

interface World {
  readonly platform?: { readonly country?: Country; readonly holds?: readonly Currency[] };
  readonly seller?: {
    readonly country?: Country;
    readonly holds?: readonly Currency[];
    readonly payer?: 'application';
  };
}

function people({ platform = {}, seller = {} }: World): { platform: AccountObject; seller: AccountObject } {
  const made = sellerOf(1, {
    country: seller.country ?? 'US',
    capabilities: { transfers: active, card_payments: active },
    controller: seller.payer
      ? { ...controllerPresets.express, fees: { payer: 'application' } }
      : controllerPresets.express,
  });
  const banks = (own: AccountObject, holds: readonly Currency[] = []) => [
    ...own.external_accounts,
    ...holds.map((currency) => bankOf(1, currency)),
  ];
  const P = platformOf({
    country: platform.country ?? 'US',
    platform: { application_name: 'Evenkeel', reserves_enabled: true, fx_rates: rates },
  });
  return {
    platform: { ...P, external_accounts: banks(P, platform.holds) },
    seller: { ...made, external_accounts: banks(made, seller.holds) },
  };
}

/** Loads as the engine does; no balance may move that was not asked for. */
function reader(accounts: readonly AccountObject[], available: number) {
  const asked = new Set<string>();
  const read: Reader = {
    find: (_kind, id) => accounts.find((account) => account.id === id) as never,
    own: () => undefined,
    balance(account, currency) {
      asked.add(`${account} ${currency}`);
      return { ...EMPTY, available: minor(available) };
    },
    maturing: () => [],
    credits: () => [],
  };
  return { read, asked };
}

function checked<D extends Decision>(decision: D | Refusal, asked: ReadonlySet<string>): D {
  if (isRefusal(decision)) throw new Error(`refused: ${decision.error.message}`);
  checkDecision(decision.post ?? [], decision.lines ?? []);
  for (const { moves } of decision.post ?? []) {
    for (const { owner, currency } of moves.flatMap(({ from, to }) => [from, to])) {
      if (owner !== 'house') expect(asked).toContain(`${owner} ${currency}`);
    }
  }
  return decision;
}

const card = { source: 'tok_visa' } as const;

interface Paid extends World {
  readonly on?: 'A';
  readonly params: Omit<CreateCharge, 'source'>;
}

function charge({ on, params, ...world }: Paid) {
  const { platform, seller } = people(world);
  const { read, asked } = reader([platform, seller], 0);
  const ctx = testContext(on === 'A' ? { account: A } : {});
  const sent = { ...card, ...params };
  return { asked, answer: createCharge.decide(sent, createCharge.load(read, sent, ctx), ctx) };
}

function pay(given: Paid) {
  const { answer, asked } = charge(given);
  return checked(answer, asked);
}

const rows = ({ lines = [] }: Decision) =>
  lines.map(({ account, type, currency, amount, fee, exchange_rate }) => [
    account === testPlatform ? 'P' : 'A',
    type,
    currency,
    amount,
    fee,
    exchange_rate,
  ]);

const to = (amount?: number) => ({ transfer_data: { destination: A, ...(amount && { amount: minor(amount) }) } });
const eur = (amount: number) => ({ amount: minor(amount), currency: 'eur' }) as const;
const fee = (amount: number) => ({ application_fee_amount: minor(amount) });

const examples: readonly [string, Paid, readonly (readonly unknown[])[]][] = [
  [
    'M1 in a currency that A cannot hold',
    { on: 'A', params: { ...eur(10_000), ...fee(1000) } },
    [
      ['A', 'charge', 'usd', 11_000, 349 + 1100, 1.1],
      ['P', 'application_fee', 'usd', 1100, 0, undefined],
    ],
  ],
  [
    'M1 in a currency that A can hold and P cannot',
    { on: 'A', seller: { holds: ['eur'] }, params: { ...eur(10_000), ...fee(1000) } },
    [
      ['A', 'charge', 'eur', 10_000, 317 + 1000, undefined],
      ['P', 'application_fee', 'usd', 1100, 0, 1.1],
    ],
  ],
  [
    'M1 in a currency that both can hold',
    { on: 'A', platform: { holds: ['eur'] }, seller: { holds: ['eur'] }, params: { ...eur(10_000), ...fee(1000) } },
    [
      ['A', 'charge', 'eur', 10_000, 317 + 1000, undefined],
      ['P', 'application_fee', 'eur', 1000, 0, undefined],
    ],
  ],
  [
    'M1 from a third currency: twice, at two rates',
    { on: 'A', seller: { country: 'JP' }, params: { ...eur(10_000), ...fee(1000) } },
    [
      ['A', 'charge', 'jpy', 16_500, 594 + 1650, 1.65],
      ['P', 'application_fee', 'usd', 1100, 0, 0.666667],
    ],
  ],
  [
    'M2: the processing fee is converted to P, too',
    { on: 'A', seller: { country: 'JP', payer: 'application' }, params: { ...eur(10_000), ...fee(1000) } },
    [
      ['A', 'charge', 'jpy', 16_500, 1650, 1.65],
      ['P', 'stripe_fee', 'usd', -396, 0, 0.666667],
      ['P', 'application_fee', 'usd', 1100, 0, 0.666667],
    ],
  ],
  [
    'M3: P converts, the transfer is in its currency, so A need not',
    { params: { ...eur(10_000), ...fee(1000), ...to() } },
    [
      ['P', 'charge', 'usd', 11_000, 349, 1.1],
      ['P', 'transfer', 'usd', -11_000, 0, undefined],
      ['A', 'payment', 'usd', 11_000, 1100, undefined],
      ['P', 'application_fee', 'usd', 1100, 0, undefined],
    ],
  ],
  [
    'M3: A converts; the fee goes back at the same rate, to the cent that rounding allows',
    { seller: { country: 'GB' }, params: { amount: minor(10_001), currency: 'usd', ...fee(1001), ...to() } },
    [
      ['P', 'charge', 'usd', 10_001, 320, undefined],
      ['P', 'transfer', 'usd', -10_001, 0, undefined],
      ['A', 'payment', 'gbp', 7693, 770, 0.769231],
      ['P', 'application_fee', 'usd', 1001, 0, 1.3],
    ],
  ],
  [
    'M3: both convert, and P can hold what A pays the fee in',
    { platform: { holds: ['gbp'] }, seller: { country: 'GB' }, params: { ...eur(10_000), ...fee(1000), ...to() } },
    [
      ['P', 'charge', 'usd', 11_000, 349, 1.1],
      ['P', 'transfer', 'usd', -11_000, 0, undefined],
      ['A', 'payment', 'gbp', 8462, 846, 0.769231],
      ['P', 'application_fee', 'gbp', 846, 0, undefined],
    ],
  ],
  [
    'M4: the part is converted, too',
    { seller: { country: 'CH' }, params: { ...eur(10_000), ...to(7777) } },
    [
      ['P', 'charge', 'usd', 11_000, 349, 1.1],
      ['P', 'transfer', 'usd', -8555, 0, undefined],
      ['A', 'payment', 'chf', 7129, 0, 0.833333],
    ],
  ],
  [
    "M5: on_behalf_of decides; P's row has a currency that it cannot hold, and its fee joins it",
    { seller: { country: 'GB' }, params: { ...eur(10_000), ...fee(1000), ...to(), on_behalf_of: A } },
    [
      ['P', 'charge', 'gbp', 8462, 147, 0.846154],
      ['P', 'transfer', 'gbp', -8462, 0, undefined],
      ['A', 'payment', 'gbp', 8462, 846, undefined],
      ['P', 'application_fee', 'gbp', 846, 0, undefined],
    ],
  ],
  [
    'M6 in dinars, which end in 0',
    { platform: { holds: ['kwd'] }, params: { amount: minor(10_010), currency: 'kwd' } },
    [['P', 'charge', 'kwd', 10_010, 380, undefined]],
  ],
  [
    'M6 from dinars',
    { params: { amount: minor(10_010), currency: 'kwd' } },
    [['P', 'charge', 'usd', 3337, 127, 0.333333]],
  ],
];

describe('payments', () => {
  test.each(examples)('M45 %s', (_, given, expected) => {
    expect(rows(pay(given))).toEqual(expected);
  });

  test('M45 objects keep the currency they were made in, and remember their row', () => {
    const { put = [], result } = pay({
      seller: { country: 'GB' },
      params: { ...eur(10_000), ...fee(1000), ...to() },
    });
    const [, transfer, payment, earned] = put;
    expect(result).toMatchObject({
      currency: 'eur',
      amount: 10_000,
      amount_captured: 10_000,
      application_fee_amount: 1000,
      settlementCurrency: 'usd',
      settledAmount: 11_000,
      transferred: 11_000,
    });
    expect(transfer).toMatchObject({ currency: 'usd', amount: 11_000 });
    expect(payment).toMatchObject({
      currency: 'usd',
      amount: 11_000,
      application_fee_amount: 1100,
      settlementCurrency: 'gbp',
      settledAmount: 8462,
    });
    expect(earned).toMatchObject({ currency: 'gbp', amount: 846, settlementCurrency: 'usd' });
  });

  test('a payment that is not converted remembers nothing of it', () => {
    const { put = [] } = pay({ params: { amount: minor(10_000), currency: 'usd', ...fee(1000), ...to() } });
    for (const object of put) {
      expect(object).not.toHaveProperty('settlementCurrency');
      expect(object).not.toHaveProperty('settledAmount');
    }
  });

  const refusals: readonly [string, string, Paid][] = [
    ['conversion_without_rate', 'currency', { params: { amount: minor(10_000), currency: 'afn' } }],
    ['conversion_too_small', 'amount', { params: { amount: minor(1), currency: 'idr' } }],
    ['conversion_too_small', 'transfer_data[amount]', { params: { amount: minor(20_000), currency: 'huf', ...to(1) } }],
    [
      'conversion_without_rate',
      'currency',
      { on: 'A', seller: { holds: ['afn'] }, params: { amount: minor(10_000), currency: 'afn', ...fee(1000) } },
    ],
  ];
  test.each(refusals)('M45 refused: %s, %s', (name, param, { on, params, ...world }) => {
    const { platform, seller } = people(world);
    const own = platform.platform!;
    const withRupiah = { ...platform, platform: { ...own, fx_rates: { ...rates, idr: { units: 16_000, usd: 1 } } } };
    const { read } = reader([withRupiah, seller], 0);
    const ctx = testContext(on === 'A' ? { account: A } : {});
    const sent = { ...card, ...params };
    const answer = createCharge.decide(sent, createCharge.load(read, sent, ctx), ctx);
    expect(answer).toMatchObject({ name, status: 400, error: { param } });
  });
});

function transfer(world: World, amount: number, currency: Currency) {
  const { platform, seller } = people(world);
  const { read, asked } = reader([platform, seller], Number.MAX_SAFE_INTEGER / 2 - 0.5);
  const params = { amount: minor(amount), currency, destination: A };
  return {
    asked,
    answer: createTransfer.decide(params, createTransfer.load(read, params, testContext()), testContext()),
  };
}

describe('transfers', () => {
  test('M7, M45: the sender pays in the currency it sends, the receiver converts what it cannot hold', () => {
    const { answer, asked } = transfer({ seller: { country: 'GB' } }, 10_000, 'usd');
    const decision = checked(answer, asked);
    expect(rows(decision)).toEqual([
      ['P', 'transfer', 'usd', -10_000, 0, undefined],
      ['A', 'payment', 'gbp', 7692, 0, 0.769231],
    ]);
    expect(decision.put?.[1]).toMatchObject({
      currency: 'usd',
      amount: 10_000,
      settlementCurrency: 'gbp',
      settledAmount: 7692,
    });
  });

  test('M45: nobody converts what the receiver can hold', () => {
    const { answer, asked } = transfer({ seller: { country: 'GB', holds: ['usd'] } }, 10_000, 'usd');
    expect(rows(checked(answer, asked))[1]).toEqual(['A', 'payment', 'usd', 10_000, 0, undefined]);
  });

  test('M45: refused without a rate, and when nothing would arrive', () => {
    expect(transfer({}, 10_000, 'afn').answer).toMatchObject({ name: 'conversion_without_rate' });
    expect(transfer({}, 100, 'huf').answer).toMatchObject({ name: 'conversion_too_small' });
  });
});

function debit(world: World, amount: number) {
  const { platform, seller } = people(world);
  const { read, asked } = reader([platform, seller], 1_000_000_000);
  const params = { amount: minor(amount), currency: seller.default_currency, source: A };
  const ctx = testContext();
  return { asked, answer: debitByCharge.decide(params, debitByCharge.load(read, params, ctx), ctx) };
}

test('M32, M45: A pays in its currency, P gets its own and pays the fee in it', () => {
  const { answer, asked } = debit({ platform: { country: 'DE' }, seller: { country: 'GB' } }, 10_000);
  const decision = checked(answer, asked);
  expect(rows(decision)).toEqual([
    ['A', 'transfer', 'gbp', -10_000, 0, undefined],
    ['P', 'payment', 'eur', 11_818, 0, 1.18182],
    ['P', 'stripe_fee', 'eur', -177, 0, undefined],
  ]);
  expect(decision.result).toMatchObject({ currency: 'gbp', amount: 10_000, settlementCurrency: 'eur' });
});

test('M45: a debit that P would get nothing of is refused', () => {
  const { answer } = debit({ platform: { country: 'DE' }, seller: { country: 'HU' } }, 100);
  expect(answer).toMatchObject({ name: 'conversion_too_small' });
});

describe('any currencies', () => {
  const codes = Object.keys(rates) as Currency[];
  const currency = fc.constantFrom(...codes);
  const country = fc.constantFrom<Country>('US', 'GB', 'DE', 'CA', 'CH', 'SE', 'HU', 'CZ');
  const holds = fc.array(currency, { maxLength: 4 });
  const world = fc.record({
    platform: fc.record({ country, holds }),
    seller: fc.record({ country, holds, payer: fc.constantFrom(undefined, 'application' as const) }),
  });
  const given = fc.record({
    world,
    currency,
    steps: fc.integer({ min: 1, max: 9_999_999 }),
    feeShare: fc.constantFrom(0, 0.0001, 0.123, 1, 2),
    part: fc.constantFrom(undefined, 0.001, 0.5, 1),
    kind: fc.constantFrom('direct', 'destination', 'separate', 'onBehalf', 'transfer', 'debit'),
  });
  const mayHold = (account: AccountObject, code: Currency) => settlementCurrency(account, code) === code;
  type Given = typeof given extends fc.Arbitrary<infer T> ? T : never;

  function attempt({ world: { platform, seller }, currency: code, steps, feeShare, part, kind }: Given) {
    const { payer, ...rest } = seller;
    const all: World = { platform, seller: { ...rest, ...(payer && { payer }) } };
    const amount = steps * 10;
    if (kind === 'debit') return { all, ...debit(all, amount) };
    if (kind === 'transfer') return { all, ...transfer(all, amount, code) };
    const passed = part === undefined ? undefined : Math.max(1, Math.floor(amount * part));
    const takes = Math.floor(amount * feeShare);
    const params = {
      amount: minor(amount),
      currency: code,
      ...((kind === 'destination' || kind === 'onBehalf') && to(passed)),
      ...(kind === 'onBehalf' && { on_behalf_of: A }),
      ...(takes > 0 && kind !== 'separate' && (kind === 'direct' || passed === undefined) && fee(takes)),
    };
    return { all, ...charge({ ...all, ...(kind === 'direct' && { on: 'A' as const }), params }) };
  }

  test('M45 the books agree whatever is paid, and nobody gets what it cannot hold', () => {
    let decided = 0;
    fc.assert(
      fc.property(given, (each) => {
        const { all, answer, asked } = attempt(each);
        if (isRefusal(answer)) {
          expect(answer.name).toMatch(
            /^amount_|^conversion_too_small$|^transfer_region$|^debit_region$|^debit_too_large$/,
          );
          return;
        }
        const { lines = [] } = checked<Decision>(answer, asked);
        const accounts = people(all);
        for (const { account, currency: of } of lines) {
          // What P sends is what it has; what it takes on behalf of A is in A's currency.
          if (account === testPlatform && (each.kind === 'onBehalf' || each.kind === 'transfer')) continue;
          expect(mayHold(account === A ? accounts.seller : accounts.platform, of)).toBe(true);
        }
        decided++;
      }),
      { numRuns: 2000 },
    );
    expect(decided).toBeGreaterThan(500);
  });
});
