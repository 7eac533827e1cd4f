/** Charges, payment intents and customers are found by Stripe's search language, as they are at this moment. */
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stopClean } from '../support/audit.ts';
import { createPlatform, refusalOf, stripeFor, type TestPlatform } from '../support/platform.ts';
import { startServer, type TestServer } from '../support/server.ts';

const start = 1_772_445_600;
let server: TestServer;
let platform: TestPlatform;
let stripe: Stripe;

beforeAll(async () => {
  server = await startServer();
  platform = await createPlatform(server, { test_clock: { frozen_time: start } });
  stripe = stripeFor(server, platform);
}, 60_000);
afterAll(() => stopClean(server), 60_000);

const idsOf = ({ data }: { readonly data: readonly { readonly id: string }[] }) => data.map(({ id }) => id);

describe('a search', () => {
  test('finds payments by their fields, newest first, as soon as they are there', async () => {
    const amy = (await stripe.customers.create({ email: 'Amy@Rocket.example', name: 'Amy Rocket', phone: '+1 555 0' }))
      .id;
    const pay = async (more: Partial<Stripe.PaymentIntentCreateParams>) => {
      const intent = await stripe.paymentIntents.create({
        amount: 1000,
        currency: 'usd',
        payment_method: 'pm_card_visa',
        confirm: true,
        ...more,
      });
      return [intent.id, intent.latest_charge as string] as const;
    };
    const [first, firstCharge] = await pay({ metadata: { order: 'A7' } });
    const [second, secondCharge] = await pay({ amount: 2000, customer: amy });
    const [third] = await pay({ amount: 3000, currency: 'eur', confirm: false, customer: amy });
    await stripe.refunds.create({ payment_intent: first });

    const intents = async (query: string) => idsOf(await stripe.paymentIntents.search({ query }));
    expect(await intents('amount>=1000')).toEqual([third, second, first]);
    expect(await intents(`customer:"${amy}"`)).toEqual([third, second]);
    expect(await intents(`customer:"${amy}" AND -status:"succeeded"`)).toEqual([third]);
    expect(await intents('currency:"eur" OR metadata["order"]:"A7"')).toEqual([third, first]);
    expect(await intents(`created>${start}`)).toEqual([]);
    expect(await intents(`created:${start} amount<3000`)).toEqual([second, first]);
    expect(await intents('customer:null')).toEqual([first]);

    const charges = async (query: string) => idsOf(await stripe.charges.search({ query }));
    expect(await charges('payment_method_details.card.last4:4242')).toEqual([secondCharge, firstCharge]);
    expect(await charges('refunded:"true"')).toEqual([firstCharge]);
    expect(await charges('-refunded:"true" payment_method_details.card.brand:"visa"')).toEqual([secondCharge]);
    expect(await charges('disputed:"true"')).toEqual([]);

    const customers = async (query: string) => idsOf(await stripe.customers.search({ query }));
    expect(await customers('email:"amy@rocket.example"')).toEqual([amy]);
    expect(await customers('email~"@rocket" name~"amy"')).toEqual([amy]);
    expect(await customers('email~"rockets"')).toEqual([]);
    await stripe.customers.del(amy);
    expect(await customers('phone:"+1 555 0"')).toEqual([]);
  });

  test('goes from page to page', async () => {
    const made: string[] = [];
    for (let i = 0; i < 5; i++) made.push((await stripe.customers.create({ metadata: { batch: 'pages' } })).id);
    await stripe.customers.create({ metadata: { batch: 'other' } });
    const query = "metadata['batch']:'pages'";
    const page = await stripe.customers.search({ query, limit: 2 });
    expect(page).toMatchObject({ object: 'search_result', has_more: true, url: '/v1/customers/search' });
    expect(page.next_page).toMatch(/^[\w-]+$/);
    const rest = await stripe.customers.search({ query, limit: 3, page: page.next_page as string });
    expect([...idsOf(page), ...idsOf(rest)]).toEqual([...made].reverse());
    expect(rest).toMatchObject({ has_more: false, next_page: null });
    const all: string[] = [];
    for await (const customer of stripe.customers.search({ query, limit: 2 })) all.push(customer.id);
    expect(all).toEqual([...made].reverse());
  });

  test('sees what the acting account has, and expands it', async () => {
    const seller = await stripe.accounts.create({ type: 'standard', country: 'US', email: 'x@example.com' });
    const query = 'metadata["whose"]:"hers"';
    const hers = await stripe.charges.create(
      { amount: 500, currency: 'usd', source: 'tok_visa', metadata: { whose: 'hers' } },
      { stripeAccount: seller.id },
    );
    expect(idsOf(await stripe.charges.search({ query }))).toEqual([]);
    const found = await stripe.charges.search(
      { query, expand: ['data.balance_transaction'] },
      { stripeAccount: seller.id },
    );
    expect(found.data).toMatchObject([{ id: hers.id, balance_transaction: { amount: 500 } }]);
    expect(await refusalOf(stripe.charges.search({ query, expand: ['balance_transaction'] }))).toMatchObject({
      message: expect.stringContaining("'data.balance_transaction'"),
    });
  });

  test('that cannot be answered says why', async () => {
    const refused = async (params: object) => {
      const { statusCode, message, param } = await refusalOf(stripe.charges.search(params as never));
      return [statusCode, param, message];
    };
    expect(await refused({})).toEqual([400, 'query', expect.stringMatching(/^Missing required param: query/)]);
    expect(await refused({ query: 'succeeded' })).toEqual([400, 'query', expect.stringMatching(/unable to parse/)]);
    expect(await refused({ query: 'email:"x"' })).toEqual([
      400,
      'query',
      'Field `email` is an unsupported search field for resource `charges`. See http://stripe.com/docs/search#query-fields-for-charges for a list of supported fields.',
    ]);
    expect(await refused({ query: 'amount:1', page: 'x' })).toEqual([
      400,
      'page',
      'Invalid page: it is no `next_page`',
    ]);
    const nasty = `metadata["${'\\'.repeat(50)}"]:"\u0001" customer:"\u0001\t"`;
    expect(idsOf(await stripe.charges.search({ query: nasty }))).toEqual([]);
  });
});
