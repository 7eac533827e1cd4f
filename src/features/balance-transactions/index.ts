import { feature } from '../../api/feature.ts';
import { routes } from './api.ts';

export const balanceTransactions = feature({
  name: 'balance-transactions',
  resource: 'balance_transaction_source',
  routes,
});
