import type Stripe from 'stripe';
import { expect } from 'vitest';
import type { ExpectedBalance, ExpectedError, ExpectedRow, Step } from './example.ts';
import { unixSeconds } from './example.ts';
import { as, type Party, party, type World } from './world.ts';

type Amounts = readonly { readonly amount: number; readonly currency: string }[];

/** What is in one currency; an example has money in its accounts' own currencies only, so the others must be 0. */
function inOnly(currency: string, amounts: Amounts): number {
  const others = amounts.filter((entry) => entry.currency !== currency && entry.amount !== 0);
  expect(others, `money in other currencies than ${currency}`).toEqual([]);
  return amounts.find((entry) => entry.currency === currency)?.amount ?? 0;
}

/** R7, R8: the platform's balance has `connect_reserved`, a connected account's has not. */
export async function balanceOf(world: World, owner: Party): Promise<ExpectedBalance> {
  const balance = await world.stripe.balance.retrieve({}, as(owner));
  const available = inOnly(owner.currency, balance.available);
  const pending = inOnly(owner.currency, balance.pending);
  if (owner.stripeAccount !== undefined) {
    expect(balance.connect_reserved).toBeUndefined();
    return { available, pending };
  }
  return { available, pending, connect_reserved: inOnly(owner.currency, balance.connect_reserved ?? []) };
}

/** All balance transactions of an account, oldest first. */
export async function rowsOf(world: World, owner: Party): Promise<Stripe.BalanceTransaction[]> {
  const rows = await world.stripe.balanceTransactions
    .list({ limit: 100 }, as(owner))
    .autoPagingToArray({ limit: 10_000 });
  return rows.reverse();
}

async function newRows(world: World, owner: Party): Promise<Stripe.BalanceTransaction[]> {
  const rows = (await rowsOf(world, owner)).filter(({ id }) => !world.seenRows.has(id));
  for (const { id } of rows) world.seenRows.add(id);
  return rows;
}

function rendered(row: Stripe.BalanceTransaction): Omit<ExpectedRow, 'acct'> {
  const { type, amount, fee, net, currency, available_on, reporting_category, status } = row;
  return { type, amount, fee, net, cur: currency, available_on: isoSeconds(available_on), reporting_category, status };
}

/** Both sides in one spelling, so that a difference reads as a date. */
const isoSeconds = (seconds: number): string => new Date(seconds * 1000).toISOString();

function expectedRow({ acct: _, ...row }: ExpectedRow): Omit<ExpectedRow, 'acct'> {
  return { ...row, available_on: isoSeconds(unixSeconds(row.available_on)) };
}

/**
 * The state after a step: every account's balance, and the balance transactions that the step added to it, in their
 * order. The order across accounts is not compared: no list shows it.
 */
export async function expectStep(world: World, step: Step): Promise<void> {
  const actual: Record<string, unknown> = {};
  const expected: Record<string, unknown> = {};
  for (const [name, balance] of Object.entries(step.balances)) {
    const owner = party(world, name);
    const expectedRows = step.balance_transactions.filter(({ acct }) => acct === name);
    actual[name] = { balance: await balanceOf(world, owner), rows: (await newRows(world, owner)).map(rendered) };
    expected[name] = { balance, rows: expectedRows.map(expectedRow) };
  }
  expect(actual).toEqual(expected);
}

/** A refusal in Stripe's shape, with the status, code and parameter of the rule. */
export function expectRefusal(error: unknown, expected: ExpectedError): void {
  const { statusCode, rawType, code, param } = error as Stripe.errors.StripeError;
  const message = error instanceof Error ? error.message : String(error);
  expect({ http: statusCode, type: rawType }, message).toEqual({ http: expected.http, type: 'invalid_request_error' });
  if (expected.code !== undefined) expect(code ?? null, message).toBe(expected.code);
  if (expected.param !== undefined) expect(param ?? null, message).toBe(expected.param);
}

/** The newest charge and transfer of every account: a refusal may not add one, even without a row. */
export async function newestObjects(world: World): Promise<Record<string, unknown>> {
  const newest: Record<string, unknown> = {};
  for (const owner of world.parties.values()) {
    const charges = await world.stripe.charges.list({ limit: 1 }, as(owner));
    const transfers = await world.stripe.transfers.list({ limit: 1 }, as(owner));
    newest[owner.name] = [charges.data[0]?.id ?? null, transfers.data[0]?.id ?? null];
  }
  return newest;
}

/** I1 and the shape of a row, over all that an account has ever had: Σ net = available + pending, net = amount − fee. */
export async function expectLedger(world: World): Promise<void> {
  for (const owner of world.parties.values()) {
    const rows = await rowsOf(world, owner);
    for (const { id, amount, fee, net, fee_details } of rows) {
      expect(net, `net of ${id}`).toBe(amount - fee);
      expect(
        fee_details.reduce((sum, detail) => sum + detail.amount, 0),
        `fee details of ${id}`,
      ).toBe(fee);
    }
    const { available, pending } = await balanceOf(world, owner);
    const total = rows.reduce((sum, { net }) => sum + net, 0);
    expect(total, `sum of ${owner.name}'s rows`).toBe(available + pending);
  }
}
