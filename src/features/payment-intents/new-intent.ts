import { type Metadata, mergeMetadata } from '../../api/params.ts';
import type { Context } from '../../engine/command.ts';
import type { Id } from '../../kernel/id.ts';
import { ZERO } from '../../kernel/money.ts';
import type { PaymentTerms } from '../charges/terms.ts';
import type { PaymentIntentObject } from './object.ts';

/** What an intent is made from. */
export interface NewIntent extends PaymentTerms {
  readonly automatic_payment_methods?: { readonly allow_redirects?: 'always' | 'never'; readonly enabled: boolean };
  readonly capture_method?: PaymentIntentObject['capture_method'];
  readonly confirmation_method?: PaymentIntentObject['confirmation_method'];
  readonly customer?: string;
  readonly description?: string;
  /** The invoice that it pays. */
  readonly invoice?: Id<'in'>;
  readonly metadata?: Metadata | null;
  readonly payment_method_types?: readonly string[];
  readonly receipt_email?: string;
  readonly setup_future_usage?: string;
  readonly shipping?: Readonly<Record<string, unknown>>;
  readonly statement_descriptor?: string;
  readonly statement_descriptor_suffix?: string;
  readonly transfer_group?: string;
}

/** The intent as it is before anybody tries to pay it. */
export function newIntent(
  params: NewIntent,
  ctx: Pick<Context, 'account' | 'application' | 'id' | 'now' | 'onBehalf' | 'secret'>,
): PaymentIntentObject {
  const id = ctx.id('pi');
  const { automatic_payment_methods: automatic, payment_method_types: types, transfer_data } = params;
  return {
    id,
    account: ctx.account,
    created: ctx.now,
    amount: params.amount,
    amount_capturable: ZERO,
    amount_received: ZERO,
    currency: params.currency,
    status: 'requires_payment_method',
    client_secret: `${id}_secret_${ctx.secret(id, 25)}`,
    capture_method: params.capture_method ?? 'automatic_async',
    confirmation_method: params.confirmation_method ?? 'automatic',
    payment_method_types: types ?? ['card'],
    ...(types === undefined && {
      automatic_payment_methods: {
        allow_redirects: automatic?.allow_redirects ?? 'always',
        enabled: automatic?.enabled ?? true,
      },
    }),
    ...(ctx.onBehalf && { application: ctx.application }),
    ...(params.application_fee_amount !== undefined && { application_fee_amount: params.application_fee_amount }),
    ...(params.customer !== undefined && { customer: params.customer }),
    ...(params.description !== undefined && { description: params.description }),
    ...(params.invoice !== undefined && { invoice: params.invoice }),
    ...(params.metadata && { metadata: mergeMetadata(undefined, params.metadata) }),
    ...(params.on_behalf_of !== undefined && { on_behalf_of: params.on_behalf_of }),
    ...(params.receipt_email !== undefined && { receipt_email: params.receipt_email }),
    ...(params.setup_future_usage !== undefined && { setup_future_usage: params.setup_future_usage }),
    ...(params.shipping && { shipping: params.shipping }),
    ...(params.statement_descriptor !== undefined && { statement_descriptor: params.statement_descriptor }),
    ...(params.statement_descriptor_suffix !== undefined && {
      statement_descriptor_suffix: params.statement_descriptor_suffix,
    }),
    ...(transfer_data && { transfer_data }),
    ...(params.transfer_group !== undefined && { transfer_group: params.transfer_group }),
  };
}
