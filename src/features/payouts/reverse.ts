import { mergeMetadata } from '../../api/params.ts';
import { countries } from '../../data/countries.ts';
import { limits } from '../../data/limits.ts';
import { type Context, command, event, type Reader } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import { minor } from '../../kernel/money.ts';
import { refuse } from '../../kernel/refusal.ts';
import { startOfDay } from '../../kernel/time.ts';
import { house, pending } from '../../ledger/chart.ts';
import { move, post } from '../../ledger/posting.ts';
import { accounts } from '../accounts/object.ts';
import { arrivalDay } from './arrival.ts';
import { payoutRow } from './movement.ts';
import { type PayoutObject, payouts } from './object.ts';
import type { Labels } from './params.ts';
import { arriving, refuseReversal } from './rules.ts';

function load(read: Reader, params: Labels & { readonly payout: string }, ctx: Context) {
  const payout = read.own(payouts, params.payout);
  return {
    payout,
    account: read.find(accounts, ctx.account),
    balance: payout && read.balance(payout.account, payout.currency),
  };
}

/**
 * Asks the bank for the money of a paid payout back: a payout of its own with a negative amount, whose credit is pending
 * until it arrives.
 *
 * @rule M29, R183, X24
 */
export const reversePayout = command({
  name: 'payouts.reverse',
  load,

  decide({ payout: id, metadata }, { payout: original, account }: ReturnType<typeof load>, ctx) {
    if (!original) return refuse('no_such_in_path', { object: payouts.noun, id, param: 'payout' });
    assert(account !== undefined, 'the acting account exists');
    const isOffered = countries[account.country].payoutReversals === true;
    const refusal = refuseReversal(original, { isOffered, now: ctx.now });
    if (refusal) return refusal;
    const { amount, currency, destination, type, source_type } = original;
    const arrival = arrivalDay(ctx.now, limits.payoutReversalTransitDays);
    const reversal: PayoutObject = {
      id: ctx.id('po'),
      account: original.account,
      created: ctx.now,
      amount: minor(-amount),
      currency,
      arrival_date: startOfDay(arrival),
      automatic: false,
      balance_transaction: ctx.id('txn'),
      destination,
      type,
      method: 'standard',
      source_type,
      status: 'pending',
      original_payout: original.id,
      ...(metadata !== undefined && { metadata: mergeMetadata(undefined, metadata) }),
    };
    const reversed: PayoutObject = { ...original, reversed_by: reversal.id };
    return {
      result: reversal,
      put: [reversal, reversed],
      lines: [payoutRow(reversal, arrival)],
      post: [
        post(
          'payout_reversal',
          move(amount, { from: house('bank_in_transit', currency), to: pending(original.account, currency, arrival) }),
        ),
      ],
      emit: [event('payout.updated', reversed), event('payout.created', reversal)],
      schedule: [arriving(reversal)],
    };
  },
});
