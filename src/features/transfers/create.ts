import { type Metadata, mergeMetadata } from '../../api/params.ts';
import type { Currency } from '../../data/currencies.ts';
import type { FxTable } from '../../data/fx-rates.ts';
import { type Context, command, type Decision, event, type Reader } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import { type Minor, minor } from '../../kernel/money.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import { settling } from '../../ledger/chart.ts';
import { convertTo, rated, ratesOf, refuseConversion, settlementCurrency } from '../../ledger/conversion.ts';
import { post } from '../../ledger/posting.ts';
import { line } from '../../ledger/statement.ts';
import { debit } from '../account-debits/debit.ts';
import { debitForms, findReference, type ReferenceParams, referenceOf, refuseDebit } from '../account-debits/rules.ts';
import { accounts } from '../accounts/object.ts';
import { isHeld } from '../balance/source-types.ts';
import { charges, followsOn, newPayment, settledIn } from '../charges/object.ts';
import { newTransfer, type TransferObject } from './object.ts';
import { groupFor, hasPaid, needsSource, refuseDestination, sourceOf, takeFromSource } from './rules.ts';

export interface CreateTransfer {
  readonly amount?: Minor;
  readonly currency: Currency;
  readonly destination: string;
  readonly description?: string;
  readonly metadata?: Metadata | null;
  readonly reference_transaction?: ReferenceParams;
  readonly source_transaction?: string;
  readonly source_type?: TransferObject['source_type'];
  readonly transfer_group?: string;
}

function load(read: Reader, params: CreateTransfer, ctx: Context) {
  const { currency, source_transaction, reference_transaction } = params;
  const destination = read.find(accounts, params.destination);
  const arrives = destination ? settlementCurrency(destination, currency) : currency;
  return {
    platform: read.find(accounts, ctx.platform),
    sender: read.find(accounts, ctx.account),
    destination,
    source: source_transaction === undefined ? undefined : read.own(charges, source_transaction),
    referenceFound: reference_transaction && findReference(read, reference_transaction),
    available: read.balance(ctx.account, currency).available,
    // Asked for because the money arrives there.
    arriving: destination && read.balance(destination.id, arrives),
  };
}

type State = ReturnType<typeof load>;
type Answer = Decision<TransferObject> | Refusal;

/**
 * A transfer. Sent by the platform it is money for a connected account (M7, M8); sent in a connected account's name with
 * the platform as destination it is an account debit (M33, M34). This is the one place that tells them apart.
 */
export const createTransfer = command({
  name: 'transfers.create',
  load,
  decide: (params: CreateTransfer, state: State, ctx): Answer =>
    ctx.onBehalf && params.destination === ctx.platform
      ? debitByTransfer(params, state, ctx)
      : send(params, state, ctx),
});

/** The fields that the caller fills in, where they were sent. */
const labelsOf = ({ description, metadata, source_type, transfer_group }: CreateTransfer) => ({
  ...(description !== undefined && { description }),
  ...(metadata !== undefined && { metadata: mergeMetadata(undefined, metadata) }),
  ...(source_type !== undefined && { source_type }),
  ...(transfer_group !== undefined && { transfer_group }),
});

/** R87: asked in the name of the account that is debited. */
function debitByTransfer(
  params: CreateTransfer,
  { platform, sender, available, referenceFound }: State,
  ctx: Context,
): Answer {
  assert(platform !== undefined && sender !== undefined, 'both ends of an account debit exist');
  // R89: a debit takes what is there; it cannot wait for the money of a charge.
  if (params.source_transaction !== undefined) return refuse('debit_combination', { name: 'source_transaction' });
  const { amount, currency, reference_transaction: reference } = params;
  if (amount === undefined) return refuse('missing_parameter', { name: 'amount' });
  const form = debitForms.transfer;
  const refusal = refuseDebit({
    form,
    platform,
    seller: sender,
    amount,
    currency,
    available,
    reference,
    referenceFound,
  });
  if (refusal) return refusal;

  const reference_transaction = reference && referenceOf(reference);
  const labels = { ...labelsOf(params), ...(reference_transaction && { reference_transaction }) };
  const { transfer, effects } = debit(
    { seller: sender.id, platform, amount, currency, by: 'transfer', transfer: labels },
    ctx,
  );
  return { result: transfer, ...effects };
}

function send(params: CreateTransfer, { sender, destination, source, available }: State, ctx: Context): Answer {
  assert(sender !== undefined, 'the acting account exists');
  // A reference has a meaning in an account debit alone.
  if (params.reference_transaction !== undefined && !ctx.onBehalf)
    return refuse('unknown_parameter', { name: 'reference_transaction' });
  if (params.amount === undefined && params.source_transaction === undefined)
    return refuse('missing_parameter', { name: 'amount' });
  const unknown = () => refuse('no_such_destination', { id: params.destination });
  if (!destination || destination.deleted) return unknown();
  if (ctx.onBehalf) {
    // R88: a connected account sends to its platform or not at all.
    return sender.controller.stripe_dashboard.type === 'full' ? refuse('standard_account') : unknown();
  }
  if (destination.id === sender.id) return refuse('transfer_to_self');
  const refusal = refuseDestination(sender, destination);
  if (refusal) return refusal;
  const to: Receiving = {
    destination: destination.id,
    arrives: settlementCurrency(destination, params.currency),
    rates: ratesOf(sender),
  };
  const refuseUnconvertible = (amount: Minor) =>
    refuseConversion(amount, { from: params.currency, to: to.arrives }, to.rates);

  if (params.source_transaction === undefined) {
    if (needsSource(sender, destination)) return refuse('transfer_brazil_source');
    const amount = params.amount as Minor;
    // R10: what is refused is never tried again.
    if (available < amount || !isHeld(params.source_type ?? 'card'))
      return refuse(ctx.livemode ? 'transfer_balance_insufficient_live' : 'transfer_balance_insufficient');
    return refuseUnconvertible(amount) ?? sent(params, { amount, on: 'now', ...to }, ctx);
  }

  if (!source)
    return refuse('no_such', { object: charges.noun, id: params.source_transaction, param: 'source_transaction' });
  if (!hasPaid(source)) return refuse('transfer_source_not_paid', { id: source.id });
  const taken = takeFromSource(sourceOf(source), params);
  if (isRefusal(taken)) return taken;
  const noConversion = refuseUnconvertible(taken);
  if (noConversion) return noConversion;
  // R26: the platform's own balance is not looked at; the charge's money comes on the same day as the transfer's.
  const on = followsOn(source, ctx.settledThrough);
  const { group, isNew } = groupFor(params.transfer_group, source);
  const decision = sent({ ...params, transfer_group: group }, { amount: taken, on, ...to }, ctx);
  const tied = {
    ...source,
    transferred: minor((source.transferred ?? 0) + taken),
    ...(isNew && { transfer_group: group }),
  };
  return { ...decision, put: [...(decision.put ?? []), tied] };
}

/** Where a transfer arrives, in what currency (M45), and by whose rates. */
interface Receiving {
  readonly destination: string;
  readonly arrives: Currency;
  readonly rates: FxTable;
}

/**
 * What a transfer of the platform writes, once nothing refuses it. Fills a negative destination like any other (R31).
 *
 * @rule M7, M8, M45
 */
function sent(
  params: CreateTransfer,
  { amount, on, destination, arrives, rates }: Receiving & { amount: Minor; on: TransferObject['settlesOn'] },
  ctx: Context,
): Decision<TransferObject> {
  const { currency, source_transaction } = params;
  const { account: sender, now: created } = ctx;
  const [tr, py] = [ctx.id('tr'), ctx.id('py')];
  const [transferRow, paymentRow] = [ctx.id('txn'), ctx.id('txn')];
  const transfer = newTransfer({
    id: tr,
    account: sender,
    created,
    amount,
    currency,
    balance_transaction: transferRow,
    destination,
    destination_payment: py,
    settlesOn: on,
    ...(source_transaction !== undefined && { source_transaction }),
    ...labelsOf(params),
  });
  const ends = { from: settling(sender, currency, on), to: settling(destination, arrives, on) };
  const arrival = convertTo(amount, ends, rates);
  const payment = newPayment({
    id: py,
    account: destination,
    created,
    amount,
    currency,
    balance_transaction: paymentRow,
    source_account: sender,
    source_transfer: tr,
    settlesOn: on,
    ...settledIn({ currency }, { currency: arrives, amount: arrival.amount }),
    application: ctx.application,
  });
  const described = params.description !== undefined && { description: params.description };
  return {
    result: transfer,
    put: [transfer, payment],
    post: [post('transfer', ...arrival.moves)],
    lines: [
      line({
        id: transferRow,
        account: sender,
        currency,
        type: 'transfer',
        amount: minor(-amount),
        on,
        source: tr,
        ...described,
      }),
      line({
        id: paymentRow,
        account: destination,
        currency: arrives,
        type: 'payment',
        amount: arrival.amount,
        ...rated(arrival),
        on,
        source: py,
      }),
    ],
    emit: [event('transfer.created', transfer), event('payment.created', payment)],
  };
}
