import { feature } from '../../api/feature.ts';
import { routes } from './api.ts';

/** The settings of an account that are about its balance. */
export const balanceSettings = feature({ name: 'balance-settings', resource: 'balance', routes });
