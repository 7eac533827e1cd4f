/**
 * Where the money of a card charge goes (M1 to M6): the objects that are born with it, its moves, its rows and its news.
 * Charges and payment intents, captured at once or later, all come through here.
 *
 * `G` is what the customer pays, `S` the processing fee, `F` the application fee, `T` what is transferred, as in the rules.
 * How money is converted on its way (M45) says ledger/conversion.ts; in which currencies the parts arrive, currencies.ts.
 * Ids are minted in the order things are listed in: charge (by the caller), transfer, payment, fee; then the rows.
 */
import type { FxTable } from '../../data/fx-rates.ts';
import type { Context, Due, EventDraft } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import type { StoredObject } from '../../kernel/kind.ts';
import { type Minor, minor, ZERO } from '../../kernel/money.ts';
import { house, settling, type When } from '../../ledger/chart.ts';
import { type Conversion, convertBack, convertTo, exchanged, rated, ratesOf } from '../../ledger/conversion.ts';
import { type Move, moveIfAny, type Posting, post } from '../../ledger/posting.ts';
import { type FeeDetail, type Line, line } from '../../ledger/statement.ts';
import type { AccountObject } from '../accounts/object.ts';
import type { ApplicationFeeObject } from '../application-fees/object.ts';
import { disputeByCard } from '../disputes/by-card.ts';
import { newTransfer } from '../transfers/object.ts';
import { disputesOf } from './card-network.ts';
import { type Currencies, currenciesOf } from './currencies.ts';
import { type ChargedCard, type ChargeObject, newPayment, settledIn } from './object.ts';
import { processingFee, settlesOn } from './settlement.ts';
import type { Parties } from './terms.ts';

/** A charge whose money has moved, with all that came with it. */
export interface Movement {
  readonly charge: ChargeObject;
  /** The charge first. */
  readonly put: readonly StoredObject[];
  readonly post: readonly Posting[];
  readonly lines: readonly Line[];
  /** Told after the charge's own news: the transfer, its payment, the fee. */
  readonly emit: readonly EventDraft[];
}

/** Together with what the card's bank did about it right away: disputes, and what those wait for. */
export interface Moved extends Movement {
  readonly schedule: readonly Due[];
}

type Place = Pick<Context, 'id' | 'now' | 'settledThrough' | 'platform' | 'application'>;

interface Sums {
  /** Minor units of the charge's own currency. */
  readonly taken: Minor;
  /** Its way to the account; the amount is G. G, S and F are in the currency of the charge's row. */
  readonly arrival: Conversion;
  readonly G: Minor;
  readonly S: Minor;
  /** Never more than G (R23, M9). */
  readonly F: Minor;
  readonly on: When;
  readonly held: Currencies;
  readonly rates: FxTable;
}

/** The platform by whose name fees are described. */
function applicationName(platform: AccountObject | undefined): string {
  assert(platform?.platform, 'the platform has an application');
  return platform.platform.application_name;
}

/** How a row calls the account that paid an application fee. */
function payerName({ id, email, settings, business_profile }: AccountObject): string {
  const dashboard = settings?.dashboard as { readonly display_name?: string } | undefined;
  const name = dashboard?.display_name ?? (business_profile?.name as string | undefined) ?? email;
  return name === undefined ? id : `${name} (${id})`;
}

const stripeFee = (amount: Minor): FeeDetail => ({
  amount,
  description: 'Stripe processing fees',
  type: 'stripe_fee',
});

const applicationFee = (amount: Minor, name: string, ctx: Place): FeeDetail => ({
  amount,
  application: ctx.application,
  description: `${name} application fee`,
  type: 'application_fee',
});

/** What of a card is remembered once it is charged: all but what its number tells the network. */
const chargedCard = (card: ChargedCard): ChargedCard => ({
  brand: card.brand,
  country: card.country,
  exp_month: card.exp_month,
  exp_year: card.exp_year,
  fingerprint: card.fingerprint,
  funding: card.funding,
  last4: card.last4,
  ...(card.cvc_check !== undefined && { cvc_check: card.cvc_check }),
  ...(card.name !== undefined && { name: card.name }),
  ...(card.address && { address: card.address }),
});

/** The charge once its authorisation is taken, and what it names from then on. */
function captured(
  charge: ChargeObject,
  { taken, G, on, held }: Sums,
  row: Line['id'],
  names: Partial<Pick<ChargeObject, 'application_fee' | 'transfer' | 'transfer_group' | 'transferred'>> = {},
): ChargeObject {
  assert(charge.card, 'what is captured is a card charge');
  return {
    ...charge,
    card: chargedCard(charge.card),
    captured: true,
    amount_captured: taken,
    settlesOn: on,
    ...settledIn(charge, { currency: held.charge, amount: G }),
    balance_transaction: row,
    ...names,
  };
}

/** The row in which a platform earns F. */
const earned = (fee: ApplicationFeeObject, passed: Conversion, payer: AccountObject, name: string): Line =>
  line({
    id: fee.balance_transaction,
    account: fee.account,
    currency: fee.settlementCurrency ?? fee.currency,
    type: 'application_fee',
    amount: passed.amount,
    ...rated(passed),
    on: fee.settlesOn,
    source: fee.id,
    description: `Application fee from application ${name} for ${payerName(payer)}`,
  });

/** M1, and M2 where the platform pays the processing fee: the charge is the connected account's own. */
function direct(charge: ChargeObject, sums: Sums, { owner, platform }: Parties, ctx: Place): Movement {
  assert(owner, 'a charge has its account');
  const { arrival, G, S, F, on, held, rates } = sums;
  const currency = held.charge;
  const platformPays = owner.controller.fees.payer === 'application';
  const feeId = F > 0 ? ctx.id('fee') : undefined;
  const name = F > 0 ? applicationName(platform) : '';
  const row = ctx.id('txn');
  const toOwner = settling(owner.id, currency, on);
  const toPlatform = settling(ctx.platform, held.platform, on);
  const details: FeeDetail[] = [];
  if (F > 0) details.push(applicationFee(F, name, ctx));
  if (S > 0 && !platformPays) details.push(stripeFee(S));

  const lines: Line[] = [
    line({
      id: row,
      account: owner.id,
      currency,
      type: 'charge',
      amount: G,
      ...rated(arrival),
      on,
      source: charge.id,
      ...(details.length > 0 && { fee_details: details }),
      ...(charge.description !== undefined && { description: charge.description }),
    }),
  ];
  const moves: Move[] = [...arrival.moves];
  if (S > 0 && platformPays) {
    const paid = convertBack(S, { from: toPlatform, to: house('fees', currency) }, rates);
    moves.push(...paid.moves);
    lines.push(
      line({
        id: ctx.id('txn'),
        account: ctx.platform,
        currency: held.platform,
        type: 'stripe_fee',
        amount: minor(-paid.amount),
        ...rated(paid),
        on,
        source: charge.id,
        description: `Stripe processing fees (${owner.id})`,
      }),
    );
  } else {
    moves.push(...moveIfAny(S, { from: toOwner, to: house('fees', currency) }));
  }
  const done = captured(charge, sums, row, feeId === undefined ? {} : { application_fee: feeId });
  if (feeId === undefined) return { charge: done, put: [done], post: [post('charge', ...moves)], lines, emit: [] };

  const passed = convertTo(F, { from: toOwner, to: toPlatform }, rates);
  moves.push(...passed.moves);
  const fee: ApplicationFeeObject = {
    id: feeId,
    account: ctx.platform,
    created: ctx.now,
    payer: owner.id,
    application: ctx.application,
    amount: F,
    amount_refunded: ZERO,
    currency,
    ...(held.platform !== currency && { settlementCurrency: held.platform }),
    balance_transaction: ctx.id('txn'),
    charge: charge.id,
    settlesOn: on,
  };
  lines.push(earned(fee, passed, owner, name));
  return {
    charge: done,
    put: [done, fee],
    post: [post('charge', ...moves)],
    lines,
    emit: [{ type: 'application_fee.created', account: ctx.platform, object: fee }],
  };
}

/** M6: the charge stays on the platform. */
function separate(charge: ChargeObject, sums: Sums, ctx: Place): Movement {
  const { arrival, S, on, held } = sums;
  const currency = held.charge;
  const row = ctx.id('txn');
  const done = captured(charge, sums, row);
  const toPlatform = settling(ctx.platform, currency, on);
  return {
    charge: done,
    put: [done],
    post: [post('charge', ...arrival.moves, ...moveIfAny(S, { from: toPlatform, to: house('fees', currency) }))],
    lines: [chargeRow(done, row, sums, ctx)],
    emit: [],
  };
}

/** The row of a charge that is the platform's own. */
const chargeRow = (charge: ChargeObject, id: Line['id'], { arrival, G, S, on, held }: Sums, ctx: Place): Line =>
  line({
    id,
    account: ctx.platform,
    currency: held.charge,
    type: 'charge',
    amount: G,
    ...rated(arrival),
    on,
    source: charge.id,
    ...(S > 0 && { fee_details: [stripeFee(S)] }),
    ...(charge.description !== undefined && { description: charge.description }),
  });

/** M3 and M4: the platform's charge, and a transfer of the whole or a part that carries its day. */
function destination(charge: ChargeObject, sums: Sums, parties: Parties, ctx: Place): Movement {
  const seller = parties.destination;
  assert(seller, 'a destination charge has its destination');
  const { arrival, G, S, F, on, held, rates } = sums;
  const currency = held.charge;
  const part = charge.transfer_data?.amount;
  const T = part === undefined ? G : exchanged(part, { from: charge.currency, to: currency }, rates);
  // Of the payment on the seller, which may have another currency than the transfer.
  const feePaid = exchanged(F, { from: currency, to: held.payer }, rates);
  const transferId = ctx.id('tr');
  const paymentId = ctx.id('py');
  const feeId = feePaid > 0 ? ctx.id('fee') : undefined;
  const row = ctx.id('txn');
  const transferRow = ctx.id('txn');
  const paymentRow = ctx.id('txn');
  const name = feeId === undefined ? '' : applicationName(parties.platform);
  // R27: a transfer that has a source has a group.
  const transfer_group = charge.transfer_group ?? `group_${charge.payment_intent ?? charge.id}`;

  const toPlatform = settling(ctx.platform, currency, on);
  const toSeller = settling(seller.id, held.payer, on);
  const sent = convertTo(T, { from: toPlatform, to: toSeller }, rates);
  const transfer = newTransfer({
    id: transferId,
    account: ctx.platform,
    created: ctx.now,
    amount: T,
    currency,
    balance_transaction: transferRow,
    destination: seller.id,
    destination_payment: paymentId,
    source_transaction: charge.id,
    transfer_group,
    settlesOn: on,
  });
  const payment = newPayment({
    id: paymentId,
    account: seller.id,
    created: ctx.now,
    amount: T,
    currency,
    balance_transaction: paymentRow,
    source_account: ctx.platform,
    source_transfer: transferId,
    settlesOn: on,
    ...settledIn({ currency }, { currency: held.payer, amount: sent.amount }),
    application: ctx.application,
    ...(feeId !== undefined && { application_fee: feeId, application_fee_amount: F }),
  });
  const done = captured(charge, sums, row, {
    transfer: transferId,
    transfer_group,
    transferred: T,
    ...(feeId !== undefined && { application_fee: feeId }),
  });

  const moves = [...arrival.moves, ...moveIfAny(S, { from: toPlatform, to: house('fees', currency) }), ...sent.moves];
  const lines = [
    chargeRow(done, row, sums, ctx),
    line({
      id: transferRow,
      account: ctx.platform,
      currency,
      type: 'transfer',
      amount: minor(-T),
      on,
      source: transferId,
    }),
    line({
      id: paymentRow,
      account: seller.id,
      currency: held.payer,
      type: 'payment',
      amount: sent.amount,
      ...rated(sent),
      on,
      source: paymentId,
      ...(feeId !== undefined && { fee_details: [applicationFee(feePaid, name, ctx)] }),
    }),
  ];
  const put: StoredObject[] = [done, transfer, payment];
  const emit: EventDraft[] = [
    { type: 'transfer.created', account: ctx.platform, object: transfer },
    { type: 'payment.created', account: seller.id, object: payment },
  ];
  if (feeId !== undefined) {
    const fee: ApplicationFeeObject = {
      id: feeId,
      account: ctx.platform,
      created: ctx.now,
      payer: seller.id,
      application: ctx.application,
      amount: feePaid,
      amount_refunded: ZERO,
      currency: held.payer,
      ...(held.platform !== held.payer && { settlementCurrency: held.platform }),
      balance_transaction: ctx.id('txn'),
      charge: paymentId,
      originating_transaction: charge.id,
      settlesOn: on,
    };
    const passed = convertTo(feePaid, { from: toSeller, to: settling(ctx.platform, held.platform, on) }, rates);
    moves.push(...passed.moves);
    lines.push(earned(fee, passed, seller, name));
    put.push(fee);
    emit.push({ type: 'application_fee.created', account: ctx.platform, object: fee });
  }
  return { charge: done, put, post: [post('charge', ...moves)], lines, emit };
}

function moveSums(charge: ChargeObject, sums: Sums, parties: Parties, ctx: Place): Movement {
  if (charge.account !== ctx.platform) return direct(charge, sums, parties, ctx);
  return charge.transfer_data === undefined ? separate(charge, sums, ctx) : destination(charge, sums, parties, ctx);
}

/**
 * Takes `amount` of an authorised charge.
 *
 * @param charge  authorised and not captured; its terms have been agreed on by `refuseTerms`
 * @param amount  minor units of the charge's currency, at most what was authorised; 0 < transfer_data[amount] <= amount
 * @param availableAtOnce  the card's bank pays at once, so nothing is pending
 * @rule M1, M2, M3, M4, M5, M6, M9, M18, M19, M45; R20 to R24, R29, R30
 */
export function moveCharge(
  charge: ChargeObject,
  { amount, availableAtOnce }: { readonly amount: Minor; readonly availableAtOnce: boolean },
  parties: Parties,
  ctx: Place,
): Moved {
  const { owner, onBehalfOf } = parties;
  assert(owner, 'a charge has its account');
  assert(!charge.captured, 'a charge is captured once');
  assert(amount <= charge.amount, 'no more is captured than was authorised');
  const merchant = onBehalfOf ?? owner;
  const on = availableAtOnce ? 'now' : settlesOn(merchant, ctx);
  const rates = ratesOf(parties.platform);
  const held = currenciesOf(charge.currency, parties);
  const pair = { from: charge.currency, to: held.charge };
  const arrival = convertTo(
    amount,
    { from: house('card_network', pair.from), to: settling(owner.id, pair.to, on) },
    rates,
  );
  const sums: Sums = {
    taken: amount,
    arrival,
    G: arrival.amount,
    S: processingFee({ amount: arrival.amount, currency: held.charge }, merchant, rates),
    F: exchanged(minor(Math.min(charge.application_fee_amount ?? 0, amount)), pair, rates),
    on,
    held,
    rates,
  };
  const moved = moveSums(charge, sums, parties, ctx);
  const toCome = charge.card ? disputesOf(charge.card) : null;
  return toCome === null ? { ...moved, schedule: [] } : disputeByCard(moved, toCome, parties, ctx);
}
