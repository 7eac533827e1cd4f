import { feature } from '../../api/feature.ts';
import { settleJob } from '../../kernel/day.ts';
import { routes } from './api.ts';
import { settleBalances } from './settle.ts';

export const balance = feature({ name: 'balance', resource: 'balance', routes, jobs: { [settleJob]: settleBalances } });
