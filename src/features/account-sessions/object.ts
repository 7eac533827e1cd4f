import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';
import type { UnixSeconds } from '../../kernel/time.ts';

/** What a platform asks for. */
export type AskedComponents = Readonly<
  Record<
    string,
    { readonly enabled: boolean; readonly features?: Readonly<Record<string, boolean | undefined>> } | undefined
  >
>;

/** What a browser may show of an account by components of the platform's page. `account` is the platform. */
export interface AccountSessionObject extends StoredObject {
  readonly id: Id<'accs'>;
  /** acct_ of the account that is shown. */
  readonly of: string;
  readonly components: AskedComponents;
  readonly expires_at: UnixSeconds;
  readonly client_secret: string;
}

export const accountSessions = kind<AccountSessionObject>({
  no: 45,
  object: 'account_session',
  prefixes: ['accs'],
  noun: 'account session',
  refs: [],
});
