import type { Fields } from '../../api/search/match.ts';
import type { InvoiceObject } from './object.ts';

/** By what invoices can be searched. */
export const searchFields: Fields<InvoiceObject> = {
  created: { type: 'numeric', of: ({ created }) => created },
  currency: { type: 'token', of: ({ currency }) => currency },
  customer: { type: 'token', isRef: true, of: ({ customer }) => customer },
  last_finalization_error_code: { type: 'token', of: ({ last_finalization_error: error }) => error?.code },
  last_finalization_error_type: { type: 'token', of: ({ last_finalization_error: error }) => error?.type },
  number: { type: 'string', of: ({ number }) => number },
  status: { type: 'token', of: ({ status }) => status },
  subscription: { type: 'token', isRef: true, of: ({ subscription }) => subscription },
  total: { type: 'numeric', of: ({ total }) => total },
};
