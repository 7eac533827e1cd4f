import type { Fields } from '../../api/search/match.ts';
import type { ChargeObject } from './object.ts';

type Address = { readonly postal_code?: unknown } | undefined;

/** By what charges can be searched; of cards that what is shown of them. */
export const searchFields: Fields<ChargeObject> = {
  amount: { type: 'numeric', of: ({ amount }) => amount },
  'billing_details.address.postal_code': {
    type: 'token',
    of: ({ billing_details }) => (billing_details?.address as Address)?.postal_code,
  },
  created: { type: 'numeric', of: ({ created }) => created },
  currency: { type: 'token', of: ({ currency }) => currency },
  customer: { type: 'token', isRef: true, of: ({ customer }) => customer },
  disputed: { type: 'token', of: ({ disputed = false }) => disputed },
  'payment_method_details.card.brand': { type: 'token', of: ({ card }) => card?.brand },
  'payment_method_details.card.exp_month': { type: 'token', of: ({ card }) => card?.exp_month },
  'payment_method_details.card.exp_year': { type: 'token', of: ({ card }) => card?.exp_year },
  'payment_method_details.card.fingerprint': { type: 'token', of: ({ card }) => card?.fingerprint },
  'payment_method_details.card.last4': { type: 'token', of: ({ card }) => card?.last4 },
  refunded: { type: 'token', of: ({ refunded = false }) => refunded },
  status: { type: 'token', of: ({ status }) => status },
};
