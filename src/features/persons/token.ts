import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { PersonChange } from '../accounts/params.ts';
import type { TokenObject } from '../tokens/object.ts';

/**
 * The params with what a person token says in their place.
 *
 * @param token  what the reader found under `person_token`
 * @returns what is put besides: the token, which is used up; refusals: no such token, one that was used
 */
export function withPersonToken<P extends PersonChange>(
  params: P,
  token: TokenObject | undefined,
): { readonly params: P; readonly spent: readonly TokenObject[] } | Refusal {
  const { person_token: id } = params;
  if (id === undefined) return { params, spent: [] };
  if (!token?.told || token.type !== 'person') return refuse('no_such', { object: 'token', id, param: 'person_token' });
  if (token.used) return refuse('token_already_used', { id });
  return { params: { ...params, ...token.told }, spent: [{ ...token, used: true }] };
}
