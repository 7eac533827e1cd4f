import type Stripe from 'stripe';
import { admin, createPlatform, stripeFor, type TestPlatform } from '../../support/platform.ts';
import type { TestServer } from '../../support/server.ts';

export const monday = 1_772_445_600;

type Watch = (request: Stripe.RequestEvent) => void;

/** What calls need to be about something: a platform with money on a test clock, a seller, and things made when asked for. */
export class World {
  readonly server: TestServer;
  readonly platform: TestPlatform;
  readonly stripe: Stripe;
  readonly seller: string;
  readonly #watch: Watch;

  private constructor(parts: Pick<World, 'server' | 'platform' | 'stripe' | 'seller'>, watch: Watch) {
    this.server = parts.server;
    this.platform = parts.platform;
    this.stripe = parts.stripe;
    this.seller = parts.seller;
    this.#watch = watch;
  }

  /** @param watch is told of every request of the client */
  static async open(server: TestServer, watch: Watch): Promise<World> {
    const platform = await createPlatform(server, { payout_interval: 'manual', test_clock: { frozen_time: monday } });
    const stripe = stripeFor(server, platform);
    stripe.on('request', watch);
    await admin(server, platform.secret_key, 'POST', '/evenkeel/v1/adjustments', {
      account: platform.id,
      amount: 1_000_000,
      currency: 'usd',
      description: 'Opening balance',
    });
    const seller = await stripe.accounts.create({
      type: 'custom',
      country: 'US',
      capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
      tos_acceptance: { date: monday, ip: '127.0.0.1' },
      settings: { payouts: { schedule: { interval: 'manual' } } },
      external_account: 'btok_us_verified',
    });
    return new World({ server, platform, stripe, seller: seller.id }, watch);
  }

  /** The client of another platform, with or without a clock of its own. */
  async elsewhere(frozen_time?: number): Promise<{ readonly stripe: Stripe; readonly clock: string | null }> {
    const platform = await createPlatform(
      this.server,
      frozen_time === undefined ? {} : { test_clock: { frozen_time } },
    );
    const stripe = stripeFor(this.server, platform);
    stripe.on('request', this.#watch);
    return { stripe, clock: platform.test_clock };
  }

  get onBehalf(): Stripe.RequestOptions {
    return { stripeAccount: this.seller };
  }

  intent(more: Partial<Stripe.PaymentIntentCreateParams> = {}) {
    return this.stripe.paymentIntents.create({
      amount: 2000,
      currency: 'usd',
      payment_method: 'pm_card_bypassPending',
      ...more,
    });
  }

  async sale(more: Partial<Stripe.PaymentIntentCreateParams> = {}): Promise<Stripe.Charge> {
    const { latest_charge } = await this.intent({ confirm: true, expand: ['latest_charge'], ...more });
    return latest_charge as Stripe.Charge;
  }

  async credit(): Promise<Stripe.CustomerBalanceTransaction> {
    const { id } = await this.stripe.customers.create();
    return this.stripe.customers.createBalanceTransaction(id, { amount: -500, currency: 'usd' });
  }

  /** The fee of a sale for the seller. */
  async fee(): Promise<string> {
    const sale = await this.sale({ application_fee_amount: 200, transfer_data: { destination: this.seller } });
    return sale.application_fee as string;
  }

  async customer(): Promise<string> {
    return (await this.stripe.customers.create({ name: 'Jenny Rosen' })).id;
  }

  async card(customer?: string): Promise<string> {
    const { id } = await this.stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_visa' } });
    if (customer !== undefined) await this.stripe.paymentMethods.attach(id, { customer });
    return id;
  }

  async transfer(): Promise<string> {
    const { id } = await this.stripe.transfers.create({ amount: 1000, currency: 'usd', destination: this.seller });
    return id;
  }

  async reversal(): Promise<readonly [transfer: string, reversal: string]> {
    const transfer = await this.transfer();
    return [transfer, (await this.stripe.transfers.createReversal(transfer, { amount: 100 })).id];
  }

  async payout(): Promise<string> {
    return (await this.stripe.payouts.create({ amount: 500, currency: 'usd' })).id;
  }

  async topup(): Promise<string> {
    return (await this.stripe.topups.create({ amount: 2000, currency: 'usd' })).id;
  }

  async refund(): Promise<string> {
    return (await this.stripe.refunds.create({ charge: (await this.sale()).id, amount: 100 })).id;
  }

  async dispute(): Promise<string> {
    const { id } = await this.sale({ payment_method: 'pm_card_createDispute' });
    const { data } = await this.stripe.disputes.list({ charge: id });
    return data[0]?.id as string;
  }

  async setup(more: Stripe.SetupIntentCreateParams = {}): Promise<string> {
    return (await this.stripe.setupIntents.create(more)).id;
  }

  async file(): Promise<string> {
    const file = { data: Buffer.from('%PDF-1.7\n'), name: 'receipt.pdf', type: 'application/pdf' };
    return (await this.stripe.files.create({ purpose: 'dispute_evidence', file })).id;
  }

  async endpoint(): Promise<string> {
    const url = 'http://127.0.0.1:9/hooks';
    return (await this.stripe.webhookEndpoints.create({ url, enabled_events: ['payout.failed'] })).id;
  }

  /** A customer with a card of the old kind. */
  async source(): Promise<readonly [customer: string, source: string]> {
    const customer = await this.customer();
    return [customer, (await this.stripe.customers.createSource(customer, { source: 'tok_visa' })).id];
  }

  async bank(): Promise<string> {
    const { id } = await this.stripe.accounts.createExternalAccount(this.seller, {
      external_account: 'btok_us_verified',
    });
    return id;
  }

  async person(): Promise<string> {
    const { id } = await this.stripe.accounts.createPerson(this.seller, { first_name: 'Anna', last_name: 'Berg' });
    return id;
  }

  async express(): Promise<string> {
    return (await this.stripe.accounts.create({ type: 'express', country: 'US' })).id;
  }

  async reportRun(): Promise<string> {
    const parameters = { interval_start: monday - 10 * 86_400 - 36_000, interval_end: monday - 36_000 };
    return (await this.stripe.reporting.reportRuns.create({ report_type: 'balance.summary.1', parameters })).id;
  }
  async product(): Promise<string> {
    return (await this.stripe.products.create({ name: 'Shop fee' })).id;
  }

  async price(): Promise<string> {
    const price = { currency: 'usd', unit_amount: 1500, recurring: { interval: 'month' } } as const;
    return (await this.stripe.prices.create({ ...price, product: await this.product() })).id;
  }

  /** A customer whose invoices are paid by card. */
  async payer(): Promise<string> {
    const customer = await this.customer();
    const default_payment_method = await this.card(customer);
    await this.stripe.customers.update(customer, { invoice_settings: { default_payment_method } });
    return customer;
  }

  async subscription(): Promise<Stripe.Subscription> {
    const items = [{ price: await this.price() }];
    return this.stripe.subscriptions.create({ customer: await this.payer(), items });
  }

  /** A draft for something that was sold once. */
  async invoice(): Promise<string> {
    const customer = await this.payer();
    const { id: invoice } = await this.stripe.invoices.create({ customer, auto_advance: false });
    await this.stripe.invoiceItems.create({ customer, invoice, amount: 900, currency: 'usd' });
    return invoice;
  }

  async openInvoice(): Promise<string> {
    return (await this.stripe.invoices.finalizeInvoice(await this.invoice(), { auto_advance: false })).id;
  }

  async invoiceItem(): Promise<string> {
    const customer = await this.customer();
    return (await this.stripe.invoiceItems.create({ customer, amount: 900, currency: 'usd' })).id;
  }
}
