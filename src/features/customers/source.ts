import { mergeMetadata } from '../../api/params.ts';
import type { Context, Reader } from '../../engine/command.ts';
import type { StoredObject } from '../../kernel/kind.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import type { ExternalAccount } from '../accounts/object.ts';
import { refuseToKeep } from '../charges/card-network.ts';
import { aliasCard } from '../payment-methods/find.ts';
import type { CardDetails, PaymentMethodObject } from '../payment-methods/object.ts';
import { bankFromAlias, newExternalBankAccount } from '../tokens/bank.ts';
import { cardFromNumber } from '../tokens/card.ts';
import { type TokenObject, tokens } from '../tokens/object.ts';
import type { CustomerBankObject, CustomerObject } from './object.ts';
import type { EnteredSource } from './source-params.ts';

/** A saved card is a payment method whose id says that it came as a source. */
export type SourceObject = PaymentMethodObject | CustomerBankObject;

export const isBank = (source: SourceObject): source is CustomerBankObject => 'bank' in source;

/** The stored token that a `source` names, if it is none of the fixed test tokens. */
export const findToken = (read: Reader, sent: string | EnteredSource | undefined): TokenObject | undefined =>
  typeof sent !== 'string' || aliasCard(sent) ? undefined : read.own(tokens, sent);

type Found =
  | { readonly card: CardDetails; readonly used?: TokenObject }
  | { readonly bank: ExternalAccount; readonly used?: TokenObject };

const missing = (name: string): Refusal => refuse('missing_parameter', { name: `source[${name}]` });

function typedIn(sent: EnteredSource, ctx: Context): Found | Refusal {
  const isCard = sent.object === 'card' || (sent.object === undefined && sent.account_number === undefined);
  if (isCard) {
    const { number, exp_month, exp_year } = sent;
    if (number === undefined) return missing('number');
    if (exp_month === undefined) return missing('exp_month');
    if (exp_year === undefined) return missing('exp_year');
    const card = cardFromNumber({ ...sent, number, exp_month, exp_year }, ctx.now);
    return isRefusal(card) ? card : { card };
  }
  const { account_number, country, currency } = sent;
  if (account_number === undefined) return missing('account_number');
  if (country === undefined) return missing('country');
  if (currency === undefined) return missing('currency');
  const birth = { id: ctx.id('ba'), created: ctx.now };
  const bank = newExternalBankAccount({ ...sent, account_number, country, currency }, birth, 'source');
  return isRefusal(bank) ? bank : { bank };
}

function tokenized(id: string, token: TokenObject | undefined, ctx: Context): Found | Refusal {
  const card = aliasCard(id);
  if (card) return { card };
  const bank = bankFromAlias(id, () => ({ id: ctx.id('ba'), created: ctx.now }));
  if (bank) return { bank };
  if (!token) return refuse('no_such', { object: tokens.noun, id, param: 'source' });
  if (token.used) return refuse('token_already_used', { id });
  const used: TokenObject = { ...token, used: true };
  if (token.card) {
    const { id: _, ...details } = token.card;
    return { card: details, used };
  }
  return token.external
    ? { bank: token.external, used }
    : refuse('no_such', { object: tokens.noun, id, param: 'source' });
}

/** A card or bank account that a customer is given, and the token that it came from. */
export interface NewSource {
  readonly source: SourceObject;
  readonly put: readonly StoredObject[];
}

/**
 * What a `source` parameter stands for, as the customer keeps it.
 *
 * @returns refusals: no such token, one that was used, whatever is wrong with what was typed in, a card whose bank declines
 */
export function newSource(
  sent: string | EnteredSource,
  token: TokenObject | undefined,
  customer: Pick<CustomerObject, 'id'>,
  ctx: Context,
): NewSource | Refusal {
  const found = typeof sent === 'string' ? tokenized(sent, token, ctx) : typedIn(sent, ctx);
  if (isRefusal(found)) return found;
  const put = found.used ? [found.used] : [];
  const place = { account: ctx.account, created: ctx.now, customer: customer.id };
  if ('bank' in found) {
    // An object is numbered by the operation that stores it, so what a token held gets its own id here.
    const id = ctx.id('ba');
    const metadata = typeof sent === 'string' ? undefined : (sent.metadata ?? undefined);
    const bank = { ...found.bank, id, ...(metadata && { metadata: mergeMetadata(undefined, metadata) }) };
    const source: CustomerBankObject = { id, ...place, bank };
    return { source, put };
  }
  const declined = refuseToKeep(found.card, ctx.now);
  if (declined) return declined;
  const metadata = typeof sent === 'string' ? undefined : sent.metadata;
  const source: PaymentMethodObject = {
    id: ctx.id('card'),
    ...place,
    type: 'card',
    card: found.card,
    ...(metadata && { metadata: mergeMetadata(undefined, metadata) }),
  };
  return { source, put };
}

/** The customer with one more source; the first is its default, and any other when it is asked for. */
export function withSource(customer: CustomerObject, id: string, asDefault: boolean): CustomerObject {
  const sources = [...customer.sources, id];
  return asDefault || customer.default_source === undefined
    ? { ...customer, sources, default_source: id }
    : { ...customer, sources };
}
