import { type Metadata, mergeMetadata } from '../../api/params.ts';
import type { Context, Reader } from '../../engine/command.ts';
import type { StoredObject } from '../../kernel/kind.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import { cardFromAlias, cardFromNumber } from '../tokens/card.ts';
import { type TokenObject, tokens } from '../tokens/object.ts';
import { type CardDetails, type PaymentMethodObject, paymentMethods } from './object.ts';

/** A card as a payment method is made from it: typed in, or a token of one. */
export interface MethodCard {
  readonly number?: string;
  readonly exp_month?: number;
  readonly exp_year?: number;
  readonly cvc?: string;
  readonly token?: string;
}

export interface MethodData {
  readonly type: 'card';
  readonly card?: MethodCard;
  readonly billing_details?: Readonly<Record<string, unknown>>;
  readonly metadata?: Metadata | null;
}

/** How a request names the method it pays with. */
export interface MethodRequest {
  /** A pm_ id, or an alias of a test card. */
  readonly payment_method?: string;
  readonly payment_method_data?: MethodData;
}

/** What a request's method was found to be, before anything is decided. */
export interface FoundMethod {
  readonly stored?: PaymentMethodObject | undefined;
  readonly alias?: CardDetails | undefined;
  readonly token?: TokenObject | undefined;
}

export interface ResolvedMethod {
  readonly method: PaymentMethodObject;
  readonly isNew: boolean;
  /** What else changes: the token that it was made from. */
  readonly put: readonly StoredObject[];
}

// A handful of aliases pays for most of what is tested, and each card costs a hash.
const aliases = new Map<string, CardDetails>();

/** `pm_card_…` and `tok_…` stand for cards, in whatever account they are used. */
export function aliasCard(alias: string): CardDetails | undefined {
  let card = aliases.get(alias);
  if (card === undefined) {
    card = cardFromAlias(alias);
    if (card !== undefined) aliases.set(alias, card);
  }
  return card;
}

export function findMethod(read: Reader, { payment_method, payment_method_data }: MethodRequest): FoundMethod {
  const token = payment_method_data?.card?.token;
  if (token !== undefined) {
    const alias = aliasCard(token);
    return alias ? { alias } : { token: read.own(tokens, token) };
  }
  if (payment_method === undefined) return {};
  const alias = aliasCard(payment_method);
  return alias ? { alias } : { stored: read.find(paymentMethods, payment_method) };
}

type Place = Pick<Context, 'id' | 'now' | 'account' | 'onBehalf' | 'platform'>;

/** A method made from a card. It is used once, unless a customer keeps it. */
export const newMethod = (
  card: CardDetails,
  data: Pick<MethodData, 'billing_details' | 'metadata'>,
  ctx: Place,
): PaymentMethodObject => ({
  id: ctx.id('pm'),
  account: ctx.account,
  created: ctx.now,
  type: 'card',
  card,
  ...(data.billing_details && { billing_details: data.billing_details }),
  ...(data.metadata && { metadata: mergeMetadata(undefined, data.metadata) }),
});

/**
 * The method that `payment_method_data`, or the route that makes methods, describes.
 *
 * @param at  the name of the parameter that holds `card`; '' when `card` stands by itself
 */
export function methodFromData(
  data: MethodData,
  found: FoundMethod,
  ctx: Place,
  at = 'payment_method_data',
): ResolvedMethod | Refusal {
  const param = at === '' ? 'card' : `${at}[card]`;
  const { card } = data;
  if (!card) return refuse('missing_parameter', { name: param });
  if (card.token !== undefined) {
    if (found.alias) return { method: newMethod(found.alias, data, ctx), isNew: true, put: [] };
    const { token } = found;
    if (!token?.card) return refuse('no_such', { object: tokens.noun, id: card.token, param: `${param}[token]` });
    if (token.used) return refuse('token_already_used', { id: token.id });
    const { id: _, ...details } = token.card;
    return { method: newMethod(details, data, ctx), isNew: true, put: [{ ...token, used: true } as TokenObject] };
  }
  const { number, exp_month, exp_year, cvc } = card;
  if (number === undefined) return refuse('missing_parameter', { name: `${param}[number]` });
  if (exp_month === undefined) return refuse('missing_parameter', { name: `${param}[exp_month]` });
  if (exp_year === undefined) return refuse('missing_parameter', { name: `${param}[exp_year]` });
  const details = cardFromNumber({ number, exp_month, exp_year, ...(cvc !== undefined && { cvc }) }, ctx.now);
  if (isRefusal(details)) return details;
  return { method: newMethod(details, data, ctx), isNew: true, put: [] };
}

/**
 * The method that a payment is to be made with; null when the request names none.
 *
 * @returns refusals: no such method, one of the platform's where a connected account pays, and whatever is wrong with a card
 */
export function resolveMethod(request: MethodRequest, found: FoundMethod, ctx: Place): ResolvedMethod | Refusal | null {
  const { payment_method: id, payment_method_data: data } = request;
  if (data) return methodFromData(data, found, ctx);
  if (id === undefined) return null;
  if (found.alias) return { method: newMethod(found.alias, {}, ctx), isNew: true, put: [] };
  const { stored } = found;
  if (stored?.account === ctx.account) return { method: stored, isNew: false, put: [] };
  if (stored?.account === ctx.platform) return refuse('payment_method_of_platform', { id });
  return refuse('no_such_payment_method', { id });
}
