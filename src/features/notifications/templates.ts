import { formatMoney, type Money } from '../../kernel/money.ts';
import { dayOf, isoDay, type UnixSeconds } from '../../kernel/time.ts';
import type { AccountObject, ExternalAccount } from '../accounts/object.ts';

/**
 * What owners of accounts are told, in plain text: what happened, how much, why, and what to do about it. All that stands in a
 * text was looked up before.
 */
export interface Template {
  readonly subject: string;
  readonly paragraphs: readonly string[];
}

/** Amounts say their currency, since several have the same sign. */
const money = ({ amount, currency }: Money): string => `${formatMoney(amount, currency)} (${currency.toUpperCase()})`;

const date = (time: UnixSeconds): string => isoDay(dayOf(time));

const bank = ({ last4, object }: Pick<ExternalAccount, 'last4' | 'object'>): string =>
  `your ${object === 'card' ? 'debit card' : 'bank account'} ending in ${last4}`;

const reasons: Readonly<Record<string, string>> = {
  duplicate: 'the payment was a duplicate',
  fraudulent: 'the payment was fraudulent',
  requested_by_customer: 'the customer asked for it',
};

/** A refund whose money came from the account (R200). */
export const refunded = (given: {
  readonly taken: Money;
  readonly charge: string;
  readonly reason: string | undefined;
  readonly platform: string;
}): Template => ({
  subject: `${money(given.taken)} was returned for a refund`,
  paragraphs: [
    `${given.platform} refunded a customer. Your share of the payment, ${money(given.taken)}, was taken from your balance.`,
    `Reason: ${given.reason === undefined ? 'none was given' : (reasons[given.reason] ?? given.reason)}.`,
    `Payment: ${given.charge}`,
  ],
});

/** A dispute or inquiry about a payment of the account's (R200, R202). */
export function disputed(given: {
  readonly amount: Money;
  readonly fee: Money | undefined;
  readonly charge: string;
  readonly reason: string;
  readonly isInquiry: boolean;
  /** Whether the money was taken from this account, and not from the platform. */
  readonly isDebited: boolean;
  readonly platform: string;
}): Template {
  const { amount, charge, fee, isDebited, isInquiry, platform, reason } = given;
  const what = isInquiry
    ? `A customer's bank asks about a payment of ${money(amount)}. No money has moved.`
    : isDebited
      ? `A customer disputes a payment of ${money(amount)}. The amount was taken from your balance until the bank decides.`
      : `A customer disputes a payment of ${money(amount)}. The amount was taken from ${platform}, which may take it back from you.`;
  return {
    subject: isInquiry
      ? `A bank asks about a payment of ${money(amount)}`
      : `A payment of ${money(amount)} is disputed`,
    paragraphs: [
      what,
      ...(fee ? [`Dispute fee: ${money(fee)}, paid by ${isDebited ? 'you' : platform}.`] : []),
      `Reason: ${reason.replaceAll('_', ' ')}.`,
      `Payment: ${charge}`,
    ],
  };
}

/** The platform took money from the account (R200). */
export const debited = (given: {
  readonly amount: Money;
  readonly description: string | undefined;
  readonly transfer: string;
  readonly platform: string;
}): Template => ({
  subject: `${given.platform} debited ${money(given.amount)}`,
  paragraphs: [
    `${given.platform} took ${money(given.amount)} from your balance.`,
    `Description: ${given.description ?? 'none was given'}`,
    `Transfer: ${given.transfer}`,
  ],
});

/** A negative balance is drawn from the bank (R110). */
export const drawn = (given: {
  readonly amount: Money;
  readonly external: Pick<ExternalAccount, 'last4' | 'object'> | undefined;
  readonly arrival: UnixSeconds;
  readonly payout: string;
}): Template => ({
  subject: `Your balance is negative: ${money(given.amount)} will be debited`,
  paragraphs: [
    `Your balance was below zero by ${money(given.amount)}. This amount is being debited from ${given.external ? bank(given.external) : 'your bank account'}.`,
    `Your bank is expected to pay by ${date(given.arrival)}. Until then there are no payouts.`,
    `Debit: ${given.payout}`,
  ],
});

/** Nothing more is paid to a bank account or drawn from it (R103, R184). */
export const paused = (given: {
  readonly external: Pick<ExternalAccount, 'last4' | 'object'>;
  readonly currency: string;
}): Template => ({
  subject: `Payouts to ${bank(given.external)} are paused`,
  paragraphs: [
    `A payout to ${bank(given.external)}, or a debit from it, has failed. Nothing more is paid to it or drawn from it until it is updated.`,
    `Please check its details or add another account for ${given.currency.toUpperCase()}.`,
  ],
});

/** Money waits for a payout by hand, and will have waited for as long as it may, or has (R192). */
export function held(
  given: Money & {
    /** Whose money it is. */
    readonly account: string;
    readonly action: 'payout' | 'notice';
    readonly limit_at: UnixSeconds;
    readonly isReached: boolean;
    /** Whether the owner of the money is told, and not the platform. */
    readonly isOwner: boolean;
  },
): Template {
  const { account, action, isOwner, isReached, limit_at } = given;
  const whose = isOwner ? 'your balance' : `the balance of ${account}`;
  const subject = isReached
    ? `${money(given)} has waited too long for a payout`
    : `${money(given)} must be paid out by ${date(limit_at)}`;
  const what = isReached
    ? `${money(given)} in ${whose} has waited for a payout for longer than it may.`
    : `On ${date(limit_at)} ${money(given)} in ${whose} will have waited for a payout for as long as it may.`;
  const next =
    action === 'notice'
      ? 'It stays where it is until it is paid out by hand.'
      : isReached
        ? `It cannot be paid out now: payouts are off, or the bank account for ${given.currency.toUpperCase()} is missing or paused. It is tried again every day.`
        : 'What is still there on that day is paid out by itself.';
  return { subject, paragraphs: [what, next] };
}

const nameOf = ({ business_profile, company, individual }: AccountObject): string | undefined =>
  [business_profile?.name, company?.name, individual?.first_name].find(
    (name): name is string => typeof name === 'string' && name !== '',
  );

/** The whole letter. */
export function letter(
  { subject, paragraphs }: Template,
  owner: AccountObject,
  platform: string,
): { readonly subject: string; readonly text: string } {
  const name = nameOf(owner);
  const text = [
    `Hello${name === undefined ? '' : ` ${name}`},`,
    ...paragraphs,
    `Account: ${owner.id}\nThis message was sent for ${platform}.`,
  ].join('\n\n');
  // A subject is one line, whatever names are in it.
  return { subject: subject.replace(/\s+/g, ' '), text: `${text}\n` };
}
