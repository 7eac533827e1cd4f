import { amount, currency, form, id, metadata, optional, type ParamsOf, text, unsettable } from '../../api/params.ts';
import { limits } from '../../data/limits.ts';

export const createTopupForm = form({
  amount: amount(),
  currency: currency(),
  description: optional(text({ max: limits.descriptionLengthMax })),
  metadata: optional(metadata()),
  source: optional(id()),
  statement_descriptor: optional(text({ max: limits.topupStatementDescriptorLengthMax })),
  transfer_group: optional(text({ max: limits.transferGroupLengthMax })),
});
export type CreateTopup = ParamsOf<typeof createTopupForm>;

export const updateTopupForm = form({
  description: optional(unsettable(text({ max: limits.descriptionLengthMax }))),
  metadata: optional(metadata()),
});
export type UpdateTopup = ParamsOf<typeof updateTopupForm>;
