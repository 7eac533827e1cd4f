// A seller is refunded into the negative, its bank refuses three times, and 180 days later the platform pays.
import Stripe from 'stripe';

const admin = async (path, body) => {
  const headers = { authorization: 'Bearer admin_evenkeel', 'content-type': 'application/json' };
  const answer = await fetch(`http://127.0.0.1:12111/evenkeel/v1/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return answer.json();
};
const at = (iso) => Date.parse(iso) / 1000;
const start = at('2026-03-02T10:00:00Z');
const platform = await admin('platforms', { test_clock: { frozen_time: start } });
const stripe = new Stripe(platform.secret_key, { host: '127.0.0.1', port: 12111, protocol: 'http' });

const bank = (account_number) => ({ object: 'bank_account', country: 'US', currency: 'usd', routing_number: '110000000', account_number });
const anna = await stripe.accounts.create({
  type: 'express', country: 'US', email: 'anna@example.com', capabilities: { transfers: { requested: true } },
  settings: { payouts: { schedule: { interval: 'manual' } } }, external_account: bank('000123456789'),
});
const asAnna = { stripeAccount: anna.id };

const money = (cents) => (cents / 100).toFixed(2).padStart(8);
let seen = new Set();
const show = async (what) => {
  const own = await stripe.balance.retrieve();
  const hers = await stripe.balance.retrieve({}, asAnna);
  const rows = [...(await stripe.balanceTransactions.list({ limit: 20 }, asAnna)).data, ...(await stripe.balanceTransactions.list({ limit: 20 })).data];
  const news = rows.filter(({ id }) => !seen.has(id)).map(({ type }) => type);
  seen = new Set([...seen, ...rows.map(({ id }) => id)]);
  console.log(`${what.padEnd(36)} anna ${money(hers.available[0].amount)}  platform ${money(own.available[0].amount)}  reserved ${money(own.connect_reserved[0].amount)}`);
  if (news.length > 0) console.log(`    ${[...new Set(news)].sort().join(', ')}`);
};
const to = async (iso, what) => {
  let clock = await stripe.testHelpers.testClocks.advance(platform.test_clock, { frozen_time: at(iso) });
  while (clock.status === 'advancing') clock = await stripe.testHelpers.testClocks.retrieve(platform.test_clock);
  await show(what);
};

const sale = await stripe.paymentIntents.create({
  amount: 10000, currency: 'usd', confirm: true, payment_method: 'pm_card_bypassPending', transfer_data: { destination: anna.id },
});
await stripe.payouts.create({ amount: 10000, currency: 'usd' }, asAnna);
await show('Mon 2 March  sold and paid out');
const [old] = (await stripe.accounts.listExternalAccounts(anna.id)).data;
await stripe.accounts.createExternalAccount(anna.id, { external_account: bank('000111111116'), default_for_currency: true });
await stripe.accounts.deleteExternalAccount(anna.id, old.id);
await stripe.refunds.create({ payment_intent: sale.id, reverse_transfer: true });
await show('             refunded');
await to('2026-03-02T23:59:00Z', '             both banks are debited');
await to('2026-03-05T00:00:00Z', 'Thu 5 March  her bank refuses');
await to('2026-03-10T00:00:00Z', 'Tue 10 March refuses again');
await to('2026-03-13T00:00:00Z', 'Fri 13 March a third time');
const { data: [paused] } = await stripe.accounts.listExternalAccounts(anna.id);
console.log(`    her bank account is ${paused.status}: nothing more is tried`);
await to('2026-08-29T23:59:00Z', 'Sat 29 August nearly 180 days');
await to('2026-08-30T00:00:00Z', 'Sun 30 August collected');
