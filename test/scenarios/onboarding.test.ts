/** How accounts are connected, onboarded and looked after, through Stripe's own client. */
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stopClean } from '../support/audit.ts';
import { admin, advanceClock, createPlatform, refusalOf, stripeFor, type TestPlatform } from '../support/platform.ts';
import { startServer, type TestServer } from '../support/server.ts';

const monday = 1_772_445_600;

let server: TestServer;
let platform: TestPlatform;
let stripe: Stripe;

beforeAll(async () => {
  server = await startServer();
  platform = await createPlatform(server, { payout_interval: 'manual', test_clock: { frozen_time: monday } });
  stripe = stripeFor(server, platform);
}, 60_000);

afterAll(() => stopClean(server), 60_000);

/** Types of the events of an account, oldest first. */
async function eventsOf(stripeAccount: string): Promise<string[]> {
  const { data } = await stripe.events.list({ limit: 100 }, { stripeAccount });
  return data.map(({ type }) => type).reverse();
}

const seller = (more: Stripe.AccountCreateParams = {}) =>
  stripe.accounts.create({
    type: 'express',
    capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
    settings: { payouts: { schedule: { interval: 'manual' } } },
    ...more,
  });

const pages = { refresh_url: 'https://shop.example/again', return_url: 'https://shop.example/back' } as const;
const visit = (url: string) => fetch(url, { redirect: 'manual' });

describe('an account link', () => {
  const linkFor = (account: string) => stripe.accountLinks.create({ account, type: 'account_onboarding', ...pages });

  test('onboards an account once', async () => {
    const { id, details_submitted } = await seller();
    expect(details_submitted).toBe(false);
    const link = await linkFor(id);
    expect(link).toMatchObject({ created: monday, expires_at: monday + 300 });
    const page = await visit(link.url);
    expect([page.status, page.headers.get('location')]).toEqual([303, pages.return_url]);

    const account = await stripe.accounts.retrieve(id);
    expect(account).toMatchObject({
      details_submitted: true,
      tos_acceptance: { date: monday, ip: '127.0.0.1' },
      external_accounts: { total_count: 1 },
      requirements: { currently_due: [], eventually_due: [] },
    });
    expect((await eventsOf(id)).slice(-2)).toEqual(['account.external_account.created', 'account.updated']);
    expect((await visit(link.url)).headers.get('location')).toBe(pages.refresh_url);
  });

  test('is consent to account debits (R76)', async () => {
    const { id } = await seller();
    await stripe.paymentIntents.create({
      amount: 5000,
      currency: 'usd',
      payment_method: 'pm_card_bypassPending',
      confirm: true,
      transfer_data: { destination: id },
    });
    const debit = () => stripe.charges.create({ amount: 1000, currency: 'usd', source: id });
    expect((await refusalOf(debit())).message).toMatch('has not agreed to account debits');
    await visit((await linkFor(id)).url);
    expect((await debit()).status).toBe('succeeded');
  });

  test('that is older than five minutes leads back', async () => {
    const { id } = await seller();
    const link = await linkFor(id);
    const [clock] = (await stripe.testHelpers.testClocks.list()).data;
    await advanceClock(stripe, clock?.id ?? '', monday + 300);
    expect((await visit(link.url)).headers.get('location')).toBe(pages.refresh_url);
    expect((await stripe.accounts.retrieve(id)).details_submitted).toBe(false);
    expect((await visit(`${link.url}x`)).status).toBe(404);
  });

  test('in live mode asks first', async () => {
    const live = await admin<TestPlatform>(server, server.adminKey, 'POST', '/evenkeel/v1/platforms', {
      livemode: true,
    });
    const ours = stripeFor(server, live);
    const { id, charges_enabled } = await ours.accounts.create({
      type: 'express',
      capabilities: { transfers: { requested: true } },
    });
    expect(charges_enabled).toBe(false);
    const { url } = await ours.accountLinks.create({ account: id, type: 'account_onboarding', ...pages });
    const page = await visit(url);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('Agree and continue')]);
    expect((await ours.accounts.retrieve(id)).details_submitted).toBe(false);
    const agreed = await fetch(url, { method: 'POST', redirect: 'manual' });
    expect(agreed.headers.get('location')).toBe(pages.return_url);
    expect(await ours.accounts.retrieve(id)).toMatchObject({
      details_submitted: true,
      requirements: { currently_due: ['external_account'] },
    });
  });

  test('needs addresses, and an account of the platform', async () => {
    const { id } = await seller();
    const relative = stripe.accountLinks.create({ ...pages, account: id, type: 'account_update', return_url: '/back' });
    expect(await refusalOf(relative)).toMatchObject({ code: 'url_invalid', param: 'return_url' });
    expect(await refusalOf(linkFor('acct_x'))).toMatchObject({ statusCode: 403, code: 'account_invalid' });
  });
});

describe('test cards that change the account', () => {
  const pay = (number: string, id: string, onBehalf = false) =>
    stripe.paymentIntents.create(
      {
        amount: 2000,
        currency: 'usd',
        payment_method_data: { type: 'card', card: { number, exp_month: 12, exp_year: 2030, cvc: '123' } } as never,
        confirm: true,
        ...(onBehalf && { on_behalf_of: id, transfer_data: { destination: id } }),
      },
      onBehalf ? {} : { stripeAccount: id },
    );

  test('ask for more', async () => {
    const { id } = await seller();
    expect((await pay('4000000000004202', id)).status).toBe('succeeded');
    const account = await stripe.accounts.retrieve(id);
    expect(account).toMatchObject({
      charges_enabled: true,
      requirements: { currently_due: ['company.verification.document'], disabled_reason: null, past_due: [] },
    });
    expect((await eventsOf(id)).slice(-3)).toContain('account.updated');
  });

  test('block charges, until the account has shown what is asked', async () => {
    const { id } = await seller();
    await pay('4000000000004210', id, true);
    const blocked = await stripe.accounts.retrieve(id);
    expect(blocked).toMatchObject({
      charges_enabled: false,
      payouts_enabled: true,
      requirements: {
        currently_due: ['company.verification.document'],
        disabled_reason: 'requirements.past_due',
        past_due: ['company.verification.document'],
      },
    });
    expect((await refusalOf(pay('4242424242424242', id))).statusCode).toBe(400);
    const { url } = await stripe.accountLinks.create({ account: id, type: 'account_update', ...pages });
    await visit(url);
    const after = await stripe.accounts.retrieve(id);
    expect(after).toMatchObject({ charges_enabled: true, requirements: { currently_due: [], disabled_reason: null } });
    expect((await pay('4242424242424242', id)).status).toBe('succeeded');
  });

  test('block payouts, until the platform has sent what is asked', async () => {
    const { id } = await seller({ type: 'custom', business_type: 'individual' });
    await pay('4000000000004236', id);
    expect(await stripe.accounts.retrieve(id)).toMatchObject({
      charges_enabled: true,
      payouts_enabled: false,
      requirements: { past_due: ['individual.verification.document'] },
    });
    const shown = await stripe.accounts.update(id, {
      individual: { verification: { document: { front: 'file_identity_document_success' } } },
    });
    expect(shown).toMatchObject({ payouts_enabled: true, requirements: { past_due: [], disabled_reason: null } });
  });

  test('say nothing to an account that only receives', async () => {
    const { id } = await seller();
    await stripe.paymentIntents.create({
      amount: 2000,
      currency: 'usd',
      payment_method: 'pm_card_visa_triggerChargeBlock',
      confirm: true,
      transfer_data: { destination: id },
    });
    expect((await stripe.accounts.retrieve(id)).charges_enabled).toBe(true);
  });
});

test("a platform finds what it earned by a connected account's charge", async () => {
  const { id } = await seller();
  const { latest_charge: charge } = await stripe.paymentIntents.create(
    { amount: 2000, currency: 'usd', payment_method: 'pm_card_visa', confirm: true, application_fee_amount: 200 },
    { stripeAccount: id },
  );
  const { data } = await stripe.applicationFees.list({ charge: charge as string });
  expect(data).toMatchObject([{ amount: 200, account: id, charge }]);
  expect(await refusalOf(stripe.applicationFees.list({ charge: 'ch_x' }))).toMatchObject({ param: 'charge' });
});

describe('persons', () => {
  test('of a company come and go', async () => {
    const { id } = await seller({ type: 'custom', business_type: 'company' });
    const owner = await stripe.accounts.createPerson(id, {
      first_name: 'Jane',
      id_number: '000000000',
      relationship: { owner: true, percent_ownership: 60 },
    });
    expect(owner).toMatchObject({ account: id, first_name: 'Jane', id_number_provided: true });
    const director = await stripe.accounts.createPerson(id, { relationship: { director: true } });
    const listed = await stripe.accounts.listPersons(id);
    expect(listed.data.map((person) => person.id)).toEqual([director.id, owner.id]);
    const owners = await stripe.accounts.listPersons(id, { relationship: { owner: true } });
    expect(owners.data.map((person) => person.id)).toEqual([owner.id]);
    const updated = await stripe.accounts.updatePerson(id, owner.id, { last_name: 'Diaz', metadata: { a: '1' } });
    expect(updated).toMatchObject({ first_name: 'Jane', last_name: 'Diaz', metadata: { a: '1' } });
    expect(await stripe.accounts.deletePerson(id, owner.id)).toMatchObject({ id: owner.id, deleted: true });
    expect(await refusalOf(stripe.accounts.retrievePerson(id, owner.id))).toMatchObject({
      statusCode: 404,
      message: `No such person: '${owner.id}'`,
    });
    expect((await eventsOf(id)).filter((type) => type.startsWith('person.'))).toEqual([
      'person.created',
      'person.created',
      'person.updated',
      'person.deleted',
    ]);
  });

  test('of an individual are one', async () => {
    const { id } = await seller({ type: 'custom', business_type: 'individual', individual: { first_name: 'Jenny' } });
    const [person] = (await stripe.accounts.listPersons(id)).data;
    expect(person).toMatchObject({ first_name: 'Jenny', relationship: { representative: true } });
    const changed = await stripe.accounts.updatePerson(id, person?.id ?? '', { last_name: 'Rosen' });
    expect(changed).toMatchObject({ id: person?.id, first_name: 'Jenny', last_name: 'Rosen' });
    expect((await stripe.accounts.retrieve(id)).individual).toMatchObject({ last_name: 'Rosen' });
    expect((await refusalOf(stripe.accounts.createPerson(id, {}))).statusCode).toBe(400);
  });
});

describe('tokens', () => {
  test('tell of accounts and persons without their numbers', async () => {
    const account = await stripe.tokens.create({
      account: { business_type: 'company', company: { name: 'Rocket' }, tos_shown_and_accepted: true },
    });
    expect(account).toMatchObject({ id: expect.stringMatching(/^ct_/), type: 'account', used: false });
    const made = await seller({ type: 'custom', account_token: account.id });
    expect(made).toMatchObject({ business_type: 'company', company: { name: 'Rocket' } });
    expect(made.tos_acceptance?.date).toBeGreaterThan(0);
    expect(await stripe.tokens.retrieve(account.id)).toMatchObject({ used: true });
    expect(await refusalOf(seller({ type: 'custom', account_token: account.id }))).toMatchObject({
      code: 'token_already_used',
    });

    const { id: person_token } = await stripe.tokens.create({ person: { first_name: 'Jane', id_number: '000000000' } });
    const person = await stripe.accounts.createPerson(made.id, { person_token });
    expect(person).toMatchObject({ first_name: 'Jane', id_number_provided: true });
    expect((await stripe.tokens.create({ pii: { id_number: '000000000' } })).type).toBe('pii');
  });
});

describe('what else an account has', () => {
  test('a page of its own, by a link that is good once', async () => {
    const { id } = await seller({ business_profile: { name: 'Rocket <Rides>' } });
    const { url } = await stripe.accounts.createLoginLink(id);
    const page = await visit(url);
    expect([page.status, page.headers.get('referrer-policy')]).toEqual([200, 'no-referrer']);
    expect(await page.text()).toContain('Rocket &lt;Rides&gt;');
    expect((await visit(url)).status).toBe(404);
    const custom = await seller({ type: 'custom' });
    expect((await refusalOf(stripe.accounts.createLoginLink(custom.id))).message).toBe(
      'Cannot create a login link for an account that is not an Express account',
    );
  });

  test('sessions for components', async () => {
    const { id } = await seller();
    const session = await stripe.accountSessions.create({
      account: id,
      components: { payments: { enabled: true, features: { refund_management: false } } },
    });
    expect(session).toMatchObject({
      account: id,
      client_secret: expect.stringMatching(/^accs_secret__\w{40}$/),
      components: {
        payments: { enabled: true, features: { capture_payments: true, refund_management: false } },
        payouts: { enabled: false, features: { standard_payouts: false } },
      },
      livemode: false,
    });
  });

  test('a rejection that is taken back', async () => {
    const { id } = await seller();
    expect((await stripe.accounts.reject(id, { reason: 'fraud_other' })).charges_enabled).toBe(false);
    expect(await stripe.accounts.unreject(id)).toMatchObject({
      charges_enabled: true,
      capabilities: { transfers: 'active' },
      requirements: { disabled_reason: null },
    });
    expect((await refusalOf(stripe.accounts.unreject(id))).message).toBe('This account is not rejected.');
  });

  test('a country', async () => {
    expect(await stripe.countrySpecs.retrieve('DE')).toMatchObject({ id: 'DE', default_currency: 'eur' });
    const first = await stripe.countrySpecs.list({ limit: 3 });
    const second = await stripe.countrySpecs.list({ limit: 3, starting_after: first.data[2]?.id ?? '' });
    expect(first.has_more).toBe(true);
    expect(second.data[0]?.id).not.toBe(first.data[2]?.id);
    expect((await refusalOf(stripe.countrySpecs.retrieve('ZZ'))).statusCode).toBe(404);
  });
});

describe('OAuth', () => {
  const application = async () => {
    const { id } = await seller();
    const { application: of } = await stripe.paymentIntents.create(
      { amount: 1000, currency: 'usd' },
      { stripeAccount: id },
    );
    return of as string;
  };

  test('connects an account and gives it up', async () => {
    const client_id = await application();
    const query = new URLSearchParams({
      response_type: 'code',
      client_id,
      scope: 'read_write',
      state: 'abc',
      redirect_uri: 'https://shop.example/connected',
    });
    const page = await visit(`${server.url}/oauth/authorize?${query}`);
    const back = new URL(page.headers.get('location') ?? '');
    expect(back.origin + back.pathname).toBe('https://shop.example/connected');
    expect(back.searchParams.get('state')).toBe('abc');
    const code = back.searchParams.get('code') ?? '';
    const idempotencyKey = 'connect once';
    const token = await stripe.oauth.token({ grant_type: 'authorization_code', code }, { idempotencyKey });
    expect(await stripe.oauth.token({ grant_type: 'authorization_code', code }, { idempotencyKey })).toEqual(token);
    expect(token).toMatchObject({ token_type: 'bearer', scope: 'read_write', livemode: false });
    const account = token.stripe_user_id ?? '';
    expect(await stripe.accounts.retrieve(account)).toMatchObject({ type: 'standard', details_submitted: true });

    const again = await refusalOf(stripe.oauth.token({ grant_type: 'authorization_code', code }));
    expect(again).toMatchObject({
      statusCode: 400,
      raw: { type: 'invalid_grant', message: `Authorization code does not exist: ${code}` },
    });
    expect(await refusalOf(stripe.oauth.deauthorize({ client_id: 'ca_x', stripe_user_id: account }))).toMatchObject({
      statusCode: 401,
      raw: { type: 'invalid_client', message: "No such application: 'ca_x'" },
    });
    expect(await stripe.oauth.deauthorize({ client_id, stripe_user_id: account })).toMatchObject({
      stripe_user_id: account,
    });
    expect((await refusalOf(stripe.accounts.retrieve(account))).statusCode).toBe(403);
    expect((await refusalOf(stripe.oauth.deauthorize({ client_id, stripe_user_id: account }))).statusCode).toBe(401);
  });

  test('knows whom it deals with', async () => {
    const answer = await fetch(`${server.url}/oauth/token`, { method: 'POST', body: 'grant_type=authorization_code' });
    expect([answer.status, ((await answer.json()) as { error: string }).error]).toEqual([401, 'invalid_client']);
    const page = await visit(`${server.url}/oauth/authorize?client_id=ca_x&redirect_uri=https://shop.example`);
    expect(page.status).toBe(400);
  });
});
