import type { Context, Reader } from '../../engine/command.ts';
import { type TokenObject, tokens } from '../tokens/object.ts';
import type { AccountObject } from './object.ts';

/** The stored token that an `external_account` names: the caller's own, or one made as the account that it is for. */
export function usableToken(
  read: Reader,
  sent: unknown,
  account: AccountObject | undefined,
  ctx: Context,
): TokenObject | undefined {
  const token = typeof sent === 'string' ? read.find(tokens, sent) : undefined;
  return token?.account === ctx.account || token?.account === account?.id ? token : undefined;
}
