import type { Fields } from '../../api/search/match.ts';
import type { SubscriptionObject } from './object.ts';

/** By what subscriptions can be searched. */
export const searchFields: Fields<SubscriptionObject> = {
  canceled_at: { type: 'numeric', of: ({ canceled_at }) => canceled_at },
  created: { type: 'numeric', of: ({ created }) => created },
  status: { type: 'token', of: ({ status }) => status },
};
