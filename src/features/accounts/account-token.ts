import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { TokenObject } from '../tokens/object.ts';
import type { UpdateAccount } from './params.ts';

/**
 * The params with what an account token says in their place. Whoever filled it in may have agreed to the terms, too.
 *
 * @param token  what the reader found under `account_token`
 * @returns what is put besides: the token, which is used up; refusals: no such token, one that was used
 */
export function withAccountToken<P extends UpdateAccount>(
  params: P,
  token: TokenObject | undefined,
): { readonly params: P; readonly spent: readonly TokenObject[] } | Refusal {
  const { account_token: id } = params;
  if (id === undefined) return { params, spent: [] };
  if (!token?.told || token.type !== 'account')
    return refuse('no_such', { object: 'token', id, param: 'account_token' });
  if (token.used) return refuse('token_already_used', { id });
  const { tos_shown_and_accepted: accepted, ...told } = token.told;
  const tos_acceptance = accepted === true ? { ...params.tos_acceptance, date: token.created } : params.tos_acceptance;
  return {
    params: { ...params, ...told, ...(tos_acceptance && { tos_acceptance }) },
    spent: [{ ...token, used: true }],
  };
}
