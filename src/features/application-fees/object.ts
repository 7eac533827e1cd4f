import type { Currency } from '../../data/currencies.ts';
import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';
import type { Minor } from '../../kernel/money.ts';
import type { When } from '../../ledger/chart.ts';
import type { KeptFeeRefund } from '../fee-refunds/object.ts';
import type { Kept } from '../transfer-reversals/kept.ts';

/** `account`, the owner, is the platform that earns it; the wire's `account`, who paid it, is `payer`. */
export interface ApplicationFeeObject extends StoredObject {
  readonly id: Id<'fee'>;
  readonly payer: string;
  readonly application: Id<'ca'>;
  readonly amount: Minor;
  readonly amount_refunded: Minor;
  /** Of the balance that paid it. */
  readonly currency: Currency;
  /** Of the balance that earned it, where that is another one (M45). */
  readonly settlementCurrency?: Currency;
  readonly balance_transaction: Id<'txn'>;
  /** ch_ of a direct charge, py_ of a destination charge. */
  readonly charge: string;
  /** The platform's ch_ of a destination charge. */
  readonly originating_transaction?: string;
  /** What was given back: how often, and the newest times, which is all that it shows of them. */
  readonly refunds?: Kept<KeptFeeRefund>;
  readonly settlesOn: When;
}

export const applicationFees = kind<ApplicationFeeObject>({
  no: 6,
  object: 'application_fee',
  prefixes: ['fee'],
  noun: 'application fee',
  refs: ['charge'],
});
