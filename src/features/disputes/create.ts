import { currencies } from '../../data/currencies.ts';
import type { DisputeReason } from '../../data/dispute-reasons.ts';
import { limits } from '../../data/limits.ts';
import { type Context, command, type Reader } from '../../engine/command.ts';
import { formatMoney, type Minor, minor } from '../../kernel/money.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { ratesOf, refuseConversion } from '../../ledger/conversion.ts';
import { type ChargeObject, charges } from '../charges/object.ts';
import { loadConcerned } from './find.ts';
import { news, openDispute } from './open.ts';
import { canBeDisputed } from './rules.ts';

export interface CreateDispute {
  readonly charge: string;
  /** Absent: what was captured of the charge. */
  readonly amount?: Minor;
  /** `fraudulent` unless said. */
  readonly reason?: DisputeReason;
  readonly inquiry?: boolean;
  /** Whose charge it is, where that is to be checked. */
  readonly account?: string;
}

/** A platform disputes charges anywhere in its book, a connected account (by the header) its own alone. */
function load(read: Reader, params: CreateDispute, ctx: Context) {
  const found = ctx.onBehalf ? read.own(charges, params.charge) : read.find(charges, params.charge);
  const charge = params.account === undefined || found?.account === params.account ? found : undefined;
  return { charge, parties: charge && loadConcerned(read, charge, ctx) };
}

function refuseAmount(amount: Minor, { currency }: ChargeObject): Refusal | null {
  const { step } = currencies[currency];
  if (amount % step !== 0) return refuse('amount_not_multiple', { currency, step });
  if (amount <= limits.chargeMax) return null;
  return refuse('amount_too_large', { maximum: formatMoney(minor(limits.chargeMax), currency) });
}

/**
 * The bank disputes a charge, or asks about it first. Never refused for lack of funds: whoever has the charge may go below
 * zero.
 *
 * @rule M18, M19, R162, R175
 */
export const createDispute = command({
  name: 'disputes.create',
  load,

  decide(params: CreateDispute, { charge, parties }: ReturnType<typeof load>, ctx) {
    const { charge: id, reason = 'fraudulent', inquiry = false } = params;
    if (!charge || !parties) return refuse('no_such', { object: charges.noun, id, param: 'charge' });
    if (!canBeDisputed(charge)) {
      return refuse('invalid_value', { param: 'charge', reason: 'must be a card charge that was captured' });
    }
    const amount = params.amount ?? charge.amount_captured;
    const refusal = refuseAmount(amount, charge);
    if (refusal) return refusal;
    const into = charge.settlementCurrency ?? charge.currency;
    const noConversion = refuseConversion(amount, { from: charge.currency, to: into }, ratesOf(parties.platform));
    if (noConversion) return noConversion;
    const opened = openDispute({ charge, terms: { amount, reason, inquiry }, parties }, ctx);
    const { put, post, lines, emit, schedule } = opened;
    const firstTime = opened.charge.disputed === true && !charge.disputed;
    return {
      result: opened.dispute,
      put,
      post,
      lines,
      emit: firstTime ? [...emit, news('charge.updated', opened.charge)] : emit,
      schedule,
    };
  },
});
