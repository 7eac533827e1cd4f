import {
  amount,
  currency,
  form,
  id,
  metadata,
  oneOf,
  optional,
  type ParamsOf,
  text,
  unsupported,
} from '../../api/params.ts';
import { limits } from '../../data/limits.ts';

export const createPayoutForm = form({
  amount: amount(),
  currency: currency(),
  description: optional(text({ max: limits.descriptionLengthMax })),
  destination: optional(id()),
  metadata: optional(metadata()),
  method: optional(oneOf(['instant', 'standard'])),
  payout_method: unsupported(),
  source_type: optional(oneOf(['bank_account', 'card', 'fpx'])),
  statement_descriptor: optional(text({ max: limits.statementDescriptorLengthMax })),
});
export type CreatePayout = ParamsOf<typeof createPayoutForm>;

export const metadataForm = form({ metadata: optional(metadata()) });
export type Labels = ParamsOf<typeof metadataForm>;
