import type { Currency } from '../../data/currencies.ts';
import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';
import type { Minor } from '../../kernel/money.ts';
import type { RefusalError } from '../../kernel/refusal.ts';

export interface PaymentIntentObject extends StoredObject {
  readonly id: Id<'pi'>;
  readonly amount: Minor;
  readonly amount_capturable: Minor;
  readonly amount_received: Minor;
  readonly currency: Currency;
  readonly status:
    | 'requires_payment_method'
    | 'requires_confirmation'
    | 'requires_action'
    | 'processing'
    | 'requires_capture'
    | 'succeeded'
    | 'canceled';
  readonly client_secret: string;
  readonly capture_method: 'automatic' | 'automatic_async' | 'manual';
  readonly confirmation_method: 'automatic' | 'manual';
  readonly payment_method_types: readonly string[];
  /** Absent when the types were named by hand. */
  readonly automatic_payment_methods?: { readonly allow_redirects: 'always' | 'never'; readonly enabled: boolean };
  readonly application?: Id<'ca'>;
  readonly application_fee_amount?: Minor;
  readonly canceled_at?: number;
  readonly cancellation_reason?: string;
  readonly customer?: string;
  readonly description?: string;
  /** The invoice that it pays. */
  readonly invoice?: Id<'in'>;
  readonly last_payment_error?: RefusalError;
  readonly latest_charge?: Id<'ch'>;
  readonly metadata?: Readonly<Record<string, string>>;
  /** The customer has to confirm, at a page of ours; afterwards the browser goes on to `return_url`. */
  readonly next_action?: { readonly return_url?: string };
  readonly on_behalf_of?: string;
  readonly payment_method?: string;
  readonly receipt_email?: string;
  readonly setup_future_usage?: string;
  readonly shipping?: Readonly<Record<string, unknown>>;
  readonly statement_descriptor?: string;
  readonly statement_descriptor_suffix?: string;
  readonly transfer_data?: { readonly destination: string; readonly amount?: Minor };
  readonly transfer_group?: string;
}

export const paymentIntents = kind<PaymentIntentObject>({
  no: 4,
  object: 'payment_intent',
  prefixes: ['pi'],
  noun: 'payment_intent',
  refs: ['customer'],
});
