import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';
import type { UnixSeconds } from '../../kernel/time.ts';

/** The address of hosted pages, for one visit of whoever answers for an account. `account` is the platform. */
export interface AccountLinkObject extends StoredObject {
  readonly id: Id<'alink'>;
  /** acct_ of the account that is onboarded. */
  readonly of: string;
  readonly type: 'account_onboarding' | 'account_update';
  /** Where a visitor goes on who came too late. */
  readonly refresh_url: string;
  readonly return_url: string;
  readonly expires_at: UnixSeconds;
  /** Nobody can guess it. */
  readonly secret: string;
  readonly used?: true;
}

export const accountLinks = kind<AccountLinkObject>({
  no: 43,
  object: 'account_link',
  prefixes: ['alink'],
  noun: 'account link',
  refs: [],
});

/** How long an address is good for, in seconds. */
export const LINK_SECONDS = 300;
