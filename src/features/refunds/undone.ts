import type { Context, Reader } from '../../engine/command.ts';
import { type Minor, ZERO } from '../../kernel/money.ts';
import { type AccountObject, accounts } from '../accounts/object.ts';
import { type ApplicationFeeObject, applicationFees } from '../application-fees/object.ts';
import { type ChargeObject, charges } from '../charges/object.ts';
import { type DisputeObject, disputes } from '../disputes/object.ts';
import { earnedIn } from '../fee-refunds/rules.ts';
import { settledCurrency } from '../transfer-reversals/rules.ts';
import { type TransferObject, transfers } from '../transfers/object.ts';

/** A charge with all that a refund of it may undo, and the accounts that it concerns. */
export interface Undone {
  readonly charge: ChargeObject;
  /** What the charge was passed on by; of a payment from a balance, what it came by. */
  readonly transfer: TransferObject | undefined;
  /** Of a destination charge, the seller's end of the transfer. */
  readonly payment: ChargeObject | undefined;
  readonly fee: ApplicationFeeObject | undefined;
  /** Whose charge it is, so who pays. */
  readonly owner: AccountObject | undefined;
  readonly platform: AccountObject | undefined;
  /** Who received the transfer of a destination charge. */
  readonly seller: AccountObject | undefined;
  /** In the currency that the charge was credited in, and in that of the seller's payment (M45). */
  readonly ownerAvailable: Minor;
  readonly sellerAvailable: Minor;
  /** Of the charge; refunding all of it ends those that are inquiries. */
  readonly disputes: readonly DisputeObject[];
}

/** Asks for all of it, and for every balance in which a refund may move money. */
export function loadUndone(read: Reader, charge: ChargeObject, ctx: Pick<Context, 'platform'>): Undone {
  const transferId = charge.transfer ?? charge.source_transfer;
  const transfer = transferId === undefined ? undefined : read.find(transfers, transferId);
  const fee = charge.application_fee === undefined ? undefined : read.find(applicationFees, charge.application_fee);
  const isDestination = charge.transfer !== undefined && transfer !== undefined;
  const payment = isDestination ? read.find(charges, transfer.destination_payment) : undefined;
  // The other end of the transfer, and both of the fee: money moves there too.
  if (transfer) read.balance(transfer.account, transfer.currency);
  if (fee) {
    read.balance(fee.account, earnedIn(fee));
    read.balance(fee.payer, fee.currency);
  }
  return {
    charge,
    transfer,
    payment,
    fee,
    owner: read.find(accounts, charge.account),
    platform: read.find(accounts, ctx.platform),
    seller: isDestination ? read.find(accounts, transfer.destination) : undefined,
    ownerAvailable: read.balance(charge.account, settledCurrency(charge)).available,
    sellerAvailable: payment ? read.balance(payment.account, settledCurrency(payment)).available : ZERO,
    disputes: (charge.disputes ?? []).flatMap((id) => read.find(disputes, id) ?? []),
  };
}
