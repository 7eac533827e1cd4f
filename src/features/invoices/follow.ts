import type { Context, Decision, Reader } from '../../engine/command.ts';
import { type PaymentIntentObject, paymentIntents } from '../payment-intents/object.ts';
import { retriesEndOf } from './collect.ts';
import { findBill } from './find.ts';
import { invoices } from './object.ts';
import { type Bill, changedIn, joined, type Step } from './parts.ts';
import { failed, needsCustomer, paid } from './settle.ts';

type Outcome = 'paid' | 'failed' | 'needsCustomer';

const outcomes: { readonly [type: string]: Outcome } = {
  'payment_intent.succeeded': 'paid',
  'payment_intent.payment_failed': 'failed',
  'payment_intent.requires_action': 'needsCustomer',
};

/**
 * What follows for an invoice when somebody else pays its payment intent: the customer's browser, which confirms it, or a
 * client that does so by itself. Commands of billing put the invoice themselves, and nothing is left to do here.
 */
export function followPayments(decision: Decision, read: Reader, ctx: Context): Decision {
  let followed = decision;
  for (const { type, object } of decision.emit ?? []) {
    const outcome = outcomes[type];
    if (
      outcome === undefined ||
      !('id' in object) ||
      !paymentIntents.prefixes.some((each) => object.id.startsWith(`${each}_`))
    ) {
      continue;
    }
    const intent = object as PaymentIntentObject;
    if (intent.invoice === undefined || decision.put?.some(({ id }) => id === intent.invoice)) continue;
    const found = findBill(read, read.find(invoices, intent.invoice), ctx);
    // Not loaded yet: this run of the decision is thrown away, the next one has it.
    if (!found || (found.bill.invoice.status !== 'open' && found.bill.invoice.status !== 'uncollectible')) continue;
    const before: Bill = { ...found.bill, intent, customer: putOr(decision, found.bill.customer) };
    const { bill, parts } = told(before, outcome, retriesEndOf(found.parties), ctx);
    const all = joined(followed, parts);
    followed = { ...followed, ...all, put: [...all.put, ...changedIn(before, bill)] };
  }
  return followed;
}

/** An object as the decision leaves it. */
const putOr = <T extends { readonly id: string }>({ put = [] }: Decision, object: T): T =>
  (put.findLast(({ id }) => id === object.id) as T | undefined) ?? object;

function told(
  bill: Bill,
  outcome: Outcome,
  retriesEnd: Parameters<typeof failed>[1]['retriesEnd'],
  ctx: Context,
): Step {
  if (outcome === 'paid') return paid(bill, ctx);
  return outcome === 'failed' ? failed(bill, { automatic: false, retriesEnd }, ctx) : needsCustomer(bill);
}
