import type { Fields } from '../../api/search/match.ts';
import type { CustomerObject } from './object.ts';

/** By what customers can be searched. */
export const searchFields: Fields<CustomerObject> = {
  created: { type: 'numeric', of: ({ created }) => created },
  email: { type: 'string', of: ({ email }) => email },
  name: { type: 'string', of: ({ name }) => name },
  phone: { type: 'string', of: ({ phone }) => phone },
};
