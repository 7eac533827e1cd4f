import { mergeMetadata } from '../../api/params.ts';
import { type Context, command, type Decision, event, type Reader } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import { type Minor, minor } from '../../kernel/money.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import { startOfDay } from '../../kernel/time.ts';
import { available, house, pending } from '../../ledger/chart.ts';
import { move, moveIfAny, post } from '../../ledger/posting.ts';
import { type Line, line } from '../../ledger/statement.ts';
import { accounts, type ExternalAccount } from '../accounts/object.ts';
import { isHeld } from '../balance/source-types.ts';
import { arrivalDay } from './arrival.ts';
import { borrow, instantFee, instantFunds, refuseInstant, withInstantPayout } from './instant.ts';
import { asFailed, pauseDestination, payOut, payoutRow, returnRow } from './movement.ts';
import type { PayoutObject } from './object.ts';
import type { CreatePayout } from './params.ts';
import { destinationFor, payable } from './rules.ts';

const load = (read: Reader, { currency, method }: CreatePayout, ctx: Context) => ({
  account: read.find(accounts, ctx.account),
  balance: read.balance(ctx.account, currency),
  // It may have to pay the fee.
  platformBalance: method === 'instant' ? read.balance(ctx.platform, currency) : undefined,
});

type State = ReturnType<typeof load>;

/**
 * A payout by hand.
 *
 * @rule R180, R186, M25, M30
 */
export const createPayout = command({
  name: 'payouts.create',
  load,
  decide(params: CreatePayout, state: State, ctx): Decision<PayoutObject> | Refusal {
    const { account, balance } = state;
    assert(account !== undefined, 'the acting account exists');
    const external = destinationFor(account, params, ctx);
    if (isRefusal(external)) return external;
    if (params.method === 'instant') return payInstantly(params, external, state, ctx);
    const { amount, currency, source_type: sourceType = 'card' } = params;
    if (payable(account, { currency, available: balance.available, sourceType }) < amount) {
      return refuse('payout_balance_insufficient', { sourceType });
    }
    const arrival_date = startOfDay(arrivalDay(ctx.now));
    const payout = newPayout(params, external, { arrival_date, status: 'pending' }, ctx);
    return { result: payout, ...payOut(payout) };
  },
});

function newPayout(
  params: CreatePayout,
  external: ExternalAccount,
  fate: Pick<PayoutObject, 'arrival_date' | 'status'>,
  ctx: Context,
): PayoutObject {
  const { amount, currency, description, metadata, method = 'standard', statement_descriptor } = params;
  return {
    id: ctx.id('po'),
    account: ctx.account,
    created: ctx.now,
    amount,
    currency,
    ...fate,
    automatic: false,
    balance_transaction: ctx.id('txn'),
    destination: external.id,
    type: external.object,
    method,
    source_type: params.source_type ?? 'card',
    ...(description !== undefined && { description }),
    ...(metadata !== undefined && { metadata: mergeMetadata(undefined, metadata) }),
    ...(statement_descriptor !== undefined && { statement_descriptor }),
    ...(external.outcome !== 'paid' && { bankRefuses: external.outcome }),
  };
}

/**
 * Paid at once, also from money that is still pending: that part is advanced, and given back by the days it is taken from.
 * The fee is the platform's, or of an account that pays its own fees, whose money then has to cover both.
 *
 * @rule M30, R186, X11
 */
function payInstantly(
  params: CreatePayout,
  external: ExternalAccount,
  { account, balance }: State,
  ctx: Context,
): Decision<PayoutObject> | Refusal {
  assert(account !== undefined, 'the acting account exists');
  const { amount, currency, source_type: sourceType = 'card' } = params;
  const refusal = refuseInstant(account, external, { amount, currency, now: ctx.now });
  if (refusal) return refusal;
  const { fee, payer } = instantFee(account, amount, ctx.platform);
  const needed = minor(amount + (payer === account.id ? fee : 0));
  if (!isHeld(sourceType) || instantFunds(account, currency, balance) < needed) {
    return refuse('payout_balance_insufficient', { sourceType });
  }

  const code = external.instantFails ? 'could_not_process' : external.outcome;
  if (code !== 'paid') return failInstantly(params, external, code, { account }, ctx);

  const borrowed = borrow(balance, minor(Math.max(0, needed - balance.available)));
  const advanceRows = borrowed.length === 0 ? [] : [ctx.id('txn'), ...borrowed.map(() => ctx.id('txn'))];
  const payout = newPayout(params, external, { arrival_date: ctx.now, status: 'paid' }, ctx);
  const [advanceRow, ...fundingRows] = advanceRows;
  const row = (draft: Pick<Line, 'id' | 'type' | 'amount' | 'on'> & Partial<Line>): Line =>
    line({ account: account.id, currency, source: payout.id, ...draft });
  const advanced = minor(borrowed.reduce((sum, part) => sum + part.amount, 0));
  const lines = [
    ...(advanceRow ? [row({ id: advanceRow, type: 'advance', amount: advanced, on: 'now' })] : []),
    ...borrowed.map((part, i) =>
      row({
        id: fundingRows[i] as Line['id'],
        type: 'advance_funding',
        amount: minor(-part.amount) as Minor,
        on: part.day,
      }),
    ),
    payoutRow(payout),
    ...(fee === 0
      ? []
      : [
          row({
            id: ctx.id('txn'),
            account: payer,
            type: 'stripe_fee',
            amount: minor(-fee),
            on: 'now',
            description: 'Instant payout fee',
          }),
        ]),
  ];
  const own = available(account.id, currency);
  return {
    result: payout,
    put: [payout, withInstantPayout(account, ctx.now)],
    lines,
    post: [
      post(
        'instant_payout',
        ...borrowed.map((part) => move(part.amount, { from: pending(account.id, currency, part.day), to: own })),
        move(amount, { from: own, to: house('bank', currency) }),
        ...moveIfAny(fee, { from: available(payer, currency), to: house('fees', currency) }),
      ),
    ],
    emit: [event('payout.created', payout), event('payout.paid', payout)],
  };
}

/** The bank says no at once: both rows, no fee, and nothing is advanced. */
function failInstantly(
  params: CreatePayout,
  external: ExternalAccount,
  code: string,
  { account }: { readonly account: NonNullable<State['account']> },
  ctx: Context,
): Decision<PayoutObject> {
  const payout = newPayout(params, external, { arrival_date: ctx.now, status: 'pending' }, ctx);
  const row = ctx.id('txn');
  const failed = asFailed(payout, code, row);
  const counted = withInstantPayout(account, ctx.now);
  // A bank that refuses instant payouts alone goes on taking the others.
  const paused = external.outcome === 'paid' ? { put: [], emit: [] } : pauseDestination(counted, external.id);
  return {
    result: failed,
    put: [failed, counted, ...paused.put],
    lines: [payoutRow(payout), returnRow(payout, row, 'payout_failure')],
    emit: [event('payout.created', failed), event('payout.failed', failed), ...paused.emit],
  };
}
