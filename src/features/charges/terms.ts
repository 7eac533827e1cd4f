import { type Currency, currencies, minimumCharge } from '../../data/currencies.ts';
import { limits } from '../../data/limits.ts';
import type { Context, Reader } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import { formatMoney, type Minor, minor } from '../../kernel/money.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { type AccountObject, accounts, isActive } from '../accounts/object.ts';
import { refuseDestination } from '../transfers/rules.ts';
import { currenciesOf, refuseCurrencies } from './currencies.ts';

/** What a card payment is about, whether it is asked for as a charge or as a payment intent. */
export interface PaymentTerms {
  readonly amount: Minor;
  readonly currency: Currency;
  readonly application_fee_amount?: Minor;
  readonly transfer_data?: { readonly destination: string; readonly amount?: Minor };
  readonly on_behalf_of?: string;
}

/** The accounts that a card payment concerns, as far as they were found. */
export interface Parties {
  /** Whose charge it is: the acting account. */
  readonly owner: AccountObject | undefined;
  readonly platform: AccountObject | undefined;
  /** Of `transfer_data`. */
  readonly destination: AccountObject | undefined;
  readonly onBehalfOf: AccountObject | undefined;
}

type Place = Pick<Context, 'account' | 'onBehalf' | 'platform'>;

const connected = (read: Reader, id: string | undefined): AccountObject | undefined => {
  const account = id === undefined ? undefined : read.find(accounts, id);
  return account?.deleted ? undefined : account;
};

/** The accounts that terms name. */
type Named = Pick<PaymentTerms, 'on_behalf_of'> & { readonly transfer_data?: { readonly destination: string } };

/** Looks up the accounts alone, for terms that no payment is made of yet. */
export function findParties(read: Reader, { transfer_data, on_behalf_of }: Named, ctx: Place): Parties {
  const owner = read.find(accounts, ctx.account);
  return {
    owner,
    platform: ctx.onBehalf ? read.find(accounts, ctx.platform) : owner,
    destination: connected(read, transfer_data?.destination),
    onBehalfOf: connected(read, on_behalf_of),
  };
}

/** Looks up the accounts, and the balances that the payment may move. */
export function loadParties(read: Reader, terms: Omit<PaymentTerms, 'amount'>, ctx: Place): Parties {
  const { currency } = terms;
  const parties = findParties(read, terms, ctx);
  const held = currenciesOf(currency, parties);
  read.balance(ctx.account, held.charge);
  if (ctx.onBehalf || held.platform !== held.charge) read.balance(ctx.platform, held.platform);
  if (parties.destination) read.balance(parties.destination.id, held.payer);
  return parties;
}

/** X5 for what is no amount of the currency, X30, X58 (R32). */
export function refuseAmount(amount: Minor, currency: Currency): Refusal | null {
  const { step } = currencies[currency];
  if (amount % step !== 0) return refuse('amount_not_multiple', { currency, step });
  const minimum = minor(minimumCharge(currency));
  if (amount < minimum) return refuse('amount_too_small', { minimum: formatMoney(minimum, currency), currency });
  if (amount <= limits.chargeMax) return null;
  return refuse('amount_too_large', { maximum: formatMoney(minor(limits.chargeMax), currency) });
}

/** X61, X19, and whatever forbids a transfer to the account (R28). */
function refuseTransfer(id: string, { destination, platform }: Parties, ctx: Place): Refusal | null {
  const param = 'transfer_data[destination]';
  if (ctx.onBehalf) return refuse('destination_with_header');
  if (!destination) return refuse('no_such_destination', { id, param });
  if (id === ctx.platform) return refuse('transfer_to_self', { param });
  assert(platform, 'a book has its platform');
  return refuseDestination(platform, destination) ?? null;
}

/** X32, and an account whose charges are switched off. */
function refuseOnBehalfOf(id: string, { onBehalfOf }: Parties, ctx: Place): Refusal | null {
  if (id === ctx.account) return null;
  if (!onBehalfOf || ctx.onBehalf || id === ctx.platform) {
    return refuse('no_such', { object: 'account', id, param: 'on_behalf_of' });
  }
  if (!isActive(onBehalfOf, 'card_payments')) return refuse('on_behalf_of_capability');
  return onBehalfOf.charges_enabled ? null : refuse('charges_blocked', { id });
}

/** Whether the accounts that terms name may take part, which can be asked before there is an amount. X61, X13, X14, X32. */
export function refuseNamed({ transfer_data, on_behalf_of }: Named, parties: Parties, ctx: Place): Refusal | null {
  const noTransfer = transfer_data && refuseTransfer(transfer_data.destination, parties, ctx);
  if (noTransfer) return noTransfer;
  return on_behalf_of === undefined ? null : refuseOnBehalfOf(on_behalf_of, parties, ctx);
}

/** Whether the acting account may be paid at all. */
function refuseOwner({ owner }: Parties, ctx: Place): Refusal | null {
  assert(owner, 'a request runs as an account that is there');
  return ctx.onBehalf && !owner.charges_enabled ? refuse('charges_blocked', { id: owner.id }) : null;
}

/**
 * Whether these terms may be agreed on, before anybody's card is asked. Refused in this order: X30, X58, X35, X31, X33,
 * X61, X13, X14, X32, what cannot be converted.
 *
 * @rule R23, R28, R29, R32, M45
 */
export function refuseTerms(terms: PaymentTerms, parties: Parties, ctx: Place): Refusal | null {
  const { amount, currency, application_fee_amount, transfer_data } = terms;
  const wrongAmount = refuseAmount(amount, currency);
  if (wrongAmount) return wrongAmount;
  if (application_fee_amount !== undefined) {
    if (!ctx.onBehalf && transfer_data === undefined) return refuse('fee_without_connect');
    if (transfer_data?.amount !== undefined) return refuse('fee_with_transfer_amount');
  }
  if (transfer_data?.amount !== undefined && transfer_data.amount > amount) {
    return refuse('transfer_amount_above_charge');
  }
  return refuseNamed(terms, parties, ctx) ?? refuseOwner(parties, ctx) ?? refuseCurrencies(terms, parties) ?? null;
}
