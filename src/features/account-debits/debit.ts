import type { Currency } from '../../data/currencies.ts';
import type { Context, Decision } from '../../engine/command.ts';
import type { Id } from '../../kernel/id.ts';
import { type Minor, minor } from '../../kernel/money.ts';
import { available, house } from '../../ledger/chart.ts';
import { convertTo, rated, ratesOf, settlementCurrency } from '../../ledger/conversion.ts';
import { moveIfAny, post } from '../../ledger/posting.ts';
import { type Line, line } from '../../ledger/statement.ts';
import type { AccountObject } from '../accounts/object.ts';
import { type ChargeObject, type ChargeOutcome, newPayment, settledIn } from '../charges/object.ts';
import { newTransfer, type TransferObject } from '../transfers/object.ts';
import { debitFee } from './rules.ts';

/** What is asked for beyond the money: each form describes the object that it answers with. */
type Labels<T> = { readonly [Field in keyof T]?: T[Field] };

export interface Debit {
  readonly seller: Id<'acct'>;
  readonly platform: AccountObject;
  readonly amount: Minor;
  readonly currency: Currency;
  readonly by: 'charge' | 'transfer';
  readonly transfer?: Labels<
    Pick<TransferObject, 'description' | 'metadata' | 'transfer_group' | 'source_type' | 'reference_transaction'>
  >;
  readonly payment?: Labels<
    Pick<ChargeObject, 'description' | 'metadata' | 'transfer_group' | 'receipt_email' | 'shipping'> &
      Pick<ChargeObject, 'statement_descriptor' | 'statement_descriptor_suffix'>
  >;
}

/** The charge form answers like a charge, so it says how that went; nobody assessed it, because no card was involved. */
const outcome: ChargeOutcome = {
  network_status: 'approved_by_network',
  risk_level: 'not_assessed',
  seller_message: 'Payment complete.',
  type: 'authorized',
};

/**
 * The one flow of both forms: a transfer on the seller, a payment on the platform, and what it costs the platform.
 * Nothing is pending about it: the money was the seller's to spend and is the platform's at once (R86).
 *
 * Only for a debit that nothing refuses; the balances of both accounts are loaded, the platform's in the
 * currency that it gets: it converts what it cannot hold (M45), and pays the fee in that currency.
 *
 * @returns the two objects, and all that the decision writes, so that a command only says which of the two it answers
 * @rule M32, M33, M34, M45, R73, R93
 */
export function debit(
  { seller, platform: receiver, amount, currency, by, transfer: transferLabels, payment: paymentLabels }: Debit,
  ctx: Context,
): { transfer: TransferObject; payment: ChargeObject; effects: Omit<Decision, 'result'> } {
  const { platform, now: created } = ctx;
  const [tr, py] = [ctx.id('tr'), ctx.id('py')];
  const [transferRow, paymentRow] = [ctx.id('txn'), ctx.id('txn')];
  const transfer = newTransfer({
    id: tr,
    account: seller,
    created,
    amount,
    currency,
    balance_transaction: transferRow,
    destination: platform,
    destination_payment: py,
    settlesOn: 'now',
    ...transferLabels,
  });
  const arrives = settlementCurrency(receiver, currency);
  const toPlatform = available(platform, arrives);
  const arrival = convertTo(amount, { from: available(seller, currency), to: toPlatform }, ratesOf(receiver));
  const payment: ChargeObject = {
    ...newPayment({
      id: py,
      account: platform,
      created,
      amount,
      currency,
      balance_transaction: paymentRow,
      source_account: seller,
      source_transfer: tr,
      settlesOn: 'now',
      ...settledIn({ currency }, { currency: arrives, amount: arrival.amount }),
      application: ctx.application,
      ...(by === 'charge' && { outcome }),
    }),
    ...paymentLabels,
  };
  const fee = debitFee(arrival.amount);
  const row = (draft: Omit<Parameters<typeof line>[0], 'on'>): Line => line({ ...draft, on: 'now' });
  const described = (object: { readonly description?: string }) =>
    object.description !== undefined && { description: object.description };
  return {
    transfer,
    payment,
    effects: {
      put: [transfer, payment],
      debited: [{ account: seller, currency, amount }],
      post: [
        post('account_debit', ...arrival.moves, ...moveIfAny(fee, { from: toPlatform, to: house('fees', arrives) })),
      ],
      lines: [
        row({
          id: transferRow,
          account: seller,
          currency,
          type: 'transfer',
          amount: minor(-amount),
          source: tr,
          ...described(transfer),
        }),
        row({
          id: paymentRow,
          account: platform,
          currency: arrives,
          type: 'payment',
          amount: arrival.amount,
          ...rated(arrival),
          source: py,
          ...described(payment),
        }),
        // A fee that rounds to nothing has no row.
        ...(fee === 0
          ? []
          : [
              row({
                id: ctx.id('txn'),
                account: platform,
                currency: arrives,
                type: 'stripe_fee',
                amount: minor(-fee),
                source: py,
                description: 'Account debit fee',
              }),
            ]),
      ],
      emit: [
        { type: 'transfer.created', account: seller, object: transfer },
        ...(by === 'charge' ? [{ type: 'charge.succeeded', account: platform, object: payment } as const] : []),
        { type: 'payment.created', account: platform, object: payment },
      ],
    },
  };
}
