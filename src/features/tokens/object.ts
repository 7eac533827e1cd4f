import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';
import type { ExternalAccount } from '../accounts/object.ts';
import type { CardDetails } from '../payment-methods/object.ts';

/** A card or bank account between the moment it was entered and its one use. */
export interface TokenObject extends StoredObject {
  readonly id: Id<'tok'> | Id<'btok'>;
  readonly type: 'card' | 'bank_account';
  readonly used: boolean;
  readonly card?: CardDetails & { readonly id: Id<'card'> };
  /** Ready to be attached; as an external account it still lacks its owner. A debit card token has both. */
  readonly external?: ExternalAccount;
}

export const tokens = kind<TokenObject>({
  no: 7,
  object: 'token',
  prefixes: ['tok', 'btok'],
  noun: 'token',
  refs: [],
});
