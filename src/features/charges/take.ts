import type { Context, Decision, EventDraft } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import type { StoredObject } from '../../kernel/kind.ts';
import type { Minor } from '../../kernel/money.ts';
import { minor } from '../../kernel/money.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { isAvailableAtOnce } from './card-network.ts';
import { refuseCurrencies } from './currencies.ts';
import { moveCharge } from './movement.ts';
import type { ChargeObject } from './object.ts';
import { expiry, releaseAuthorisation } from './release.ts';
import type { Parties } from './terms.ts';

/** What a capture may still change. */
export interface CaptureChange {
  /** Absent: all that was authorised. */
  readonly amount?: Minor;
  readonly application_fee_amount?: Minor;
  readonly receipt_email?: string;
  readonly statement_descriptor?: string;
  readonly statement_descriptor_suffix?: string;
  readonly transfer_data?: { readonly amount?: Minor };
  readonly transfer_group?: string;
}

export interface Taken extends Required<Pick<Decision, 'put' | 'post' | 'lines' | 'emit' | 'schedule' | 'unschedule'>> {
  readonly charge: ChargeObject;
}

/** The authorised charge with what the capture changes of it. */
function changed(charge: ChargeObject, change: CaptureChange): ChargeObject {
  const { amount: _, transfer_data, ...rest } = change;
  const part = transfer_data?.amount;
  return {
    ...charge,
    ...rest,
    ...(part !== undefined && charge.transfer_data && { transfer_data: { ...charge.transfer_data, amount: part } }),
  };
}

/**
 * Takes the money of an authorisation; what is not taken is released.
 *
 * @param charge  authorised, neither captured nor released
 * @param amountParam  as the route calls the amount
 * @returns a refusal in this order: more than was authorised, X35, X31, X33, what cannot be converted
 * @rule M9
 */
export function takeAuthorised(
  charge: ChargeObject,
  change: CaptureChange,
  amountParam: string,
  parties: Parties,
  ctx: Pick<Context, 'id' | 'now' | 'settledThrough' | 'platform' | 'application'>,
): Taken | Refusal {
  const amount = change.amount ?? charge.amount;
  if (amount > charge.amount) return refuse('capture_too_large', { param: amountParam });
  const agreed = changed(charge, change);
  if (change.application_fee_amount !== undefined) {
    if (charge.account === ctx.platform && !charge.transfer_data) return refuse('fee_without_connect');
    if (agreed.transfer_data?.amount !== undefined) return refuse('fee_with_transfer_amount');
  }
  if (change.transfer_data?.amount !== undefined && charge.application_fee_amount !== undefined) {
    return refuse('fee_with_transfer_amount', { param: 'transfer_data[amount]' });
  }
  if ((agreed.transfer_data?.amount ?? 0) > amount) return refuse('transfer_amount_above_charge');
  // The accounts, and so what they can hold, may have changed since.
  const noConversion = refuseCurrencies({ ...agreed, amount }, parties, amountParam);
  if (noConversion) return noConversion;

  assert(charge.card, 'an authorisation is of a card');
  const moved = moveCharge(agreed, { amount, availableAtOnce: isAvailableAtOnce(charge.card) }, parties, ctx);
  const rest = minor(charge.amount - amount);
  const news: EventDraft = { type: 'charge.captured', account: charge.account, object: moved.charge };
  const taken: Taken = {
    charge: moved.charge,
    put: moved.put,
    post: moved.post,
    lines: moved.lines,
    emit: [news, ...moved.emit],
    schedule: moved.schedule,
    unschedule: [expiry(charge)],
  };
  if (rest === 0) return taken;
  const released = releaseAuthorisation(moved.charge, rest, ctx);
  const put: StoredObject[] = [...moved.put.slice(1), released.refund];
  return { ...taken, charge: released.charge, put: [released.charge, ...put] };
}
