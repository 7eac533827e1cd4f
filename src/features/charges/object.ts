import type { Currency } from '../../data/currencies.ts';
import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';
import type { Minor } from '../../kernel/money.ts';
import type { When } from '../../ledger/chart.ts';
import type { CardDetails } from '../payment-methods/object.ts';

/** Why a card payment went as it did; absent on payments from a balance. */
export interface ChargeOutcome {
  readonly network_status: 'approved_by_network' | 'declined_by_network';
  readonly reason?: string;
  readonly risk_level: 'normal' | 'not_assessed';
  readonly risk_score?: number;
  readonly seller_message: string;
  readonly type: 'authorized' | 'issuer_declined';
}

/** A card as a charge remembers it. */
export type ChargedCard = Omit<CardDetails, 'testCard'> & Partial<Pick<CardDetails, 'testCard'>>;

/**
 * A charge (ch_, from a card) or a payment (py_, from another balance: a transfer's receiving end or an account debit).
 * Fields are Stripe's; what is null is absent. The fields in camelCase are ours.
 */
export interface ChargeObject extends StoredObject {
  readonly id: Id<'ch'> | Id<'py'>;
  readonly amount: Minor;
  readonly amount_captured: Minor;
  /** Sum of succeeded and pending refunds, and the part of an authorisation that was released. */
  readonly amount_refunded: Minor;
  readonly currency: Currency;
  readonly status: 'succeeded' | 'pending' | 'failed';
  readonly captured: boolean;
  readonly paid: boolean;
  /** Nothing is left of it; absent until then, as most charges never are. */
  readonly refunded?: boolean;
  /** From its first dispute on. */
  readonly disputed?: boolean;
  readonly application?: Id<'ca'>;
  readonly application_fee?: Id<'fee'>;
  readonly application_fee_amount?: Minor;
  readonly balance_transaction?: Id<'txn'>;
  readonly billing_details?: Readonly<Record<string, unknown>>;
  readonly customer?: string;
  readonly description?: string;
  readonly failure_code?: string;
  readonly failure_message?: string;
  readonly fraud_report?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly on_behalf_of?: string;
  readonly outcome?: ChargeOutcome;
  readonly payment_intent?: Id<'pi'>;
  /** pm_, or the card_ id for charges made with a token. */
  readonly payment_method?: string;
  /** `testCard` only while it may still be captured: what the network does afterwards is in `behaviour`. */
  readonly card?: ChargedCard;
  /** Made from a token or card object: `source` on the wire is the card itself. */
  readonly from_source?: boolean;
  /** The account whose balance paid: py_ only. */
  readonly source_account?: string;
  readonly receipt_email?: string;
  readonly shipping?: Readonly<Record<string, unknown>>;
  readonly source_transfer?: Id<'tr'>;
  readonly statement_descriptor?: string;
  readonly statement_descriptor_suffix?: string;
  readonly transfer?: Id<'tr'>;
  /** `amount` only when a part was asked for (M4). */
  readonly transfer_data?: { readonly destination: string; readonly amount?: Minor };
  readonly transfer_group?: string;
  /** Ids of its refunds, newest first. */
  readonly refunds?: readonly string[];
  /** The part of `amount_refunded` whose money has not moved yet, because its refunds wait for funds (R66). */
  readonly refundsWaiting?: Minor;
  /** Ids of its disputes and inquiries, newest first. */
  readonly disputes?: readonly string[];
  /** A chargeback stands: nothing of it may be refunded (X41). An inquiry leaves it refundable. */
  readonly refundBlocked?: true;

  /** From when the money of its row may be spent; decides the day of every row that follows from it (R26, 2.3). */
  readonly settlesOn?: When;
  /** The currency of the balance it was credited to, and what it was credited, where that is not its own (M45). */
  readonly settlementCurrency?: Currency;
  readonly settledAmount?: Minor;
  /** The sum of transfers made with it as source, those by `transfer_data` included; in the currency it was credited in (R26). */
  readonly transferred?: Minor;
  /** What the card's bank will do with refunds: the kind of behaviour in data/test-cards. Absent: nothing special. */
  readonly behaviour?: 'pendingRefund' | 'refundFail';
  /** An authorisation that ran out before anybody captured it. */
  readonly expired?: true;
}

export const charges = kind<ChargeObject>({
  no: 2,
  object: 'charge',
  prefixes: ['ch', 'py'],
  noun: 'charge',
  refs: ['payment_intent', 'customer', 'transfer_group'],
});

/** The day of a row that follows from a charge's: the charge's own while it is pending, at once when it has settled. */
export const followsOn = (charge: { readonly settlesOn?: When }, settledThrough: number): When =>
  charge.settlesOn === undefined || charge.settlesOn === 'now' || charge.settlesOn <= settledThrough
    ? 'now'
    : charge.settlesOn;

/** What a converted payment remembers of its row; nothing where its row has its own currency. */
export const settledIn = (
  payment: Pick<ChargeObject, 'currency'>,
  row: { readonly currency: Currency; readonly amount: Minor },
): Pick<ChargeObject, 'settlementCurrency' | 'settledAmount'> =>
  row.currency === payment.currency ? {} : { settlementCurrency: row.currency, settledAmount: row.amount };

/** The receiving end of a transfer (M3, M7, M33): a payment on the account that gets the money. */
export function newPayment(given: {
  readonly id: Id<'py'>;
  readonly account: string;
  readonly created: number;
  readonly amount: Minor;
  readonly currency: Currency;
  readonly balance_transaction: Id<'txn'>;
  readonly source_account: string;
  readonly source_transfer: Id<'tr'>;
  readonly settlesOn: When;
  readonly settlementCurrency?: Currency;
  readonly settledAmount?: Minor;
  readonly application?: Id<'ca'>;
  readonly application_fee?: Id<'fee'>;
  readonly application_fee_amount?: Minor;
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly outcome?: ChargeOutcome;
}): ChargeObject {
  return {
    amount_captured: given.amount,
    amount_refunded: 0 as Minor,
    status: 'succeeded',
    captured: true,
    paid: true,
    ...given,
  };
}
