import type { Wire } from '../../api/view.ts';
import type { TopupObject } from './object.ts';

/** A top-up on the wire. Where its money came from is a token, which is gone, so `source` is null. */
export const topupWire = (topup: TopupObject, { livemode }: { readonly livemode: boolean }): Wire => ({
  id: topup.id,
  object: 'topup',
  amount: topup.amount,
  balance_transaction: topup.balance_transaction ?? null,
  created: topup.created,
  currency: topup.currency,
  description: topup.description ?? null,
  expected_availability_date: topup.expected_availability_date,
  failure_code: topup.failure_code ?? null,
  failure_message: topup.failure_message ?? null,
  initiated_by: 'user',
  livemode,
  metadata: topup.metadata ?? {},
  payment_method: null,
  payment_method_options: null,
  source: null,
  statement_descriptor: topup.statement_descriptor ?? null,
  status: topup.status,
  transfer_group: topup.transfer_group ?? null,
});
