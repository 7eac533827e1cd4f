import { type Metadata, mergeMetadata } from '../../api/params.ts';
import { type Context, command, type Reader } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import type { StoredObject } from '../../kernel/kind.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import { findCustomer, noSuchCustomer } from '../customers/keep.ts';
import type { CustomerObject } from '../customers/object.ts';
import { aliasCard } from '../payment-methods/find.ts';
import { type CardDetails, type PaymentMethodObject, paymentMethods } from '../payment-methods/object.ts';
import { cardFromNumber, type EnteredCard } from '../tokens/card.ts';
import { type TokenObject, tokens } from '../tokens/object.ts';
import { attemptCharge, type ChargeDraft } from './attempt.ts';
import { loadParties, type PaymentTerms, refuseTerms } from './terms.ts';

export interface CreateCharge extends PaymentTerms {
  /** A token, or a card as it is typed in. An account is debited instead: see debit.ts. */
  readonly source?: string | EnteredCard;
  readonly capture?: boolean;
  readonly customer?: string;
  readonly description?: string;
  readonly metadata?: Metadata | null;
  readonly receipt_email?: string;
  readonly shipping?: Readonly<Record<string, unknown>>;
  readonly statement_descriptor?: string;
  readonly statement_descriptor_suffix?: string;
  readonly transfer_group?: string;
}

function load(read: Reader, params: CreateCharge, ctx: Context) {
  const { source } = params;
  const isToken = params.customer === undefined && typeof source === 'string' && !aliasCard(source);
  const customer = findCustomer(read, params.customer);
  const saved = customer && (typeof source === 'string' ? source : customer.default_source);
  return {
    parties: loadParties(read, params, ctx),
    token: isToken ? read.own(tokens, source) : undefined,
    customer,
    saved: saved === undefined ? undefined : read.own(paymentMethods, saved),
  };
}

interface Paying {
  readonly payment_method: string;
  readonly card: CardDetails;
  readonly put: readonly StoredObject[];
}

/** The card that pays; test aliases may be used again and again, a token once. */
function cardOf(source: string | EnteredCard, token: TokenObject | undefined, ctx: Context): Paying | Refusal {
  if (typeof source !== 'string') {
    const card = cardFromNumber(source, ctx.now);
    return isRefusal(card) ? card : { payment_method: ctx.id('card'), card, put: [] };
  }
  const alias = aliasCard(source);
  if (alias) return { payment_method: ctx.id('card'), card: alias, put: [] };
  if (!token?.card) return refuse('no_such', { object: tokens.noun, id: source, param: 'source' });
  if (token.used) return refuse('token_already_used', { id: token.id });
  const { id, ...card } = token.card;
  const used: TokenObject = { ...token, used: true };
  return { payment_method: id, card, put: [used] };
}

/** The card of a customer that pays: the one that is named, or its default. */
function savedCard(
  source: CreateCharge['source'],
  customer: CustomerObject,
  saved: PaymentMethodObject | undefined,
): Paying | Refusal {
  if (typeof source === 'object') {
    return refuse('invalid_value', { param: 'source', reason: 'a customer is charged by a source that it has' });
  }
  if (saved?.customer === customer.id) return { payment_method: saved.id, card: saved.card, put: [] };
  return source === undefined
    ? refuse('customer_without_card')
    : refuse('no_such_source_of_customer', { customer: customer.id, id: source });
}

function payingCard(
  source: CreateCharge['source'],
  { token, customer, saved }: Omit<ReturnType<typeof load>, 'parties'>,
  ctx: Context,
): Paying | Refusal {
  if (customer) return savedCard(source, customer, saved);
  return source === undefined ? refuse('charge_without_source') : cardOf(source, token, ctx);
}

const draftOf = (params: CreateCharge, { card, payment_method }: Paying): ChargeDraft => ({
  amount: params.amount,
  currency: params.currency,
  payment_method,
  card,
  from_source: true,
  ...(params.application_fee_amount !== undefined && { application_fee_amount: params.application_fee_amount }),
  ...(params.customer !== undefined && { customer: params.customer }),
  ...(params.description !== undefined && { description: params.description }),
  ...(params.metadata && { metadata: mergeMetadata(undefined, params.metadata) }),
  ...(params.on_behalf_of !== undefined && { on_behalf_of: params.on_behalf_of }),
  ...(params.receipt_email !== undefined && { receipt_email: params.receipt_email }),
  ...(params.shipping && { shipping: params.shipping }),
  ...(params.statement_descriptor !== undefined && { statement_descriptor: params.statement_descriptor }),
  ...(params.statement_descriptor_suffix !== undefined && {
    statement_descriptor_suffix: params.statement_descriptor_suffix,
  }),
  ...(params.transfer_data && { transfer_data: params.transfer_data }),
  ...(params.transfer_group !== undefined && { transfer_group: params.transfer_group }),
});

/**
 * A card charge, captured at once unless `capture` is false. There is nobody to confirm it, so a bank that asks for the
 * customer has declined.
 *
 * @rule R20 to R24, R29, R32
 */
export const createCharge = command({
  name: 'charges.create',
  load,

  decide(params: CreateCharge, { parties, token, customer, saved }: ReturnType<typeof load>, ctx) {
    const { source } = params;
    if (params.customer === undefined && source === undefined) return refuse('charge_without_source');
    const refusal = refuseTerms(params, parties, ctx);
    if (refusal) return refusal;
    if (params.customer !== undefined && !customer) return noSuchCustomer(params.customer);
    const paying = payingCard(source, { token, customer, saved }, ctx);
    if (isRefusal(paying)) return paying;
    const how = { capture: params.capture !== false, canAuthenticate: false, parties };
    const attempt = attemptCharge(draftOf(params, paying), how, ctx);
    assert(attempt.kind !== 'needsAuthentication', 'nobody is there to authenticate');
    const { charge, post, lines, emit, schedule } = attempt;
    return {
      result: charge,
      put: paying.put.length === 0 ? attempt.put : [...attempt.put, ...paying.put],
      post,
      lines,
      emit,
      schedule,
      ...(attempt.kind === 'declined' && {
        declined: refuse(attempt.decline.refusal, { extra: { charge: charge.id } }),
      }),
    };
  },
});
