import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';
import type { Details, ExternalAccount } from '../accounts/object.ts';
import type { CardDetails } from '../payment-methods/object.ts';

/** What was entered by somebody, between that moment and its one use. */
export interface TokenObject extends StoredObject {
  readonly id: Id<'tok'> | Id<'btok'> | Id<'ct'> | Id<'cpt'>;
  readonly type: 'card' | 'bank_account' | 'account' | 'person' | 'pii' | 'cvc_update';
  readonly used: boolean;
  readonly card?: CardDetails & { readonly id: Id<'card'> };
  /** Ready to be attached; as an external account it still lacks its owner. A debit card token has both. */
  readonly external?: ExternalAccount;
  /** Of an account or person: what was said of it, without the numbers that identify it. */
  readonly told?: Details;
}

export const tokens = kind<TokenObject>({
  no: 7,
  object: 'token',
  prefixes: ['tok', 'btok', 'ct', 'cpt'],
  noun: 'token',
  refs: [],
});
