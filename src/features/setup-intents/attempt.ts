import type { Context } from '../../engine/command.ts';
import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';
import type { RefusalError } from '../../kernel/refusal.ts';
import type { CardDetails, PaymentMethodObject } from '../payment-methods/object.ts';
import type { SetupIntentObject } from './object.ts';

/** One try of a setup intent. What it says of the intent is how that was at the time. */
export interface SetupAttemptObject extends StoredObject {
  readonly id: Id<'setatt'>;
  readonly setup_intent: Id<'seti'>;
  readonly status: 'requires_action' | 'succeeded' | 'failed' | 'abandoned';
  readonly payment_method: string;
  readonly card: Omit<CardDetails, 'testCard'>;
  readonly usage: SetupIntentObject['usage'];
  readonly application?: Id<'ca'>;
  readonly billing_details?: Readonly<Record<string, unknown>>;
  readonly customer?: string;
  readonly on_behalf_of?: string;
  readonly setup_error?: RefusalError;
  /** What the customer said at the bank's page; absent as long as nobody was asked. */
  readonly three_d_secure?: 'authenticated' | 'failed';
}

export const setupAttempts = kind<SetupAttemptObject>({
  no: 48,
  object: 'setup_attempt',
  prefixes: ['setatt'],
  noun: 'setupattempt',
  refs: ['setup_intent'],
});

/** What came of a try, or that it waits for the customer. */
export type Outcome = Pick<SetupAttemptObject, 'status' | 'setup_error' | 'three_d_secure'>;

/** @param waiting the try that this is the end of; without one it begins here */
export function attempted(
  intent: SetupIntentObject,
  { id: payment_method, card: { testCard: _, ...card }, billing_details }: PaymentMethodObject,
  outcome: Outcome,
  waiting: SetupAttemptObject | undefined,
  ctx: Pick<Context, 'id' | 'now'>,
): SetupAttemptObject {
  if (waiting) return { ...waiting, ...outcome };
  return {
    id: ctx.id('setatt'),
    account: intent.account,
    created: ctx.now,
    setup_intent: intent.id,
    payment_method,
    card,
    usage: intent.usage,
    ...(intent.application !== undefined && { application: intent.application }),
    ...(billing_details && { billing_details }),
    ...(intent.customer !== undefined && { customer: intent.customer }),
    ...(intent.on_behalf_of !== undefined && { on_behalf_of: intent.on_behalf_of }),
    ...outcome,
  };
}
