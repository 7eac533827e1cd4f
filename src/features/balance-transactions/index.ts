import { feature } from '../../api/feature.ts';
import { routes } from './api.ts';

export const balanceTransactionsFeature = feature({ name: 'balance-transactions', routes });
