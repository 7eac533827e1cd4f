import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';
import type { RefusalError } from '../../kernel/refusal.ts';

/** The wish to keep a way to pay for later, without a payment now. */
export interface SetupIntentObject extends StoredObject {
  readonly id: Id<'seti'>;
  readonly status:
    | 'requires_payment_method'
    | 'requires_confirmation'
    | 'requires_action'
    | 'processing'
    | 'succeeded'
    | 'canceled';
  readonly client_secret: string;
  readonly usage: 'off_session' | 'on_session';
  readonly payment_method_types: readonly string[];
  /** Absent when the types were named by hand. */
  readonly automatic_payment_methods?: { readonly allow_redirects: 'always' | 'never'; readonly enabled: boolean };
  readonly application?: Id<'ca'>;
  readonly cancellation_reason?: string;
  readonly customer?: string;
  readonly description?: string;
  readonly last_setup_error?: RefusalError;
  readonly latest_attempt?: Id<'setatt'>;
  readonly metadata?: Readonly<Record<string, string>>;
  /** The customer has to confirm, at a page of ours; afterwards the browser goes on to `return_url`. */
  readonly next_action?: { readonly return_url?: string };
  readonly on_behalf_of?: string;
  readonly payment_method?: string;
}

export const setupIntents = kind<SetupIntentObject>({
  no: 42,
  object: 'setup_intent',
  prefixes: ['seti'],
  noun: 'setupintent',
  refs: ['customer', 'payment_method'],
});
