import type { Fields } from '../../api/search/match.ts';
import type { PaymentIntentObject } from './object.ts';

/** By what payment intents can be searched. */
export const searchFields: Fields<PaymentIntentObject> = {
  amount: { type: 'numeric', of: ({ amount }) => amount },
  created: { type: 'numeric', of: ({ created }) => created },
  currency: { type: 'token', of: ({ currency }) => currency },
  customer: { type: 'token', isRef: true, of: ({ customer }) => customer },
  status: { type: 'token', of: ({ status }) => status },
};
