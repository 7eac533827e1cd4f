import { feature } from '../../api/feature.ts';
import { routes } from './api.ts';

export const balanceTransactions = feature({ name: 'balance-transactions', routes });
