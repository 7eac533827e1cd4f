import type { Feature } from './api/feature.ts';
import { accounts } from './features/accounts/index.ts';
import { adjustments } from './features/adjustments/index.ts';
import { applicationFees } from './features/application-fees/index.ts';
import { balance } from './features/balance/index.ts';
import { balanceTransactions } from './features/balance-transactions/index.ts';
import { charges } from './features/charges/index.ts';
import { consents } from './features/consents/index.ts';
import { events } from './features/events/index.ts';
import { paymentIntents } from './features/payment-intents/index.ts';
import { paymentMethods } from './features/payment-methods/index.ts';
import { platforms } from './features/platforms/index.ts';
import { refunds } from './features/refunds/index.ts';
import { testClocks } from './features/test-clocks/index.ts';
import { tokens } from './features/tokens/index.ts';
import { transfers } from './features/transfers/index.ts';

/** Every feature; the only place that knows them all. A new noun is a folder and a line here. */
export const features: readonly Feature[] = [
  accounts,
  tokens,
  paymentMethods,
  paymentIntents,
  charges,
  refunds,
  transfers,
  applicationFees,
  balance,
  balanceTransactions,
  events,
  testClocks,
  platforms,
  consents,
  adjustments,
];
