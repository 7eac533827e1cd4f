import type { Context } from '../../engine/command.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { AccountObject } from './object.ts';

/** Whose request it is: a command's context, or a view's environment. */
export interface Caller {
  readonly account: string;
  readonly platform: string;
}

/** Whether the caller may see and use the account: a platform its own ones and itself, a connected account itself. */
export const maySee = (caller: Caller, account: AccountObject | null | undefined): account is AccountObject =>
  account != null &&
  account.deleted === undefined &&
  (account.id === caller.account || (caller.account === caller.platform && account.account === caller.platform));

/**
 * X2, from inside a command. Which key was used is not the command's to know: the journal, too, keeps this answer.
 */
export const refuseAccess = (id: string, { livemode }: Pick<Context, 'livemode'>): Refusal =>
  refuse('account_access', { key: `sk_${livemode ? 'live' : 'test'}_${'*'.repeat(30)}`, id });
