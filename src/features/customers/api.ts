import { Refused } from '../../api/errors.ts';
import { listOf, paging } from '../../api/list.ts';
import { form, optional, text } from '../../api/params.ts';
import { pageOfParts } from '../../api/part.ts';
import type { Read } from '../../api/read.ts';
import { create, list, type Route, read, remove, retrieve, update } from '../../api/route.ts';
import { search } from '../../api/search/route.ts';
import { refuse } from '../../kernel/refusal.ts';
import { createCustomer } from './create.ts';
import { createSource } from './create-source.ts';
import { deleteCustomer } from './delete.ts';
import { deleteDiscount } from './delete-discount.ts';
import { deleteSource } from './delete-source.ts';
import { noSuchCustomerInPath } from './keep.ts';
import { type CustomerObject, customers } from './object.ts';
import {
  createCustomerForm,
  createSourceForm,
  updateCustomerForm,
  updateSourceForm,
  verifySourceForm,
} from './params.ts';
import { searchFields } from './search.ts';
import { isBank } from './source.ts';
import { sourceWire } from './source-wire.ts';
import { sourcesOf } from './sources.ts';
import { updateCustomer } from './update.ts';
import { updateSource } from './update-source.ts';
import { verifySource } from './verify-source.ts';
import { customerBankView, customerView, sourceView } from './view.ts';

async function customerOf(read: Read, id: string): Promise<CustomerObject> {
  const customer = await read.object(customers, id);
  if (customer && !customer.deleted) return customer;
  throw new Refused(noSuchCustomerInPath(id));
}

export const routes: readonly Route[] = [
  create('/v1/customers', {
    tier: 1,
    summary: 'Somebody who pays, with a first way to pay if one comes along.',
    params: createCustomerForm,
    aliases: { card: 'source' },
    command: createCustomer,
    view: customerView,
  }),
  list('/v1/customers', customerView, {
    tier: 1,
    summary: 'Customers of the account, newest first; an address is compared exactly.',
    filters: { created: 'created', email: 'ref', test_clock: 'field' },
  }),
  search('/v1/customers/search', customerView, searchFields),
  retrieve('/v1/customers/:customer', customerView, {
    showsDeleted: true,
    tier: 1,
    param: 'id',
    summary: 'One customer; of a deleted one, that it is.',
  }),
  update('/v1/customers/:customer', {
    tier: 1,
    summary: 'Changes what is said of a customer, and which of its ways to pay are taken first.',
    params: updateCustomerForm,
    aliases: { card: 'source' },
    command: updateCustomer,
    view: customerView,
  }),
  remove('/v1/customers/:customer', {
    tier: 1,
    summary: 'Forgets a customer; its payment methods can be used no more.',
    command: deleteCustomer,
    view: customerView,
  }),

  remove('/v1/customers/:customer/discount', {
    tier: 3,
    summary: 'Refused: there are no coupons, so no customer has a discount.',
    command: deleteDiscount,
    view: customerView,
  }),
];

/** The older interface to a customer's ways to pay. */
export const sourceRoutes: readonly Route[] = [
  create('/v1/customers/:customer/sources', {
    tier: 2,
    summary: 'Gives a customer a card or bank account.',
    params: createSourceForm,
    aliases: { card: 'source', bank_account: 'source' },
    command: createSource,
    view: sourceView,
  }),
  read('/v1/customers/:customer/sources', {
    tier: 2,
    summary: 'The cards and bank accounts that a customer was given, newest first.',
    params: form({ object: optional(text()), ...paging }),
    view: sourceView,
    handler: async (read, { customer: id, object, ...place }) => {
      const customer = await customerOf(read, id);
      const newestFirst = await sourcesOf(read, [...customer.sources].reverse());
      const page = pageOfParts(
        newestFirst,
        (source) => object === undefined || object === (isBank(source) ? 'bank_account' : 'card'),
        place,
        'source',
      );
      return listOf(read.path, page.items.map(sourceWire), page.hasMore);
    },
  }),
  read('/v1/customers/:customer/sources/:id', {
    tier: 2,
    summary: 'One card or bank account of a customer.',
    view: sourceView,
    handler: async (read, { customer: owner, id }) => {
      const customer = await customerOf(read, owner);
      const [source] = customer.sources.includes(id) ? await sourcesOf(read, [id]) : [];
      if (source) return sourceWire(source);
      throw new Refused(refuse('no_such_in_path', { object: 'source', id, param: 'id' }));
    },
  }),
  update('/v1/customers/:customer/sources/:id', {
    tier: 2,
    summary: 'Changes the labels of a card or bank account of a customer.',
    params: updateSourceForm,
    command: updateSource,
    view: sourceView,
  }),
  remove('/v1/customers/:customer/sources/:id', {
    tier: 2,
    summary: 'Takes a card or bank account from its customer.',
    command: deleteSource,
    view: sourceView,
  }),
  update('/v1/customers/:customer/sources/:id/verify', {
    tier: 2,
    summary: 'Verifies a bank account by the amounts of two deposits.',
    params: verifySourceForm,
    command: verifySource,
    view: customerBankView,
  }),
];
