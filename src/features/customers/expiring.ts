import { command, type Due } from '../../engine/command.ts';
import { steps } from '../../kernel/day.ts';
import { addMonths, type UnixSeconds } from '../../kernel/time.ts';
import { type PaymentMethodObject, paymentMethods } from '../payment-methods/object.ts';
import { sourceNews } from './news.ts';
import { customers } from './object.ts';
import { isBank, type SourceObject } from './source.ts';

export const expiringJob = 'customers.sources.expiring';

/** When the month begins with whose end a card expires. */
const lastMonthOf = ({ card }: Pick<PaymentMethodObject, 'card'>): UnixSeconds =>
  addMonths(0, (card.exp_year - 1970) * 12 + card.exp_month - 1);

/** When the customer's owner will be told that a source is about to expire; not for what never does, or is about to already. */
export function expiry(source: SourceObject, now: UnixSeconds): readonly Due[] {
  if (isBank(source)) return [];
  const at = lastMonthOf(source);
  // What is typed in by hand may name a year that no calendar has.
  return at > now && source.card.exp_year <= 9999
    ? [{ at, order: steps.expiries, job: expiringJob, subject: source.id }]
    : [];
}

/** Tells that a card of a customer expires with this month, unless it is gone or has got another date meanwhile. */
export const tellOfExpiry = command({
  name: expiringJob,

  load(read, { subject }: Due) {
    const source = read.find(paymentMethods, subject);
    return { source, customer: source?.customer === undefined ? undefined : read.find(customers, source.customer) };
  },

  decide({ at }, { source, customer }) {
    const isKept = source !== undefined && customer?.sources.includes(source.id) === true;
    if (!isKept || lastMonthOf(source) !== at) return { result: null };
    return { result: null, emit: [sourceNews('expiring', source)] };
  },
});
