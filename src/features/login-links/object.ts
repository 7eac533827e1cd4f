import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';
import type { UnixSeconds } from '../../kernel/time.ts';

/** The address of an express account's own page, for one visit. `account` is the platform. */
export interface LoginLinkObject extends StoredObject {
  readonly id: Id<'lgn'>;
  /** acct_ of the account whose page it is. */
  readonly of: string;
  readonly expires_at: UnixSeconds;
  /** Nobody can guess it. */
  readonly secret: string;
  readonly used?: true;
}

export const loginLinks = kind<LoginLinkObject>({
  no: 44,
  object: 'login_link',
  prefixes: ['lgn'],
  noun: 'login link',
  refs: [],
});
