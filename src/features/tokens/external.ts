import type { Country } from '../../data/countries.ts';
import type { Currency } from '../../data/currencies.ts';
import type { Id } from '../../kernel/id.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import type { UnixSeconds } from '../../kernel/time.ts';
import type { ExternalAccount } from '../accounts/object.ts';
import { bankFromAlias, newExternalBankAccount } from './bank.ts';
import { cardFromAlias, cardFromNumber, type EnteredCard } from './card.ts';
import { debitCardFromAlias, debitCardFromNumber } from './debit-card.ts';
import type { TokenObject } from './object.ts';

/** An external account typed in whole. Without `object` it is a bank account, unless it has a card's `number`. */
export interface EnteredExternal {
  readonly object?: string;
  readonly currency?: Currency;
  readonly country?: string;
  readonly account_number?: string;
  readonly routing_number?: string;
  readonly account_holder_name?: string;
  readonly account_holder_type?: string;
  readonly account_type?: string;
  readonly number?: string;
  readonly exp_month?: number;
  readonly exp_year?: number;
  readonly metadata?: Readonly<Record<string, string>> | null;
}

/** Mints ids and tells the time: a command's context. */
interface Moment {
  readonly now: UnixSeconds;
  id<Prefix extends string>(prefix: Prefix): Id<Prefix>;
}

export interface Resolved {
  readonly external: ExternalAccount;
  /** The token it came from, now used: to be put. */
  readonly spent?: TokenObject;
}

const missing = (name: string): Refusal => refuse('missing_parameter', { name });

function bankFrom(entered: EnteredExternal, moment: Moment, at: string): ExternalAccount | Refusal {
  const { country, currency, account_number } = entered;
  if (account_number === undefined) return missing(`${at}[account_number]`);
  if (country === undefined) return missing(`${at}[country]`);
  if (currency === undefined) return missing(`${at}[currency]`);
  const birth = { id: moment.id('ba'), created: moment.now };
  return newExternalBankAccount({ ...entered, account_number, country, currency }, birth, at);
}

function cardFrom(entered: EnteredExternal, moment: Moment, at: string): ExternalAccount | Refusal {
  const { number, exp_month, exp_year } = entered;
  if (number === undefined) return missing(`${at}[number]`);
  if (exp_month === undefined) return missing(`${at}[exp_month]`);
  if (exp_year === undefined) return missing(`${at}[exp_year]`);
  const typed: EnteredCard = { ...entered, number, exp_month, exp_year };
  const card = cardFromNumber(typed, moment.now);
  if (isRefusal(card)) return card;
  const birth = { id: moment.id('card'), created: moment.now };
  const external = debitCardFromNumber(number, card, birth, entered.currency);
  return external ?? refuse('external_account_card_unsupported', { param: at });
}

function typedIn(entered: EnteredExternal, moment: Moment, at: string): ExternalAccount | Refusal {
  const isCard = entered.object === 'card' || (entered.object === undefined && entered.number !== undefined);
  const external = isCard ? cardFrom(entered, moment, at) : bankFrom(entered, moment, at);
  if (isRefusal(external) || !entered.metadata) return external;
  return { ...external, metadata: entered.metadata };
}

/** @param token what the reader found under the id; the caller has checked whose it is */
function tokenized(
  id: string,
  token: TokenObject | undefined,
  moment: Moment,
  at: string,
): Resolved | ExternalAccount | Refusal {
  const alias =
    bankFromAlias(id, () => ({ id: moment.id('ba'), created: moment.now })) ??
    debitCardFromAlias(id, () => ({ id: moment.id('card'), created: moment.now }));
  if (alias) return alias;
  if (cardFromAlias(id)) return refuse('external_account_card_unsupported', { param: at });
  if (!token) return refuse('no_such', { object: 'token', id, param: at });
  if (token.used) return refuse('token_already_used', { id, param: at });
  if (!token.external) return refuse('external_account_card_unsupported', { param: at });
  return { external: token.external, spent: { ...token, used: true } };
}

/**
 * What an `external_account` parameter stands for: a fixed test token, a stored token, or a bank account or debit card
 * typed in whole.
 *
 * @param given.sent    the parameter
 * @param given.token   the stored token of that id, if the caller may use it
 * @param given.country of the account it is for: a card has to be from there
 * @param given.at      the parameter's name, for refusals
 */
export function resolveExternalAccount(
  given: {
    readonly sent: string | EnteredExternal;
    readonly token: TokenObject | undefined;
    readonly country: Country;
    readonly at: string;
  },
  moment: Moment,
): Resolved | Refusal {
  const { sent, token, country, at } = given;
  const found = typeof sent === 'string' ? tokenized(sent, token, moment, at) : typedIn(sent, moment, at);
  if (isRefusal(found)) return found;
  const resolved = 'external' in found ? found : { external: found };
  if (resolved.external.object === 'card' && resolved.external.country !== country) {
    return refuse('external_account_card_unsupported', { param: at });
  }
  return resolved;
}
