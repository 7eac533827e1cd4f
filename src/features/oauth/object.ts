import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';

/** What a browser brings back from connecting an account; good once. `account` is the platform. */
export interface AuthorizationCodeObject extends StoredObject {
  readonly id: Id<'ac'>;
  /** acct_ of the account that was connected. */
  readonly of: string;
  readonly scope: string;
  readonly used?: true;
}

export const authorizationCodes = kind<AuthorizationCodeObject>({
  no: 47,
  object: 'authorization_code',
  prefixes: ['ac'],
  noun: 'authorization code',
  refs: [],
});
