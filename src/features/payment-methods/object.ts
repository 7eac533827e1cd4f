import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';

/** What is kept of a card. The number never is: brand, last four and a fingerprint stand for it. */
export interface CardDetails {
  readonly brand: string;
  readonly country: string;
  readonly exp_month: number;
  readonly exp_year: number;
  readonly fingerprint: string;
  readonly funding: string;
  readonly last4: string;
  readonly cvc_check?: 'pass' | 'fail' | 'unchecked';
  readonly name?: string;
  readonly address?: Readonly<Record<string, string>>;
  /** Which row of data/test-cards it is, by its number's digits: what the simulated network will do. */
  readonly testCard: string;
}

export interface PaymentMethodObject extends StoredObject {
  readonly id: Id<'pm'> | Id<'card'>;
  readonly type: 'card';
  readonly card: CardDetails;
  readonly billing_details?: Readonly<Record<string, unknown>>;
  readonly customer?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Used once without a customer, or detached: may not be used again. */
  readonly spent?: true;
  /** Its customer has confirmed that it may be charged while nobody is there. */
  readonly isSetUp?: true;
}

export const paymentMethods = kind<PaymentMethodObject>({
  no: 3,
  object: 'payment_method',
  // card_: it came as a source of a customer, which the older interface goes on showing as a card.
  prefixes: ['pm', 'card'],
  noun: 'PaymentMethod',
  refs: ['customer', 'type'],
});
