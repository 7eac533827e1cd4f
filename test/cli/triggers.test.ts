/** `stripe trigger`, the vendor's command line unmodified: for every event that we have, what it sends leads to the event. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditClean } from '../support/audit.ts';
import { admin, createPlatform, type TestPlatform } from '../support/platform.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { until } from '../webhooks/receiver.ts';
import { Ear, openSession } from './ear.ts';
import { missing, Vendor } from './vendor.ts';

const events = [
  'account.application.deauthorized',
  'account.updated',
  'balance.available',
  'charge.captured',
  'charge.dispute.closed',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.failed',
  'charge.refund.updated',
  'charge.refunded',
  'charge.succeeded',
  'customer.created',
  'customer.deleted',
  'customer.source.created',
  'customer.source.updated',
  'customer.subscription.created',
  'customer.subscription.deleted',
  'customer.subscription.trial_will_end',
  'customer.subscription.updated',
  'customer.updated',
  'invoice.created',
  'invoice.deleted',
  'invoice.finalized',
  'invoice.marked_uncollectible',
  'invoice.paid',
  'invoice.payment_action_required',
  'invoice.payment_failed',
  'invoice.payment_succeeded',
  'invoice.sent',
  'invoice.updated',
  'invoice.voided',
  'invoiceitem.created',
  'invoiceitem.deleted',
  'payment_intent.amount_capturable_updated',
  'payment_intent.canceled',
  'payment_intent.created',
  'payment_intent.payment_failed',
  'payment_intent.requires_action',
  'payment_intent.succeeded',
  'payment_method.attached',
  'payment_method.detached',
  'payment_method.updated',
  'payout.created',
  'payout.updated',
  'price.created',
  'price.updated',
  'product.created',
  'product.deleted',
  'product.updated',
  'reporting.report_run.succeeded',
  'setup_intent.canceled',
  'setup_intent.created',
  'setup_intent.requires_action',
  'setup_intent.setup_failed',
  'setup_intent.succeeded',
  'topup.created',
  'transfer.created',
  'transfer.reversed',
  'transfer.updated',
] as const;

describe.skipIf(missing !== null)('stripe trigger', () => {
  let server: TestServer;
  let platform: TestPlatform;
  let vendor: Vendor;
  let ear: Ear;

  beforeAll(async () => {
    server = await startServer();
    platform = await createPlatform(server);
    // What some of them send out must be there already.
    await admin(server, platform.secret_key, 'POST', '/evenkeel/v1/adjustments', {
      account: platform.id,
      amount: 1_000_000,
      currency: 'usd',
      description: 'Opening balance',
    });
    vendor = await Vendor.open(server, platform);
    ear = await Ear.open(await openSession(server, platform.secret_key, { 'websocket_features[]': 'webhooks' }));
  }, 60_000);

  afterAll(async () => {
    await ear?.close();
    await vendor?.close();
    if (!server) return;
    try {
      await auditClean(server);
    } finally {
      await server.stop();
    }
  }, 60_000);

  const trigger = async (event: string) => {
    const before = ear.events.length;
    expect(await vendor.run('trigger', event)).toContain('Trigger succeeded!');
    await until(
      () => ear.types.slice(before).includes(event),
      () => `it brought only ${ear.types.slice(before).join(', ')}`,
      5_000,
    );
    expect(ear.violations).toEqual([]);
  };

  test.for(events)('%s', (event) => trigger(event));
});
