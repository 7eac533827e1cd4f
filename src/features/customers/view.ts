import { emptyList, type View, view, type Wire } from '../../api/view.ts';
import { paymentMethods } from '../payment-methods/object.ts';
import { subscriptions } from '../subscriptions/object.ts';
import { type CustomerBankObject, type CustomerObject, customerBanks, customers } from './object.ts';
import type { SourceObject } from './source.ts';
import { deletedSourceWire, sourceWire } from './source-wire.ts';
import { sourcesOf } from './sources.ts';
import { customerWire } from './wire.ts';

export const customerView: View<CustomerObject> = view({
  kind: customers,
  expandable: ['default_source', 'invoice_settings.default_payment_method', 'test_clock'],
  render: (customer, env) =>
    customer.deleted ? { id: customer.id, object: 'customer', deleted: true } : customerWire(customer, env),
  shows: { default_source: 'payment_method', sources: 'payment_method', subscriptions: 'subscription' },
  included: {
    // A saved card is stored as a payment method, and shown as a card here.
    default_source: async ({ default_source: id }, _, read): Promise<Wire> => {
      const [source] = await sourcesOf(read, id === undefined ? [] : [id]);
      return source ? sourceWire(source) : {};
    },
    sources: async ({ id, sources }, _, read) => {
      const newestFirst = [...sources].reverse();
      const shown = await sourcesOf(read, newestFirst.slice(0, sourcesShown));
      const url = `/v1/customers/${id}/sources`;
      return { ...emptyList(url), data: shown.map(sourceWire), has_more: newestFirst.length > sourcesShown, url };
    },
    subscriptions: async ({ id, billing }, _, read) => {
      const found = await read.many(subscriptions, [...(billing?.subscriptions ?? [])].reverse());
      const shown = found.filter((each) => each !== null);
      return { ...emptyList(`/v1/customers/${id}/subscriptions`), data: shown.map((each) => read.view(each)) };
    },
    tax_ids: async ({ id }) => emptyList(`/v1/customers/${id}/tax_ids`),
  },
});

/** How many sources an expanded customer shows. */
const sourcesShown = 10;

const renderSource = (source: SourceObject): Wire =>
  ('deleted' in source && source.deleted) || source.customer === undefined
    ? deletedSourceWire(source)
    : sourceWire(source);

/** A source as the older interface answers it; one that its customer no longer has is a stub. */
export const sourceView: View<SourceObject> = view({
  kind: paymentMethods as unknown as View<SourceObject>['kind'],
  expandable: ['customer'],
  render: renderSource,
});

export const customerBankView: View<CustomerBankObject> = view({
  kind: customerBanks,
  // Bank accounts of accounts have the same name.
  expandable: ['account', 'customer'],
  render: renderSource,
});
