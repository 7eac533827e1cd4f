import type { Context } from '../../engine/command.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import { type Parties, refuseTerms } from '../charges/terms.ts';
import type { CustomerObject } from '../customers/object.ts';
import { confirmIntent } from '../payment-intents/confirmation.ts';
import { refuseMethod } from '../payment-intents/method.ts';
import type { PaymentMethodObject } from '../payment-methods/object.ts';
import type { SubscriptionObject } from '../subscriptions/object.ts';
import { termsOf } from './finalise.ts';
import type { InvoiceObject } from './object.ts';
import { type Bill, joined, type Step } from './parts.ts';
import { failed, needsCustomer, paid, type RetriesEnd } from './settle.ts';

/** Whoever says nothing else pays with this: the invoice's method, the subscription's, the customer's, its default source. */
export const methodIdOf = (
  customer: CustomerObject | undefined,
  subscription?: Pick<SubscriptionObject, 'default_payment_method'>,
  invoice?: Pick<InvoiceObject, 'default_payment_method'>,
): string | undefined =>
  invoice?.default_payment_method ??
  subscription?.default_payment_method ??
  customer?.invoice_settings?.default_payment_method ??
  customer?.default_source;

export interface Collecting {
  /** What it is to be paid with; undefined where there is nothing. */
  readonly method: PaymentMethodObject | undefined;
  readonly parties: Parties;
  /** Nobody is there to confirm. */
  readonly offSession: boolean;
  /** Not asked for by anybody: a failure is tried again. */
  readonly automatic: boolean;
}

export interface Collected extends Step {
  /** Why it is not paid, as whoever asked for it is told; absent also where there was nothing to pay with. */
  readonly declined?: Refusal;
}

export const retriesEndOf = ({ platform }: Parties): RetriesEnd =>
  platform?.platform?.subscription_retries_end ?? 'cancel';

/**
 * One try to pay an open invoice, by the same way as any payment intent.
 *
 * @rule R72
 */
export function collect(bill: Bill, { method, parties, offSession, automatic }: Collecting, ctx: Context): Collected {
  const { intent, invoice, customer } = bill;
  const how = { automatic, retriesEnd: retriesEndOf(parties) };
  if (!intent) return failed(bill, how, ctx);
  const refusal = method ? (refuseMethod(intent, method) ?? refuseTerms(termsOf(invoice), parties, ctx)) : null;
  // Terms that are not agreed on any more, by an account that was switched off for example, are a failed payment, too.
  if (!method || refusal) return { ...failed(bill, how, ctx), ...(refusal && { declined: refusal }) };
  const {
    intent: confirmed,
    declined,
    ...effects
  } = confirmIntent(intent, { method, isNew: false, put: [] }, { off_session: offSession }, { parties, customer }, ctx);
  // A method for future use may have been given to the customer.
  const keeper = effects.put.find(({ id }) => id === customer.id) as CustomerObject | undefined;
  const after: Bill = { ...bill, intent: confirmed, customer: keeper ?? customer };
  const step =
    confirmed.status === 'succeeded'
      ? paid(after, ctx, { automatic })
      : confirmed.status === 'requires_action'
        ? needsCustomer(after)
        : failed(after, how, ctx);
  return { bill: step.bill, parts: joined(effects, step.parts), ...(declined && { declined }) };
}
