/** Requests that go deep into the books: what is grown from types alone seldom gets past the first refusal. */
import type { Random } from '../simulation/random.ts';
import { type Growing, idFor } from './grow.ts';
import type { Pair } from './request.ts';

type Recipe = (growing: Growing) => readonly Pair[];

const some = (random: Random, percent: number, ...pairs: readonly Pair[]): readonly Pair[] =>
  random.chance(percent) ? pairs : [];
const cents = (random: Random): string => String(100 + random.int(20_000));
const sale = (random: Random): Pair[] => [
  ['amount', cents(random)],
  ['currency', random.chance(92) ? 'usd' : random.pick(['eur', 'jpy', 'gbp'])],
];

const seller = ({ tenant, random }: Growing): string => random.pick(tenant.sellers).id;

const common = ({ canary }: Growing): Pair[] => [
  ['description', `${canary} order`],
  ['metadata[who]', canary],
];

const destination = (growing: Growing): readonly Pair[] => {
  const { random } = growing;
  return some(
    random,
    50,
    ['transfer_data[destination]', seller(growing)],
    ...some(random, 60, ['application_fee_amount', String(1 + random.int(90))]),
  );
};

export const recipes: Readonly<Record<string, Recipe>> = {
  'POST /v1/accounts': (growing) => [
    ['type', growing.random.pick(['express', 'custom', 'standard'])],
    ['country', growing.random.pick(['US', 'US', 'GB', 'DE', 'JP'])],
    ['email', `${growing.canary}@example.com`],
    ['capabilities[transfers][requested]', 'true'],
    ['capabilities[card_payments][requested]', 'true'],
    ['metadata[who]', growing.canary],
  ],
  'POST /v1/charges': (growing) => {
    const { random } = growing;
    if (random.chance(25)) return [...sale(random), ['source', seller(growing)], ...common(growing)];
    return [
      ...sale(random),
      ['source', random.pick(['tok_visa', 'tok_bypassPending', 'tok_createDispute', 'tok_chargeDeclined'])],
      ...destination(growing),
      ...some(random, 10, ['capture', 'false']),
      ...common(growing),
    ];
  },
  'POST /v1/payment_intents': (growing) => {
    const { random } = growing;
    return [
      ...sale(random),
      ['payment_method', idFor('payment_method', { ...growing, temper: 'valid' })],
      ...some(random, 80, ['confirm', 'true']),
      ['return_url', 'https://shop.example/back'],
      ...destination(growing),
      ...some(random, 15, ['capture_method', 'manual']),
      ...some(random, 15, ['on_behalf_of', seller(growing)]),
      ...common(growing),
    ];
  },
  'POST /v1/refunds': (growing) => [
    ['charge', idFor('charge', growing)],
    ...some(growing.random, 60, ['amount', String(1 + growing.random.int(3000))]),
    ...some(growing.random, 30, ['reverse_transfer', 'true']),
    ...some(growing.random, 20, ['refund_application_fee', 'true']),
    ['metadata[who]', growing.canary],
  ],
  'POST /v1/transfers': (growing) => [
    ...sale(growing.random),
    ['destination', growing.random.chance(80) ? seller(growing) : growing.tenant.platform.id],
    ...some(growing.random, 20, ['source_transaction', idFor('charge', growing)]),
    ...common(growing),
  ],
  'POST /v1/transfers/:transfer/reversals': ({ random, canary }) => [
    ...some(random, 70, ['amount', String(1 + random.int(3000))]),
    ['description', canary],
  ],
  'POST /v1/payouts': (growing) => [...sale(growing.random), ...common(growing)],
  'POST /v1/topups': (growing) => [...sale(growing.random), ...common(growing)],
  'POST /v1/customers': (growing) => [
    ['email', `${growing.canary}@example.com`],
    ['name', growing.canary],
    ...some(growing.random, 60, ['source', 'tok_visa']),
    ...common(growing),
  ],
  'POST /v1/payment_methods': ({ random, canary }) => [
    ['type', 'card'],
    ['card[token]', random.pick(['tok_visa', 'tok_mastercard'])],
    ['metadata[who]', canary],
  ],
  'POST /v1/tokens': ({ random }) =>
    random.chance(50)
      ? [
          ['card[number]', random.pick(['4242424242424242', '4000056655665556', '5555555555554444'])],
          ['card[exp_month]', '12'],
          ['card[exp_year]', '2034'],
          ['card[cvc]', '123'],
        ]
      : [
          ['bank_account[country]', 'US'],
          ['bank_account[currency]', 'usd'],
          ['bank_account[routing_number]', '110000000'],
          ['bank_account[account_number]', '000123456789'],
        ],
  'POST /v1/account_links': (growing) => [
    ['account', seller(growing)],
    ['type', 'account_onboarding'],
    ['refresh_url', `https://${growing.canary}.example/again`],
    [
      'return_url',
      growing.random.pick([
        'https://shop.example/back',
        'https://☃.example/☃',
        'https://shop.example/a\tb\r\nX-Injected: 1',
      ]),
    ],
  ],
  'POST /v1/test_helpers/test_clocks/:test_clock/advance': ({ random, tenant }) => [
    ['frozen_time', String(tenant.now + random.pick([60, 3600, 86_400, 86_400, 3 * 86_400, 30 * 86_400]))],
  ],
  'POST /evenkeel/v1/adjustments': (growing) => [
    ['account', growing.random.chance(70) ? seller(growing) : growing.tenant.platform.id],
    ['amount', growing.random.chance(80) ? '500000' : `-${cents(growing.random)}`],
    ['currency', 'usd'],
  ],
  'POST /evenkeel/v1/disputes': (growing) => [['charge', idFor('charge', growing)]],
  'POST /evenkeel/v1/fx_rates': ({ random }) => [
    ['rates[eur][units]', random.pick(['1', '100', '1000000', '999999999999'])],
    ['rates[eur][usd]', random.pick(['1', '110', '1000000', '999999999999'])],
  ],
  'POST /v1/webhook_endpoints': ({ canary }) => [
    ['url', 'http://127.0.0.1:9/hook'],
    ['enabled_events[]', 'payout.failed'],
    ['metadata[who]', canary],
  ],
};
