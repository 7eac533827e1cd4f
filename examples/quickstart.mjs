import Stripe from 'stripe';

const admin = async (path, body) => {
  const headers = { authorization: 'Bearer admin_evenkeel', 'content-type': 'application/json' };
  const answer = await fetch(`http://127.0.0.1:12111/evenkeel/v1/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return answer.json();
};
const monday = Date.UTC(2026, 2, 2, 10) / 1000;
const platform = await admin('platforms', { test_clock: { frozen_time: monday } });
const stripe = new Stripe(platform.secret_key, { host: '127.0.0.1', port: 12111, protocol: 'http' });
const show = async (when) => {
  for (const [who, options] of [['platform', {}], ['anna', { stripeAccount: anna.id }]]) {
    const { available, pending } = await stripe.balance.retrieve({}, options);
    console.log(`${when}  ${who.padEnd(8)}  available ${available[0].amount}  pending ${pending[0].amount}`);
  }
};

const seller = (email) => stripe.accounts.create({
  type: 'express', country: 'US', email, capabilities: { transfers: { requested: true }, card_payments: { requested: true } },
  settings: { payouts: { schedule: { interval: 'manual' } } }, tos_acceptance: { date: monday, ip: '127.0.0.1' },
});
const anna = await seller('anna@example.com');

await stripe.paymentIntents.create({
  amount: 10000, currency: 'usd', payment_method: 'pm_card_visa', confirm: true,
  application_fee_amount: 1230, transfer_data: { destination: anna.id },
});
await show('Monday   ');
await stripe.testHelpers.testClocks.advance(platform.test_clock, { frozen_time: monday + 2 * 86400 });
await show('Wednesday');
await stripe.charges.create({ amount: 1500, currency: 'usd', source: anna.id, description: 'Shop fees' });
await stripe.transfers.create({ amount: 500, currency: 'usd', destination: platform.id }, { stripeAccount: anna.id });
await show('debited  ');
