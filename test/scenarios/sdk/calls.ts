import { expect } from 'vitest';
import { monday, type World } from './world.ts';

type Call = (world: World) => Promise<unknown>;

/** Of what is served to say no: with the status and the form of Stripe's errors. */
const refusedWith = (statusCode: number, call: Promise<unknown>) =>
  expect(call).rejects.toMatchObject({ type: 'StripeInvalidRequestError', statusCode });

/** Every method of the client that we serve, called as an integration would. Names as in the API's description. */
export const calls: Readonly<Record<string, Call>> = {
  'accountLinks.create': async ({ stripe, seller }) =>
    stripe.accountLinks.create({
      account: seller,
      type: 'account_onboarding',
      refresh_url: 'https://shop.example/again',
      return_url: 'https://shop.example/back',
    }),
  'accountSessions.create': ({ stripe, seller }) =>
    stripe.accountSessions.create({ account: seller, components: { payouts: { enabled: true } } }),

  'accounts.create': ({ stripe }) => stripe.accounts.create({ type: 'standard', email: 'anna@example.com' }),
  'accounts.createExternalAccount': (world) => world.bank(),
  'accounts.createLoginLink': async (world) => {
    const id = await world.express();
    const link = await world.stripe.accountLinks.create({
      account: id,
      type: 'account_onboarding',
      refresh_url: 'https://shop.example/again',
      return_url: 'https://shop.example/back',
    });
    await fetch(link.url, { redirect: 'manual' });
    return world.stripe.accounts.createLoginLink(id);
  },
  'accounts.createPerson': (world) => world.person(),
  'accounts.del': async (world) => world.stripe.accounts.del(await world.express()),
  'accounts.deleteExternalAccount': async (world) =>
    world.stripe.accounts.deleteExternalAccount(world.seller, await world.bank()),
  'accounts.deletePerson': async (world) => world.stripe.accounts.deletePerson(world.seller, await world.person()),
  'accounts.list': ({ stripe }) => stripe.accounts.list({ limit: 3 }),
  'accounts.listCapabilities': ({ stripe, seller }) => stripe.accounts.listCapabilities(seller),
  'accounts.listExternalAccounts': ({ stripe, seller }) =>
    stripe.accounts.listExternalAccounts(seller, { object: 'bank_account' }),
  'accounts.listPersons': ({ stripe, seller }) => stripe.accounts.listPersons(seller, { limit: 3 }),
  'accounts.reject': async (world) => world.stripe.accounts.reject(await world.express(), { reason: 'other' }),
  'accounts.retrieve': ({ stripe, seller }) => stripe.accounts.retrieve(seller),
  'accounts.retrieveCapability': ({ stripe, seller }) => stripe.accounts.retrieveCapability(seller, 'transfers'),
  'accounts.retrieveCurrent': ({ stripe }) => stripe.accounts.retrieveCurrent(),
  'accounts.retrieveExternalAccount': async (world) =>
    world.stripe.accounts.retrieveExternalAccount(world.seller, await world.bank()),
  'accounts.retrievePerson': async (world) => world.stripe.accounts.retrievePerson(world.seller, await world.person()),
  'accounts.unreject': async (world) => {
    const id = await world.express();
    await world.stripe.accounts.reject(id, { reason: 'other' });
    return world.stripe.accounts.unreject(id);
  },
  'accounts.update': ({ stripe, seller }) => stripe.accounts.update(seller, { metadata: { shop: '7' } }),
  'accounts.updateCapability': ({ stripe, seller }) =>
    stripe.accounts.updateCapability(seller, 'transfers', { requested: true }),
  'accounts.updateExternalAccount': async (world) =>
    world.stripe.accounts.updateExternalAccount(world.seller, await world.bank(), { metadata: { iban: 'no' } }),
  'accounts.updatePerson': async (world) =>
    world.stripe.accounts.updatePerson(world.seller, await world.person(), { first_name: 'Ann' }),

  'applicationFees.createRefund': async (world) =>
    world.stripe.applicationFees.createRefund(await world.fee(), { amount: 50 }),
  'applicationFees.list': ({ stripe }) => stripe.applicationFees.list({ limit: 3 }),
  'applicationFees.listRefunds': async (world) => world.stripe.applicationFees.listRefunds(await world.fee()),
  'applicationFees.retrieve': async (world) => world.stripe.applicationFees.retrieve(await world.fee()),
  'applicationFees.retrieveRefund': async (world) => {
    const fee = await world.fee();
    const { id } = await world.stripe.applicationFees.createRefund(fee);
    return world.stripe.applicationFees.retrieveRefund(fee, id);
  },
  'applicationFees.updateRefund': async (world) => {
    const fee = await world.fee();
    const { id } = await world.stripe.applicationFees.createRefund(fee);
    return world.stripe.applicationFees.updateRefund(fee, id, { metadata: { why: 'kind' } });
  },

  'balance.retrieve': ({ stripe, onBehalf }) => stripe.balance.retrieve({}, onBehalf),
  'balanceSettings.retrieve': ({ stripe }) => stripe.balanceSettings.retrieve(),
  'balanceSettings.update': ({ stripe, onBehalf }) =>
    stripe.balanceSettings.update({ payments: { debit_negative_balances: true } }, onBehalf),
  'balanceTransactions.list': ({ stripe }) => stripe.balanceTransactions.list({ limit: 3, currency: 'usd' }),
  'balanceTransactions.retrieve': async (world) =>
    world.stripe.balanceTransactions.retrieve((await world.sale()).balance_transaction as string),

  'charges.capture': async ({ stripe }) => {
    const { id } = await stripe.charges.create({ amount: 900, currency: 'usd', source: 'tok_visa', capture: false });
    return stripe.charges.capture(id, { amount: 800 });
  },
  'charges.create': ({ stripe }) => stripe.charges.create({ amount: 900, currency: 'usd', source: 'tok_visa' }),
  'charges.list': ({ stripe }) => stripe.charges.list({ limit: 3 }),
  'charges.retrieve': async (world) => world.stripe.charges.retrieve((await world.sale()).id),
  'charges.search': ({ stripe }) => stripe.charges.search({ query: 'amount>1', limit: 3 }),
  'charges.update': async (world) => world.stripe.charges.update((await world.sale()).id, { description: 'Order 7' }),

  'countrySpecs.list': ({ stripe }) => stripe.countrySpecs.list({ limit: 3 }),
  'countrySpecs.retrieve': ({ stripe }) => stripe.countrySpecs.retrieve('DE'),

  'customers.create': (world) => world.customer(),
  'customers.createBalanceTransaction': (world) => world.credit(),
  'customers.createSource': (world) => world.source(),
  'customers.del': async (world) => world.stripe.customers.del(await world.customer()),
  // There is nothing that it could take away.
  'customers.deleteDiscount': async (world) =>
    refusedWith(404, world.stripe.customers.deleteDiscount(await world.customer())),
  'customers.deleteSource': async (world) => world.stripe.customers.deleteSource(...(await world.source())),
  'customers.list': ({ stripe }) => stripe.customers.list({ limit: 3 }),
  'customers.listBalanceTransactions': async (world) => {
    const { customer } = await world.credit();
    return world.stripe.customers.listBalanceTransactions(customer as string, { limit: 3 });
  },
  'customers.listPaymentMethods': async (world) => {
    const customer = await world.customer();
    await world.card(customer);
    return world.stripe.customers.listPaymentMethods(customer, { type: 'card' });
  },
  'customers.listSources': async (world) => world.stripe.customers.listSources((await world.source())[0], { limit: 3 }),
  'customers.retrieve': async (world) => world.stripe.customers.retrieve(await world.customer()),
  'customers.retrieveBalanceTransaction': async (world) => {
    const { customer, id } = await world.credit();
    return world.stripe.customers.retrieveBalanceTransaction(customer as string, id);
  },
  'customers.retrievePaymentMethod': async (world) => {
    const customer = await world.customer();
    return world.stripe.customers.retrievePaymentMethod(customer, await world.card(customer));
  },
  'customers.retrieveSource': async (world) => world.stripe.customers.retrieveSource(...(await world.source())),
  'customers.search': ({ stripe }) => stripe.customers.search({ query: 'name~"jenny"' }),
  'customers.update': async (world) =>
    world.stripe.customers.update(await world.customer(), { email: 'jenny@example.com' }),
  'customers.updateBalanceTransaction': async (world) => {
    const { customer, id } = await world.credit();
    return world.stripe.customers.updateBalanceTransaction(customer as string, id, { description: 'For the delay' });
  },
  'customers.updateSource': async (world) =>
    world.stripe.customers.updateSource(...(await world.source()), { name: 'Jenny' }),
  'customers.verifySource': async ({ stripe }) => {
    const customer = (await stripe.customers.create()).id;
    const { id } = await stripe.customers.createSource(customer, { source: 'btok_us' });
    return stripe.customers.verifySource(customer, id, { amounts: [32, 45] });
  },

  'disputes.close': async (world) => world.stripe.disputes.close(await world.dispute()),
  'disputes.list': ({ stripe }) => stripe.disputes.list({ limit: 3 }),
  'disputes.retrieve': async (world) => world.stripe.disputes.retrieve(await world.dispute()),
  'disputes.update': async (world) =>
    world.stripe.disputes.update(await world.dispute(), { evidence: { uncategorized_text: 'Delivered' } }),

  'events.list': ({ stripe, onBehalf }) => stripe.events.list({ limit: 3 }, onBehalf),
  'events.retrieve': async ({ stripe }) => {
    const { data } = await stripe.events.list({ limit: 1 });
    return stripe.events.retrieve(data[0]?.id as string);
  },

  'fileLinks.create': async (world) => world.stripe.fileLinks.create({ file: await world.file() }),
  'fileLinks.list': ({ stripe }) => stripe.fileLinks.list({ limit: 3 }),
  'fileLinks.retrieve': async (world) => {
    const { id } = await world.stripe.fileLinks.create({ file: await world.file() });
    return world.stripe.fileLinks.retrieve(id);
  },
  'fileLinks.update': async (world) => {
    const { id } = await world.stripe.fileLinks.create({ file: await world.file() });
    return world.stripe.fileLinks.update(id, { expires_at: 'now' });
  },
  'files.create': (world) => world.file(),
  'files.list': ({ stripe }) => stripe.files.list({ limit: 3 }),
  'files.retrieve': async (world) => world.stripe.files.retrieve(await world.file()),

  'invoiceItems.create': (world) => world.invoiceItem(),
  'invoiceItems.del': async (world) => world.stripe.invoiceItems.del(await world.invoiceItem()),
  'invoiceItems.list': ({ stripe }) => stripe.invoiceItems.list({ limit: 3 }),
  'invoiceItems.retrieve': async (world) => world.stripe.invoiceItems.retrieve(await world.invoiceItem()),
  'invoiceItems.update': async (world) =>
    world.stripe.invoiceItems.update(await world.invoiceItem(), { description: 'Set-up' }),
  'invoicePayments.list': ({ stripe }) => stripe.invoicePayments.list({ limit: 3 }),
  'invoicePayments.retrieve': async (world) => {
    const invoice = await world.openInvoice();
    await world.stripe.invoices.pay(invoice);
    const { data } = await world.stripe.invoicePayments.list({ invoice });
    return world.stripe.invoicePayments.retrieve(data[0]?.id as string);
  },
  'invoices.create': (world) => world.invoice(),
  'invoices.del': async (world) => world.stripe.invoices.del(await world.invoice()),
  'invoices.finalizeInvoice': (world) => world.openInvoice(),
  'invoices.list': ({ stripe }) => stripe.invoices.list({ limit: 3 }),
  'invoices.listLineItems': async (world) => world.stripe.invoices.listLineItems(await world.invoice()),
  'invoices.markUncollectible': async (world) => world.stripe.invoices.markUncollectible(await world.openInvoice()),
  'invoices.pay': async (world) => world.stripe.invoices.pay(await world.openInvoice()),
  'invoices.retrieve': async (world) => world.stripe.invoices.retrieve(await world.invoice()),
  'invoices.search': ({ stripe }) => stripe.invoices.search({ query: 'total>=0' }),
  'invoices.sendInvoice': async ({ stripe }) => {
    const customer = (await stripe.customers.create({ email: 'jenny@example.com' })).id;
    const terms = { collection_method: 'send_invoice', days_until_due: 30 } as const;
    const { id: invoice } = await stripe.invoices.create({ customer, ...terms });
    await stripe.invoiceItems.create({ customer, invoice, amount: 900, currency: 'usd' });
    return stripe.invoices.sendInvoice(invoice);
  },
  'invoices.update': async (world) => world.stripe.invoices.update(await world.invoice(), { description: 'March' }),
  'invoices.voidInvoice': async (world) => world.stripe.invoices.voidInvoice(await world.openInvoice()),

  'mandates.retrieve': ({ stripe }) => refusedWith(404, stripe.mandates.retrieve('mandate_1')),

  // Cards know none of this.
  'paymentIntents.applyCustomerBalance': async (world) =>
    refusedWith(400, world.stripe.paymentIntents.applyCustomerBalance((await world.intent()).id)),
  'paymentIntents.cancel': async (world) =>
    world.stripe.paymentIntents.cancel((await world.intent()).id, { cancellation_reason: 'abandoned' }),
  'paymentIntents.capture': async (world) => {
    const { id } = await world.intent({ capture_method: 'manual', confirm: true });
    return world.stripe.paymentIntents.capture(id, { amount_to_capture: 1500 });
  },
  'paymentIntents.confirm': async (world) => world.stripe.paymentIntents.confirm((await world.intent()).id),
  'paymentIntents.create': (world) => world.intent(),
  'paymentIntents.incrementAuthorization': async (world) => {
    const { id } = await world.intent({ confirm: true, capture_method: 'manual' });
    return refusedWith(400, world.stripe.paymentIntents.incrementAuthorization(id, { amount: 3000 }));
  },
  'paymentIntents.list': ({ stripe }) => stripe.paymentIntents.list({ limit: 3 }),
  'paymentIntents.retrieve': async (world) => world.stripe.paymentIntents.retrieve((await world.intent()).id),
  'paymentIntents.search': ({ stripe }) => stripe.paymentIntents.search({ query: 'status:"succeeded"' }),
  'paymentIntents.update': async (world) =>
    world.stripe.paymentIntents.update((await world.intent()).id, { amount: 2500 }),
  'paymentIntents.verifyMicrodeposits': async (world) =>
    refusedWith(400, world.stripe.paymentIntents.verifyMicrodeposits((await world.intent()).id, { amounts: [32, 45] })),

  'paymentMethods.attach': async (world) =>
    world.stripe.paymentMethods.attach(await world.card(), { customer: await world.customer() }),
  'paymentMethods.create': (world) => world.card(),
  'paymentMethods.detach': async (world) =>
    world.stripe.paymentMethods.detach(await world.card(await world.customer())),
  'paymentMethods.list': async (world) =>
    world.stripe.paymentMethods.list({ customer: await world.customer(), type: 'card' }),
  'paymentMethods.retrieve': async (world) => world.stripe.paymentMethods.retrieve(await world.card()),
  'paymentMethods.update': async (world) =>
    world.stripe.paymentMethods.update(await world.card(await world.customer()), { metadata: { order: '7' } }),

  'payouts.cancel': async (world) => world.stripe.payouts.cancel(await world.payout()),
  'payouts.create': (world) => world.payout(),
  'payouts.list': ({ stripe }) => stripe.payouts.list({ limit: 3 }),
  'payouts.retrieve': async (world) => world.stripe.payouts.retrieve(await world.payout()),
  'payouts.reverse': async (world) => {
    const { stripe, platform } = world;
    const id = await world.payout();
    const clock = platform.test_clock as string;
    const { frozen_time } = await stripe.testHelpers.testClocks.retrieve(clock);
    await stripe.testHelpers.testClocks.advance(clock, { frozen_time: frozen_time + 7 * 86_400 });
    return stripe.payouts.reverse(id);
  },
  'payouts.update': async (world) => world.stripe.payouts.update(await world.payout(), { metadata: { run: '7' } }),

  'prices.create': (world) => world.price(),
  'prices.list': ({ stripe }) => stripe.prices.list({ limit: 3 }),
  'prices.retrieve': async (world) => world.stripe.prices.retrieve(await world.price()),
  'prices.search': ({ stripe }) => stripe.prices.search({ query: 'active:"true"' }),
  'prices.update': async (world) => world.stripe.prices.update(await world.price(), { nickname: 'Monthly' }),
  'products.create': (world) => world.product(),
  'products.del': async (world) => world.stripe.products.del(await world.product()),
  'products.list': ({ stripe }) => stripe.products.list({ limit: 3 }),
  'products.retrieve': async (world) => world.stripe.products.retrieve(await world.product()),
  'products.search': ({ stripe }) => stripe.products.search({ query: 'name~"fee"' }),
  'products.update': async (world) => world.stripe.products.update(await world.product(), { name: 'Fee' }),

  // A refund to a card is never in the one state in which it can be taken back.
  'refunds.cancel': async (world) => refusedWith(400, world.stripe.refunds.cancel(await world.refund())),
  'refunds.create': (world) => world.refund(),
  'refunds.list': ({ stripe }) => stripe.refunds.list({ limit: 3 }),
  'refunds.retrieve': async (world) => world.stripe.refunds.retrieve(await world.refund()),
  'refunds.update': async (world) => world.stripe.refunds.update(await world.refund(), { metadata: { why: 'late' } }),

  'reporting.reportRuns.create': (world) => world.reportRun(),
  'reporting.reportRuns.list': ({ stripe }) => stripe.reporting.reportRuns.list({ limit: 3 }),
  'reporting.reportRuns.retrieve': async (world) => world.stripe.reporting.reportRuns.retrieve(await world.reportRun()),
  'reporting.reportTypes.list': ({ stripe }) => stripe.reporting.reportTypes.list(),
  'reporting.reportTypes.retrieve': ({ stripe }) => stripe.reporting.reportTypes.retrieve('balance.summary.1'),

  'setupAttempts.list': async (world) => {
    const setup_intent = await world.setup({ confirm: true, payment_method: 'pm_card_visa' });
    const { data } = await world.stripe.setupAttempts.list({ setup_intent, limit: 3 });
    expect(data).toMatchObject([{ setup_intent, status: 'succeeded' }]);
  },
  'setupIntents.cancel': async (world) => world.stripe.setupIntents.cancel(await world.setup()),
  'setupIntents.confirm': async (world) =>
    world.stripe.setupIntents.confirm(await world.setup(), { payment_method: 'pm_card_visa' }),
  'setupIntents.create': (world) => world.setup({ confirm: true, payment_method: 'pm_card_visa' }),
  'setupIntents.list': ({ stripe }) => stripe.setupIntents.list({ limit: 3 }),
  'setupIntents.retrieve': async (world) => world.stripe.setupIntents.retrieve(await world.setup()),
  'setupIntents.update': async (world) =>
    world.stripe.setupIntents.update(await world.setup(), { description: 'For later' }),
  'setupIntents.verifyMicrodeposits': async (world) =>
    refusedWith(400, world.stripe.setupIntents.verifyMicrodeposits(await world.setup(), { amounts: [32, 45] })),

  'subscriptionItems.create': async (world) => {
    const { id: subscription } = await world.subscription();
    return world.stripe.subscriptionItems.create({
      subscription,
      price: await world.price(),
      proration_behavior: 'none',
    });
  },
  'subscriptionItems.del': async (world) => {
    const { id: subscription } = await world.subscription();
    const { id } = await world.stripe.subscriptionItems.create({
      subscription,
      price: await world.price(),
      proration_behavior: 'none',
    });
    return world.stripe.subscriptionItems.del(id, { proration_behavior: 'none' });
  },
  'subscriptionItems.list': async (world) =>
    world.stripe.subscriptionItems.list({ subscription: (await world.subscription()).id }),
  'subscriptionItems.retrieve': async (world) => {
    const { items } = await world.subscription();
    return world.stripe.subscriptionItems.retrieve(items.data[0]?.id as string);
  },
  'subscriptionItems.update': async (world) => {
    const { items } = await world.subscription();
    return world.stripe.subscriptionItems.update(items.data[0]?.id as string, {
      quantity: 2,
      proration_behavior: 'none',
    });
  },
  'subscriptions.cancel': async (world) => world.stripe.subscriptions.cancel((await world.subscription()).id),
  'subscriptions.create': (world) => world.subscription(),
  'subscriptions.list': ({ stripe }) => stripe.subscriptions.list({ limit: 3 }),
  'subscriptions.retrieve': async (world) => world.stripe.subscriptions.retrieve((await world.subscription()).id),
  'subscriptions.search': ({ stripe }) => stripe.subscriptions.search({ query: 'status:"active"' }),
  'subscriptions.update': async (world) =>
    world.stripe.subscriptions.update((await world.subscription()).id, { cancel_at_period_end: true }),

  'testHelpers.refunds.expire': async (world) =>
    refusedWith(400, world.stripe.testHelpers.refunds.expire(await world.refund())),
  'testHelpers.testClocks.advance': ({ stripe, platform }) =>
    stripe.testHelpers.testClocks.advance(platform.test_clock as string, { frozen_time: monday + 30 * 86_400 }),
  'testHelpers.testClocks.create': async (world) => {
    const { stripe } = await world.elsewhere();
    return stripe.testHelpers.testClocks.create({ frozen_time: 4_000_000_000, name: 'Later' });
  },
  'testHelpers.testClocks.del': async (world) => {
    const { stripe, clock } = await world.elsewhere(monday);
    return stripe.testHelpers.testClocks.del(clock as string);
  },
  'testHelpers.testClocks.list': ({ stripe }) => stripe.testHelpers.testClocks.list({ limit: 3 }),
  'testHelpers.testClocks.retrieve': ({ stripe, platform }) =>
    stripe.testHelpers.testClocks.retrieve(platform.test_clock as string),

  'tokens.create': ({ stripe }) =>
    stripe.tokens.create({ card: { number: '4242424242424242', exp_month: '12', exp_year: '2030', cvc: '123' } }),
  'tokens.retrieve': async ({ stripe }) => {
    const { id } = await stripe.tokens.create({ pii: { id_number: '000000000' } });
    return stripe.tokens.retrieve(id);
  },

  'topups.cancel': async ({ stripe }) => {
    // From a bank that will refuse, so that it is under way until then.
    const source = 'btok_us_verified_accountClosed';
    const { id } = await stripe.topups.create({ amount: 700, currency: 'usd', source });
    return stripe.topups.cancel(id);
  },
  'topups.create': (world) => world.topup(),
  'topups.list': ({ stripe }) => stripe.topups.list({ limit: 3 }),
  'topups.retrieve': async (world) => world.stripe.topups.retrieve(await world.topup()),
  'topups.update': async (world) => world.stripe.topups.update(await world.topup(), { description: 'March' }),

  'transfers.create': (world) => world.transfer(),
  'transfers.createReversal': (world) => world.reversal(),
  'transfers.list': ({ stripe, seller }) => stripe.transfers.list({ destination: seller, limit: 3 }),
  'transfers.listReversals': async (world) => world.stripe.transfers.listReversals((await world.reversal())[0]),
  'transfers.retrieve': async (world) => world.stripe.transfers.retrieve(await world.transfer()),
  'transfers.retrieveReversal': async (world) => world.stripe.transfers.retrieveReversal(...(await world.reversal())),
  'transfers.update': async (world) => world.stripe.transfers.update(await world.transfer(), { description: 'March' }),
  'transfers.updateReversal': async (world) =>
    world.stripe.transfers.updateReversal(...(await world.reversal()), { metadata: { why: 'twice' } }),

  'webhookEndpoints.create': (world) => world.endpoint(),
  'webhookEndpoints.del': async (world) => world.stripe.webhookEndpoints.del(await world.endpoint()),
  'webhookEndpoints.list': ({ stripe }) => stripe.webhookEndpoints.list({ limit: 3 }),
  'webhookEndpoints.retrieve': async (world) => world.stripe.webhookEndpoints.retrieve(await world.endpoint()),
  'webhookEndpoints.update': async (world) =>
    world.stripe.webhookEndpoints.update(await world.endpoint(), { enabled_events: ['*'] }),
};
