import { describe, expect, test } from 'vitest';
import { platformOf } from '../../../test/support/parties.ts';
import { validateObject } from '../../../test/support/schema.ts';
import type { Wire } from '../../api/view.ts';
import { monday, testContext, testPlatform } from '../../engine/testing.ts';
import type { StoredObject } from '../../kernel/kind.ts';
import { minor } from '../../kernel/money.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import type { CustomerObject } from '../customers/object.ts';
import { termsOf } from '../invoices/finalise.ts';
import type { InvoiceObject } from '../invoices/object.ts';
import { invoicePaymentView, invoiceView } from '../invoices/view.ts';
import { aliasCard } from '../payment-methods/find.ts';
import type { PaymentMethodObject } from '../payment-methods/object.ts';
import type { PriceObject } from '../prices/object.ts';
import { priceView } from '../prices/view.ts';
import type { ProductObject } from '../products/object.ts';
import { productView } from '../products/view.ts';
import { type CreateSubscription, createSubscription } from './create.ts';
import type { SubscriptionObject } from './object.ts';
import { subscriptionItemView, subscriptionView } from './view.ts';

const owned = { account: testPlatform, created: monday };
const env = { livemode: false, book: 7, platform: testPlatform, application: 'ca_1', account: testPlatform };
const customer: CustomerObject = {
  id: 'cus_1',
  ...owned,
  invoice_prefix: 'ABCDEFGH',
  methods: ['pm_1'],
  sources: [],
  invoice_settings: { default_payment_method: 'pm_1' },
};
const card = aliasCard('tok_visa');
if (!card) throw new Error('tok_visa is a card');
const method: PaymentMethodObject = { id: 'pm_1', ...owned, type: 'card', card, customer: 'cus_1' };
const product: ProductObject = {
  id: 'prod_1',
  ...owned,
  active: true,
  name: 'Shop',
  type: 'service',
  updated: monday,
  hasPrices: true,
};
const price: PriceObject = {
  id: 'price_1',
  ...owned,
  active: true,
  currency: 'usd',
  product: 'prod_1',
  type: 'recurring',
  recurring: { interval: 'month', interval_count: 1 },
  unit_amount: minor(2000),
};
const platform = platformOf();
const parties = { owner: platform, platform, destination: undefined, onBehalfOf: undefined };
const params: CreateSubscription = { customer: 'cus_1', items: [{ price: 'price_1' }] };
const state: Parameters<typeof createSubscription.decide>[1] = {
  customer,
  found: [{ price, product }],
  parties,
  method,
  pending: [],
};
const decide = (more: Partial<CreateSubscription> = {}, other: Partial<typeof state> = {}) =>
  createSubscription.decide({ ...params, ...more }, { ...state, ...other }, testContext());

describe('R72 a subscription is refused, in this order', () => {
  // Each row breaks what the rows after it break, too.
  const table: readonly [string, Partial<CreateSubscription>, Partial<typeof state>, string][] = [
    ['without its customer', {}, { customer: undefined }, 'no_such'],
    ['with a trial that is over', { trial_end: monday }, {}, 'invalid_value'],
    ['without such a price', {}, { found: [{}] }, 'no_such'],
    [
      'with a price that is not active',
      {},
      { found: [{ price: { ...price, active: false }, product }] },
      'price_inactive',
    ],
    ['with a price of once', {}, { found: [{ price: { ...price, type: 'one_time' }, product }] }, 'price_type'],
    ['in another currency', { currency: 'eur' }, {}, 'price_currency'],
    [
      'to be sent, and never due',
      { currency: 'usd', collection_method: 'send_invoice' },
      {},
      'invoice_without_due_date',
    ],
    [
      'with a method of nobody',
      { default_payment_method: 'pm_2', collection_method: 'charge_automatically' },
      {},
      'payment_method_of_other_customer',
    ],
    ['with a fee for nobody', { default_payment_method: 'pm_1' }, { method }, 'fee_without_connect'],
    [
      'with nothing to pay with',
      { application_fee_percent: 0, default_payment_method: undefined as never },
      {},
      'customer_without_method',
    ],
  ];
  for (const [because, sent, other, name] of table) {
    test(`${because}: ${name}`, () => {
      const wrong = { application_fee_percent: 10, default_payment_method: 'pm_2', ...sent };
      const { default_payment_method: id, ...rest } = wrong;
      const answer = decide(id === undefined ? rest : { ...rest, default_payment_method: id }, {
        method: undefined,
        ...other,
      });
      expect(isRefusal(answer) && answer.name).toBe(name);
    });
  }
});

const views: Readonly<Record<string, { render(object: never, at: typeof env): Wire }>> = {
  in: invoiceView,
  inpay: invoicePaymentView,
  price: priceView,
  prod: productView,
  si: subscriptionItemView,
  sub: subscriptionView,
};

test('what a subscription makes has the shape that clients expect', () => {
  const decision = decide({ trial_period_days: 3, cancel_at_period_end: true, metadata: { a: 'b' } });
  if (isRefusal(decision)) throw new Error(decision.error.message);
  const paying = decide(
    { items: [{ price_data: { ...price, product: 'prod_1' }, quantity: 2 }] },
    { found: [{ product }] },
  );
  if (isRefusal(paying)) throw new Error(paying.error.message);
  const shown = [...(decision.put ?? []), ...(paying.put ?? []), price, product].flatMap((object: StoredObject) => {
    const view = views[object.id.split('_')[0] ?? ''];
    return view ? [view.render(object as never, env)] : [];
  });
  expect(new Set(shown.map(({ object }) => object))).toEqual(
    new Set(['subscription', 'subscription_item', 'invoice', 'invoice_payment', 'price', 'product']),
  );
  for (const wire of shown) expect(validateObject(wire)).toEqual([]);
  expect((paying.result as SubscriptionObject).status).toBe('active');
});

describe('the platform takes part by the hundredth of a percent', () => {
  // total, share of the fee, share of the transfer: fee, transfer
  const table = [
    [2000, 1250, undefined, 250, undefined],
    [1999, 1250, undefined, 250, undefined],
    [1002, 1250, undefined, 125, undefined],
    [1004, 1250, undefined, 126, undefined],
    [2000, 0, undefined, undefined, undefined],
    [2000, undefined, 3333, undefined, 667],
    [2000, undefined, 10_000, undefined, 2000],
  ] as const;
  for (const [total, feeShare, share, fee, passed] of table) {
    test(`${total}: ${fee ?? 'no fee'}, ${passed ?? 'all'} to the destination`, () => {
      const terms = termsOf({
        total: minor(total),
        currency: 'usd',
        transfer_data: { destination: 'acct_1', ...(share !== undefined && { share }) },
        ...(feeShare !== undefined && { feeShare }),
      } as InvoiceObject);
      expect([terms.application_fee_amount, terms.transfer_data?.amount]).toEqual([fee, passed]);
    });
  }
});
