/**
 * What the books know beyond Stripe's API, told along the stories of the worked examples: a debit that works (E14), one
 * that fails three times (E15), a debt that is collected (E17), reserves that add up (E30).
 */
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stopClean } from '../support/audit.ts';
import { AdminError, admin, advanceClock, createPlatform, stripeFor, type TestPlatform } from '../support/platform.ts';
import { startServer, type TestServer } from '../support/server.ts';

/** Monday, 2 March 2026, 10:00 UTC. */
const monday = 1_772_445_600;
const at = (iso: string): number => Date.parse(`${iso}Z`) / 1000;

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
}, 60_000);

afterAll(() => stopClean(server), 60_000);

interface Row {
  readonly id?: string;
  readonly object: 'balance_transaction' | 'settlement';
  readonly type?: string;
  readonly amount: number;
  readonly net: number;
  readonly source: string;
  readonly status: string;
  readonly time?: number;
  readonly balance: { readonly available: number; readonly pending: number };
  readonly cause: {
    readonly operation: { readonly command: string; readonly request: string | null; readonly scheduled: boolean };
    readonly links: readonly { readonly relation: string; readonly id: string }[];
    readonly stands_for: {
      readonly account: string;
      readonly transactions: readonly { readonly type: string; readonly net: number }[];
    } | null;
  };
}

interface Explanation {
  readonly balance: {
    readonly available: number;
    readonly pending: number;
    readonly reserved?: number;
    readonly total: number;
  };
  readonly chain: readonly Row[];
  readonly has_more: boolean;
  readonly now: {
    readonly effective_balance: number;
    readonly payouts: {
      readonly blocked_by: readonly { readonly reason: string; readonly unblocked_by: readonly object[] }[];
    };
    readonly scheduled: readonly { readonly what: string; readonly at: number; readonly amount: number | null }[];
  };
  readonly opening: { readonly available: number; readonly pending: number; readonly transactions: number };
}

interface Item {
  readonly account: string;
  readonly [name: string]: unknown;
}
type List = { readonly data: readonly Item[]; readonly has_more: boolean };

/** A platform with 500.00, and what is asked of it. */
class World {
  readonly platform: TestPlatform;
  readonly stripe: Stripe;

  private constructor(platform: TestPlatform) {
    this.platform = platform;
    this.stripe = stripeFor(server, platform);
  }

  static async with(available: number, options: { reserves_enabled?: boolean } = {}): Promise<World> {
    const world = new World(await createPlatform(server, { test_clock: { frozen_time: monday }, ...options }));
    if (available > 0) await world.give(world.platform.id, available);
    return world;
  }

  give = (account: string, amount: number) =>
    admin(server, this.platform.secret_key, 'POST', '/evenkeel/v1/adjustments', { account, amount, currency: 'usd' });

  ask = <T = List>(path: string) => admin<T>(server, this.platform.secret_key, 'GET', `/evenkeel/v1/${path}`);

  explain = (account: string, query = '') => this.ask<Explanation>(`accounts/${account}/explain?currency=usd${query}`);

  async seller(bank: string | null, given: Partial<Stripe.AccountCreateParams> = {}): Promise<string> {
    const { id } = await this.stripe.accounts.create({
      ...(given.controller ? {} : { type: 'express' }),
      capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
      ...(bank !== null && {
        external_account: {
          object: 'bank_account',
          country: 'US',
          currency: 'usd',
          routing_number: '110000000',
          account_number: bank,
        },
      }),
      settings: { payouts: { debit_negative_balances: bank !== null, schedule: { interval: 'daily' } } },
      ...given,
    });
    return id;
  }

  /** A direct charge of 100.00 that is charged back: −18.20. */
  async chargedBack(seller: string): Promise<{ charge: string; dispute: string }> {
    const options = { stripeAccount: seller };
    const { latest_charge } = await this.stripe.paymentIntents.create(
      { amount: 10_000, currency: 'usd', payment_method: 'pm_card_bypassPending', confirm: true },
      options,
    );
    const charge = latest_charge as string;
    const { id } = await admin<Stripe.Dispute>(server, this.platform.secret_key, 'POST', '/evenkeel/v1/disputes', {
      charge,
    });
    return { charge, dispute: id };
  }

  to = (iso: string) => advanceClock(this.stripe, this.platform.test_clock ?? '', at(iso));
}

const types = ({ chain }: Explanation) => chain.map(({ object, type }) => type ?? object);
const blocks = ({ now }: Explanation) => now.payouts.blocked_by.map(({ reason }) => reason);
const work = ({ now }: Explanation) => now.scheduled.map((each) => [each.what, each.at]);

describe('E14: a bank debit that works', () => {
  let world: World;
  let seller: string;
  let story: { charge: string; dispute: string };

  beforeAll(async () => {
    world = await World.with(50_000);
    seller = await world.seller('000123456789');
    story = await world.chargedBack(seller);
  });

  test('R216 the account is listed while it is below zero, with what is done about it', async () => {
    const { data } = await world.ask('negative_accounts');
    expect(data).toMatchObject([
      {
        account: seller,
        available: -1820,
        effective_balance: -1820,
        bank: { last4: '6789' },
        currency: 'usd',
        days_negative: 0,
        days_until_collection: 181,
        collects_at: at('2026-08-30T00:00:00'),
        debits: {
          attempts: 0,
          attempts_max: 3,
          in_flight: null,
          next_at: at('2026-03-02T23:59:00'),
          not_debited_because: null,
        },
        liable: 'platform',
        negative_since: monday,
        reserved: 1820,
      },
    ]);
    expect((await world.ask('negative_accounts?currency=eur')).data).toEqual([]);
    expect((await world.ask('negative_accounts?liable=stripe')).data).toEqual([]);
    expect((await world.ask('negative_accounts?liable=platform&currency=usd')).data).toHaveLength(1);
  });

  test('R210 what is held is told by account, with why and until when', async () => {
    expect(await world.ask('reserves')).toMatchObject({
      data: [
        {
          object: 'reserve',
          account: seller,
          amount: 1820,
          because: [{ amount: 1820, reason: 'negative' }],
          next: { what: 'bank_debit', at: at('2026-03-02T23:59:00') },
          since: monday,
        },
      ],
      has_more: false,
      url: '/evenkeel/v1/reserves',
    });
    await expect(world.ask('reserves?currency=xxx')).rejects.toMatchObject({ status: 400 });
  });

  test('the chain leads from the balance to the dispute, its charge and the request', async () => {
    const told = await world.explain(seller);
    expect(types(told)).toEqual(['charge', 'adjustment']);
    const [charge, dispute] = told.chain;
    expect(charge).toMatchObject({ net: 9680, source: story.charge, balance: { available: 9680, pending: 0 } });
    expect(charge?.cause.operation).toMatchObject({ command: 'payment_intents.create', scheduled: false });
    expect(charge?.cause.operation.request).toMatch(/^req_/);
    expect(dispute).toMatchObject({ net: -11_500, source: story.dispute, balance: { available: -1820, pending: 0 } });
    expect(dispute?.cause.operation.command).toBe('disputes.create');
    expect(dispute?.cause.links).toContainEqual({ id: story.charge, relation: 'charge' });
    expect(told.balance).toMatchObject({ available: -1820, pending: 0, total: -1820, reserved: 1820 });
  });

  test('R211 a row of the reserve tells which account it stands for, and what changed that account', async () => {
    const told = await world.explain(world.platform.id);
    expect(types(told)).toEqual(['adjustment', 'reserve_transaction']);
    const [, hold] = told.chain;
    expect(hold).toMatchObject({ amount: -1820, balance: { available: 48_180 } });
    expect(hold?.cause.operation.command).toBe('disputes.create');
    expect(hold?.cause.stands_for).toMatchObject({
      account: seller,
      transactions: [{ type: 'adjustment', net: -11_500, source: story.dispute }],
    });
    expect(told.balance).toMatchObject({ available: 48_180, reserved: 1820, total: 48_180 });
  });

  test('R105, R111 it says what keeps payouts back, what would end that, and what is scheduled', async () => {
    const told = await world.explain(seller);
    expect(told.now.payouts.blocked_by).toEqual([
      {
        reason: 'negative_balance',
        unblocked_by: [
          { what: 'new_payments', amount: 1820 },
          { what: 'bank_debit', amount: 1820, at: at('2026-03-02T23:59:00') },
          { what: 'transfer_from_platform', amount: 1820 },
          { what: 'collection', amount: 1820, at: at('2026-08-30T00:00:00') },
        ],
      },
    ]);
    expect(work(told)).toEqual([
      ['bank_debit', at('2026-03-02T23:59:00')],
      // It was scheduled when there was money, and will find none.
      ['payout', at('2026-03-03T00:00:00')],
      ['collection', at('2026-08-30T00:00:00')],
    ]);
  });

  test('R126 after the close the balance is zero, and the debit is what is uncleared', async () => {
    await world.to('2026-03-03T10:00:00');
    expect((await world.ask('negative_accounts')).data).toMatchObject([
      {
        available: 0,
        effective_balance: -1820,
        debits: { attempts: 1, in_flight: { amount: 1820 }, next_at: null, not_debited_because: 'debit_in_flight' },
        days_negative: 1,
      },
    ]);
    const [held] = (await world.ask('reserves')).data;
    expect(held).toMatchObject({
      amount: 1820,
      because: [
        { amount: 1820, reason: 'uncleared_bank_debit', releases_at: at('2026-03-05T00:00:00'), status: 'pending' },
      ],
      next: { what: 'release', at: at('2026-03-05T00:00:00') },
      since: monday,
    });
    const told = await world.explain(seller);
    expect(types(told)).toEqual(['charge', 'adjustment', 'payout']);
    expect(told.chain[2]?.cause.operation).toMatchObject({
      command: 'negative-balances.debit',
      request: null,
      scheduled: true,
    });
    expect(blocks(told)).toEqual(['bank_debit_in_flight', 'nothing_available']);
    expect(work(told)).toEqual([
      ['bank_answers', at('2026-03-05T00:00:00')],
      ['reserve_release', at('2026-03-05T00:00:00')],
      ['collection', at('2026-08-30T00:00:00')],
    ]);
  });

  test('R131 when the debit has cleared nothing is listed any more, and the release names its cause', async () => {
    await world.to('2026-03-05T00:00:00');
    expect((await world.ask('negative_accounts')).data).toEqual([]);
    expect((await world.ask('reserves')).data).toEqual([]);
    expect((await world.ask('exposure')).data).toEqual([]);
    const told = await world.explain(world.platform.id);
    expect(types(told)).toEqual(['adjustment', 'reserve_transaction', 'reserve_transaction']);
    const release = told.chain[2];
    expect(release).toMatchObject({ amount: 1820, balance: { available: 50_000 } });
    expect(release?.cause.operation.command).toBe('negative-balances.clear');
    expect(release?.cause.stands_for).toMatchObject({ account: seller, transactions: [] });
    expect(blocks(await world.explain(seller))).toEqual(['nothing_available']);
  });

  test('the balance of a moment in the past is the chain as far as it went then', async () => {
    const told = await world.explain(seller, `&at=${at('2026-03-02T23:58:59')}`);
    expect(told.balance).toEqual({ available: -1820, pending: 0, total: -1820 });
    expect(types(told)).toEqual(['charge', 'adjustment']);
    const none = await world.explain(seller, `&at=${monday - 1}`);
    expect(none).toMatchObject({ balance: { total: 0 }, chain: [], opening: { transactions: 0 } });
  });
});

describe('E15: three refusals', () => {
  test('R102, R103 attempts are counted until the bank account has to be replaced', async () => {
    const world = await World.with(50_000);
    const seller = await world.seller('000111111116');
    await world.chargedBack(seller);
    await world.to('2026-03-05T00:00:00');
    expect((await world.ask('negative_accounts')).data).toMatchObject([
      { account: seller, available: -1820, debits: { attempts: 1, next_at: at('2026-03-05T23:59:00') } },
    ]);
    await world.to('2026-03-13T00:00:00');
    const [negative] = (await world.ask('negative_accounts')).data;
    expect(negative).toMatchObject({
      bank: { status: 'errored' },
      debits: { attempts: 3, next_at: null, not_debited_because: 'bank_account_errored' },
      days_negative: 10,
    });
    const told = await world.explain(seller);
    expect(blocks(told)).toEqual(['external_account_errored', 'negative_balance']);
    const bank = negative?.bank as { id: string } | undefined;
    expect(told.now.payouts.blocked_by[0]?.unblocked_by).toEqual([
      { what: 'update_external_account', object: bank?.id },
    ]);
    expect(work(told)).toEqual([['collection', at('2026-08-30T00:00:00')]]);
    expect(types(told)).toEqual([
      'charge',
      'adjustment',
      ...['payout', 'payout_failure', 'payout', 'payout_failure', 'payout', 'payout_failure'],
    ]);
    expect(told.chain.map(({ balance }) => balance.available)).toEqual([9680, -1820, 0, -1820, 0, -1820, 0, -1820]);
  });
});

describe('E17: 180 days', () => {
  test('R150, R212, R213 the collection is in the chain of both, and the debt is gone', async () => {
    const world = await World.with(50_000);
    const seller = await world.seller(null);
    await world.chargedBack(seller);
    await world.to('2026-08-29T23:59:00');
    expect((await world.ask('negative_accounts')).data).toMatchObject([
      { days_negative: 180, days_until_collection: 1, debits: { not_debited_because: 'debit_negative_balances_off' } },
    ]);
    expect((await world.ask('exposure')).data).toMatchObject([
      { total: 1820, covered: 1820, uncovered: 0, oldest: { account: seller, days: 180, since: monday } },
    ]);
    await world.to('2026-08-30T00:00:00');
    expect((await world.ask('negative_accounts')).data).toEqual([]);
    const told = await world.explain(seller);
    expect(types(told)).toEqual(['charge', 'adjustment', 'connect_collection_transfer']);
    expect(told.chain[2]).toMatchObject({
      reporting_category: 'connect_collection_transfer',
      balance: { available: 0 },
      cause: { operation: { command: 'reserves.collect', scheduled: true } },
    });
    const own = await world.explain(world.platform.id);
    expect(types(own).slice(-2)).toEqual(['reserve_transaction', 'connect_collection_transfer']);
    const [release] = own.chain.slice(-2);
    expect(release).toMatchObject({ reporting_category: 'connect_reserved_funds' });
    expect(release?.cause.stands_for?.transactions).toMatchObject([{ type: 'connect_collection_transfer', net: 1820 }]);
  });
});

describe('E30: several accounts', () => {
  let world: World;
  const sellers: string[] = [];

  beforeAll(async () => {
    world = await World.with(50_000);
    for (let i = 0; i < 3; i++) sellers.push(await world.seller(null));
    for (const [i, seller] of sellers.entries()) await world.give(seller, i === 2 ? 700 : -1000 * (i + 1));
  });

  test('R123 what is held adds up, and a positive account takes nothing off', async () => {
    expect((await world.ask('exposure')).data).toEqual([
      {
        object: 'exposure',
        accounts: 2,
        caused_by_debits: 0,
        covered: 3000,
        currency: 'usd',
        liability_of_stripe: 0,
        negative: 3000,
        oldest: { account: sellers[0], days: 0, since: monday },
        platform_available: 47_000,
        reserved: 3000,
        total: 3000,
        uncleared: 0,
        uncovered: 0,
      },
    ]);
  });

  test('pages go on by account, in both directions', async () => {
    const first = await world.ask('negative_accounts?limit=1');
    expect(first).toMatchObject({ data: [{ account: sellers[1] }], has_more: true });
    const second = await world.ask(`negative_accounts?limit=1&starting_after=${sellers[1]}`);
    expect(second).toMatchObject({ data: [{ account: sellers[0] }], has_more: false });
    const back = await world.ask(`negative_accounts?limit=1&ending_before=${sellers[0]}`);
    expect(back).toMatchObject({ data: [{ account: sellers[1] }], has_more: false });
    await expect(world.ask('reserves?starting_after=acct_unknown')).rejects.toBeInstanceOf(AdminError);
  });

  test('accounts of Stripe’s liability are told apart, and exposed only by what debits caused', async () => {
    const seller = await world.seller(null, { controller: {} });
    await world.give(seller, -400);
    expect((await world.ask('negative_accounts?liable=stripe')).data).toMatchObject([
      { account: seller, liable: 'stripe', collects_at: null, days_until_collection: null, reserved: 0 },
    ]);
    expect((await world.ask('exposure')).data).toMatchObject([{ total: 3000, liability_of_stripe: 400, accounts: 2 }]);
  });
});

test('R134 without reserves the exposure is not covered, and a debit on its way is not forgotten', async () => {
  const world = await World.with(0, { reserves_enabled: false });
  const seller = await world.seller('000111111116');
  await world.give(seller, -900);
  expect((await world.ask('exposure')).data).toMatchObject([{ negative: 900, covered: 0, uncovered: 900 }]);
  await world.to('2026-03-03T10:00:00');
  expect((await world.ask('exposure')).data).toMatchObject([
    { negative: 0, uncleared: 900, total: 900, uncovered: 900 },
  ]);
  expect((await world.ask('negative_accounts')).data).toMatchObject([{ available: 0, effective_balance: -900 }]);
  expect((await world.ask('reserves')).data).toEqual([]);
});

describe('a longer history', () => {
  let world: World;
  let seller: string;

  beforeAll(async () => {
    world = await World.with(50_000);
    seller = await world.seller('000123456789');
    const pay = () =>
      world.stripe.paymentIntents.create(
        { amount: 1000, currency: 'usd', payment_method: 'pm_card_visa', confirm: true },
        { stripeAccount: seller },
      );
    for (let day = 2; day < 7; day++) {
      await pay();
      await pay();
      await world.to(`2026-03-0${day + 1}T10:00:00`);
    }
  });

  test('I1, I2 the days that settled stand between the rows, and every balance follows from the one before', async () => {
    const { balance, chain, opening, has_more } = await world.explain(seller);
    expect(opening).toEqual({ available: 0, pending: 0, transactions: 0 });
    expect(has_more).toBe(false);
    const running = { available: 0, pending: 0 };
    for (const step of chain) {
      if (step.object === 'settlement') {
        running.available += step.amount;
        running.pending -= step.amount;
      } else {
        running[step.type === 'charge' ? 'pending' : 'available'] += step.net;
      }
      expect(step.balance).toEqual(running);
    }
    expect(balance).toMatchObject(running);
    expect(chain.filter(({ object }) => object === 'settlement').map(({ time }) => time)).toEqual([
      at('2026-03-04T00:00:00'),
      at('2026-03-05T00:00:00'),
      at('2026-03-06T00:00:00'),
    ]);
    expect(types({ chain } as Explanation).filter((type) => type === 'payout')).toHaveLength(3);
  });

  test('pages of a long chain fit together', async () => {
    const whole = await world.explain(seller);
    const pages: Explanation[] = [];
    let query = '&limit=3';
    for (;;) {
      const page = await world.explain(seller, query);
      pages.unshift(page);
      if (!page.has_more) break;
      query = `&limit=3&ending_before=${page.chain.find(({ id }) => id)?.id}`;
    }
    expect(pages).toHaveLength(Math.ceil(whole.chain.filter(({ id }) => id).length / 3));
    expect(pages.flatMap(({ chain }) => chain.map(({ balance }) => balance))).toEqual(
      whole.chain.map(({ balance }) => balance),
    );
    expect(pages.flatMap(({ chain }) => chain.map(({ id, time }) => id ?? time))).toEqual(
      whole.chain.map(({ id, time }) => id ?? time),
    );
    expect(pages.map(({ opening }) => opening.transactions)).toEqual(pages.map((_, i) => (i === 0 ? 0 : i * 3 - 2)));
  });

  test('refuses what it does not know', async () => {
    await expect(world.explain('acct_unknown')).rejects.toMatchObject({ status: 404 });
    await expect(world.explain(seller, '&ending_before=txn_unknown')).rejects.toMatchObject({ status: 400 });
    await expect(world.ask(`accounts/${seller}/explain`)).rejects.toMatchObject({ status: 400 });
    expect(await world.explain(seller, '').then(({ chain }) => chain.length)).toBeGreaterThan(10);
  });
});
