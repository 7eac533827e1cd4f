/**
 * From an example's accounts to a platform on a test clock, ready for its first step.
 *
 * The data says country, currency, who bears losses and fees, payout interval and opening money. What only the
 * examples' text says (account type, bank number, consent …) is in the table of set-ups below.
 */
import type Stripe from 'stripe';
import { admin, createPlatform, stripeFor } from '../../support/platform.ts';
import type { TestServer } from '../../support/server.ts';
import { bankAccount } from './banks.ts';
import { balanceOf, rowsOf } from './compare.ts';
import { type Example, type ExampleAccount, unixSeconds } from './example.ts';
import { chargeCard } from './operations.ts';
import type { Party, World } from './world.ts';

interface SetUp {
  readonly type?: 'express' | 'standard' | 'custom'; // express unless said
  readonly bank?: string | null; // account number; null: no bank account. The country's succeeding number unless said
  readonly consent?: false; // to account debits; given unless said
  readonly debitsNegativeBalances?: false; // true unless said
  readonly debitCard?: true;
  readonly chargeBeforeStart?: true; // something for reference_transaction to point to
}

const noDebit: SetUp = { debitsNegativeBalances: false };

/** By example and account, as far as it differs from the usual seller. */
const setUps: Readonly<Record<string, Readonly<Record<string, SetUp>>>> = {
  E12: { A: { type: 'custom', debitsNegativeBalances: false } },
  E15: { A: { bank: '000111111116' } },
  E16: { A: noDebit },
  E17: { A: noDebit },
  E21: { N: { bank: null }, X: { consent: false } },
  E22: { A: { type: 'standard', chargeBeforeStart: true } },
  E23: { A: { type: 'standard' } },
  E25: { A: noDebit },
  E27: { A: { debitCard: true } },
  E29: { A: noDebit },
  E30: { A: noDebit, B: noDebit },
  E31: { A: noDebit },
  E38: { A: { bank: '000111111116' } },
  E39: { A: { type: 'custom', debitsNegativeBalances: false } },
  E40: { A: noDebit },
};

/** A platform of before 2017-02-01 has no reserves (R82), so its date says what `reserves_enabled` = false would. */
const platformCreated: Readonly<Record<string, number>> = { E34: unixSeconds('2016-06-01T00:00:00Z') };

function typeOrController(account: ExampleAccount, setUp: SetUp): Stripe.AccountCreateParams {
  if (account.fees_payer !== 'application') return { type: setUp.type ?? 'express' };
  return {
    controller: {
      fees: { payer: 'application' },
      losses: { payments: 'application' },
      requirement_collection: 'stripe',
      stripe_dashboard: { type: 'express' },
    },
  };
}

function accountParams(account: ExampleAccount, setUp: SetUp): Stripe.AccountCreateParams {
  const country = account.country.toUpperCase();
  return {
    ...typeOrController(account, setUp),
    country,
    default_currency: account.currency,
    capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
    ...(setUp.bank === null ? {} : { external_account: bankAccount(country, account.currency, setUp.bank) }),
    settings: {
      payouts: {
        debit_negative_balances: setUp.debitsNegativeBalances ?? true,
        schedule: { interval: account.payout_interval as 'manual' | 'daily' },
      },
    },
  };
}

async function createSeller(world: World, account: ExampleAccount): Promise<Party> {
  const { server, stripe, platform } = world;
  const setUp = setUps[world.example.id]?.[account.id] ?? {};
  const { id } = await stripe.accounts.create(accountParams(account, setUp));
  const seller: Party = {
    id,
    name: account.id,
    country: account.country.toUpperCase(),
    currency: account.currency,
    stripeAccount: id,
  };
  if (setUp.consent !== false) {
    await admin(server, platform.secret_key, 'POST', '/evenkeel/v1/consents', { account: id, date: world.now });
  }
  if (setUp.debitCard === true) {
    const card = await stripe.accounts.createExternalAccount(id, {
      external_account: 'tok_visa_debit_us_transferSuccess',
    });
    world.debitCard = card.id;
  }
  if (setUp.chargeBeforeStart === true) {
    // Available at once, so that nothing of it settles later; the opening adjustment below levels the amount.
    const charge = await chargeCard(world, { amount: 1000, card: '4000000000000077', owner: seller });
    world.debitReference = charge.id;
  }
  return seller;
}

async function openWith(world: World, party: Party, opening: number): Promise<void> {
  const { available } = await balanceOf(world, party);
  if (available === opening) return;
  await admin(world.server, world.platform.secret_key, 'POST', '/evenkeel/v1/adjustments', {
    account: party.id,
    amount: opening - available,
    currency: party.currency,
    description: 'Opening balance',
  });
}

/**
 * @returns the example's world: accounts made, consents recorded, opening money in, the rows of all this marked as
 *          seen, the clock at the first step
 */
export async function setUpExample(server: TestServer, example: Example): Promise<World> {
  const own = example.accounts.find(({ role }) => role === 'platform');
  const start = example.steps[0];
  if (!own || !start) throw new Error(`${example.id} needs a platform and a first step`);
  const now = unixSeconds(start.at);
  const created = platformCreated[example.id];
  const platform = await createPlatform(server, {
    country: own.country.toUpperCase(),
    default_currency: own.currency,
    ...(created === undefined ? {} : { created }),
    payout_interval: own.payout_interval,
    test_clock: { frozen_time: now },
  });
  if (platform.test_clock === null) throw new Error('the platform was born without its test clock');

  const parties = new Map<string, Party>([
    [
      own.id,
      {
        id: platform.id,
        name: own.id,
        country: own.country.toUpperCase(),
        currency: own.currency,
        stripeAccount: undefined,
      },
    ],
  ]);
  const world: World = {
    example,
    server,
    platform,
    stripe: stripeFor(server, platform),
    clock: platform.test_clock,
    parties,
    seenRows: new Set(),
    charges: [],
    now,
  };
  for (const account of example.accounts) {
    if (account.role === 'connected') parties.set(account.id, await createSeller(world, account));
  }
  for (const account of example.accounts) {
    await openWith(world, parties.get(account.id)!, account.opening_available);
  }
  for (const party of parties.values()) {
    for (const row of await rowsOf(world, party)) world.seenRows.add(row.id);
  }
  world.charges.length = 0;
  return world;
}
