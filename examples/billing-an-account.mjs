// A platform bills the owner of a standard account, whose losses are not the platform's, as a customer: a monthly plan for six months.
import Stripe from 'stripe';

const admin = async (path, body) => {
  const headers = { authorization: 'Bearer admin_evenkeel', 'content-type': 'application/json' };
  const answer = await fetch(`http://127.0.0.1:12111/evenkeel/v1/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return answer.json();
};
const at = (iso) => Date.parse(iso) / 1000;
const platform = await admin('platforms', { test_clock: { frozen_time: at('2026-01-31T10:00:00Z') } });
const stripe = new Stripe(platform.secret_key, { host: '127.0.0.1', port: 12111, protocol: 'http' });
const to = async (iso) => {
  let clock = await stripe.testHelpers.testClocks.advance(platform.test_clock, { frozen_time: at(iso) });
  while (clock.status === 'advancing') clock = await stripe.testHelpers.testClocks.retrieve(platform.test_clock);
};

const account = await stripe.accounts.create({ type: 'standard', country: 'US', email: 'owner@example.com' });
const debit = stripe.charges.create({ amount: 2000, currency: 'usd', source: account.id });
console.log(`a debit is refused: ${(await debit.catch((error) => error)).message.split('.')[0]}`);

const product = await stripe.products.create({
  name: 'Shop', default_price_data: { currency: 'usd', unit_amount: 2000, recurring: { interval: 'month' } },
});
const customer = await stripe.customers.create({
  email: account.email, metadata: { account: account.id },
  payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' },
});
const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: product.default_price }] });
console.log(`the subscription is ${subscription.status}`);

const show = async (when) => {
  const { status, latest_invoice: invoice } = await stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] });
  const number = invoice.number.split('-')[1];
  console.log(`${when.padEnd(9)} ${status.padEnd(9)} invoice ${number} ${invoice.status}, tried ${invoice.attempt_count} times`);
};
await to('2026-03-31T12:00:00Z');
await show('31 March');
const bad = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer: customer.id });
await stripe.subscriptions.update(subscription.id, { default_payment_method: bad.id });
await to('2026-04-30T12:00:00Z');
await show('30 April');
await to('2026-05-03T12:00:00Z');
await show('3 May');
const good = await stripe.paymentMethods.attach('pm_card_mastercard', { customer: customer.id });
await stripe.subscriptions.update(subscription.id, { default_payment_method: good.id });
await to('2026-05-08T12:00:00Z');
await show('8 May');
await to('2026-07-31T12:00:00Z');
await show('31 July');
const rows = (await stripe.balanceTransactions.list({ type: 'charge', limit: 100 })).data;
console.log(`${rows.length} payments, ${rows.reduce((sum, { net }) => sum + net, 0)} cents net`);
