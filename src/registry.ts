import type { Feature } from './api/feature.ts';
import type { Kinds } from './engine/apply.ts';
import type { AnyCommand } from './engine/command.ts';
import { accountLinks } from './features/account-links/index.ts';
import { accountSessions } from './features/account-sessions/index.ts';
import { accounts } from './features/accounts/index.ts';
import { adjustments } from './features/adjustments/index.ts';
import { apiKeysWith } from './features/api-keys/index.ts';
import { applicationFees } from './features/application-fees/index.ts';
import { balance } from './features/balance/index.ts';
import { balanceSettings } from './features/balance-settings/index.ts';
import { balanceTransactions } from './features/balance-transactions/index.ts';
import { charges } from './features/charges/index.ts';
import { cliSessionsWith } from './features/cli-sessions/index.ts';
import { consents } from './features/consents/index.ts';
import { countrySpecs } from './features/country-specs/index.ts';
import { customerBalances } from './features/customer-balances/index.ts';
import { customerSources, customers } from './features/customers/index.ts';
import { disputes } from './features/disputes/index.ts';
import { eventsWith } from './features/events/index.ts';
import { eventView } from './features/events/view.ts';
import { feeRefunds } from './features/fee-refunds/index.ts';
import { filesWith } from './features/files/index.ts';
import { fxRates } from './features/fx-rates/index.ts';
import { insights } from './features/insights/index.ts';
import { invoices } from './features/invoices/index.ts';
import { loginLinks } from './features/login-links/index.ts';
import { negativeBalances } from './features/negative-balances/index.ts';
import { notificationsWith } from './features/notifications/index.ts';
import { oauth } from './features/oauth/index.ts';
import { paymentIntents } from './features/payment-intents/index.ts';
import { paymentMethods } from './features/payment-methods/index.ts';
import { payouts } from './features/payouts/index.ts';
import { persons } from './features/persons/index.ts';
import { platformsWith } from './features/platforms/index.ts';
import { type Secrets, secretsOf } from './features/platforms/secrets.ts';
import { prices } from './features/prices/index.ts';
import { products } from './features/products/index.ts';
import { refunds } from './features/refunds/index.ts';
import { reporting } from './features/reporting/index.ts';
import { reserves } from './features/reserves/index.ts';
import { setupIntents } from './features/setup-intents/index.ts';
import { subscriptions } from './features/subscriptions/index.ts';
import { testClocks } from './features/test-clocks/index.ts';
import { tokens } from './features/tokens/index.ts';
import { topups } from './features/topups/index.ts';
import { transferReversals } from './features/transfer-reversals/index.ts';
import { transfers } from './features/transfers/index.ts';
import { webhookDeliveriesWith, webhookEndpointsWith } from './features/webhook-endpoints/index.ts';
import type { ContentStore } from './store/contents.ts';
import type { DeliveryStore } from './store/deliveries.ts';
import type { OutboxStore } from './store/outbox.ts';
import type { CliSessions } from './webhooks/cli/sessions.ts';
import { PendingWebhooks } from './webhooks/pending.ts';

/** What features are served from besides the books. */
export interface Stores {
  readonly contents: ContentStore;
  /** How large files may be. */
  readonly fileBytesMax: number;
  readonly outbox: OutboxStore;
  /** Whether webhooks may go to loopback and private addresses. */
  readonly webhooksPrivate: boolean;
}

/** As `buildServer` has it by default. */
const fileBytesMaxDefault = 10 * 1024 * 1024;

/**
 * Every feature; the only place that knows them all. A new noun is a folder and a line here.
 *
 * @param deliveries null where features are only looked at, as data; so are `stores` and `cli`
 */
export const featuresWith = (
  secrets: Secrets,
  deliveries: DeliveryStore | null = null,
  stores: Stores | null = null,
  cli: CliSessions | null = null,
): readonly Feature[] => {
  const pending = deliveries && new PendingWebhooks(deliveries);
  return [
    accounts,
    persons,
    accountLinks,
    loginLinks,
    accountSessions,
    countrySpecs,
    oauth,
    tokens,
    paymentMethods,
    customers,
    customerSources,
    customerBalances,
    setupIntents,
    paymentIntents,
    charges,
    refunds,
    disputes,
    transfers,
    transferReversals,
    applicationFees,
    feeRefunds,
    balance,
    balanceSettings,
    balanceTransactions,
    payouts,
    topups,
    negativeBalances,
    reserves,
    products,
    prices,
    subscriptions,
    invoices,
    eventsWith(pending),
    webhookEndpointsWith(secrets.keyed, stores?.webhooksPrivate ?? true),
    webhookDeliveriesWith({ deliveries, listeners: cli, eventWire: eventView, pending }),
    cliSessionsWith(cli),
    testClocks,
    platformsWith(secrets),
    apiKeysWith(secrets),
    consents,
    fxRates,
    adjustments,
    insights,
    filesWith({ contents: stores?.contents ?? null, bytesMax: stores?.fileBytesMax ?? fileBytesMaxDefault }),
    reporting,
    notificationsWith({ outbox: stores?.outbox ?? null }),
  ];
};

/** Every kind by the prefixes of its ids. */
export const kindsOf = (features: readonly Feature[]): Kinds =>
  new Map(
    features.flatMap(({ kinds = [] }) =>
      kinds.flatMap((kind) => kind.prefixes.map((prefix) => [prefix, kind] as const)),
    ),
  );

/** What any book may hold, whoever looks at it. */
export const allKinds: Kinds = kindsOf(featuresWith(secretsOf({ adminKey: null, deterministicSeed: null })));

/** What the schedule can call for, by name. */
export const jobsOf = (features: readonly Feature[]): ReadonlyMap<string, AnyCommand> =>
  new Map(features.flatMap(({ jobs = {} }) => Object.entries(jobs)));
