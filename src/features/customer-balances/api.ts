import { Refused } from '../../api/errors.ts';
import { amount, currency, form, metadata, optional, text } from '../../api/params.ts';
import { create, list, type Route, read, update } from '../../api/route.ts';
import { limits } from '../../data/limits.ts';
import { refuse } from '../../kernel/refusal.ts';
import { customers } from '../customers/object.ts';
import { createCustomerBalance } from './create.ts';
import { customerBalances } from './object.ts';
import { updateCustomerBalance } from './update.ts';
import { customerBalanceView } from './view.ts';

const path = '/v1/customers/:customer/balance_transactions';
const one = `${path}/:id` as const;
const labels = { description: optional(text({ max: 350 })), metadata: optional(metadata()) };

export const routes: readonly Route[] = [
  create(path, {
    tier: 3,
    summary: 'Changes what a customer owes besides its invoices: the next one settles it. Negative: in its favour.',
    params: form({ amount: amount({ min: -limits.chargeMax }), currency: currency(), ...labels }),
    command: createCustomerBalance,
    view: customerBalanceView,
  }),
  list(path, customerBalanceView, {
    tier: 3,
    summary: "The changes of a customer's balance, newest first.",
    filters: { created: 'created', invoice: 'ref' },
    owner: { view: { kind: customers }, param: 'id', ref: 'customer' },
  }),
  read(one, {
    tier: 3,
    summary: "One change of a customer's balance.",
    view: customerBalanceView,
    async handler(reader, { customer, id }) {
      const transaction = await reader.object(customerBalances, id);
      if (transaction?.customer === customer) return reader.view(transaction);
      throw new Refused(refuse('no_such_in_path', { object: customerBalances.noun, id, param: 'id' }));
    },
  }),
  update(one, {
    tier: 3,
    summary: "Changes the labels of a change of a customer's balance.",
    params: form(labels),
    command: updateCustomerBalance,
    view: customerBalanceView,
  }),
];
