import {
  array,
  currency,
  form,
  id,
  object,
  optional,
  type ParamsOf,
  text,
  timestamp,
  withDefault,
} from '../../api/params.ts';

const parameters = object({
  columns: optional(array(text({ max: 500 }))),
  connected_account: optional(id()),
  currency: optional(currency()),
  interval_end: optional(timestamp()),
  interval_start: optional(timestamp()),
  payout: optional(id()),
  reporting_category: optional(text({ max: 500 })),
  timezone: optional(text({ max: 100 })),
});

export const createRunForm = form({ report_type: text(), parameters: withDefault(parameters, {}) });
export type CreateRun = ParamsOf<typeof createRunForm>;
