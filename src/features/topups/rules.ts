import { bankByToken, bankOutcome } from '../../data/test-banks.ts';
import type { TokenObject } from '../tokens/object.ts';

/**
 * What the bank behind a source will answer: 'paid' or a failure code. Without a source it is the platform's own bank
 * account, which pays.
 *
 * @param token the caller's token of that id
 * @returns undefined for a source that is neither a fixed test token nor a bank account token
 */
export function bankAnswer(source: string | undefined, token: TokenObject | undefined): string | undefined {
  if (source === undefined) return 'paid';
  const bank = bankByToken(source);
  return bank ? bankOutcome(bank) : token?.type === 'bank_account' ? token.external?.outcome : undefined;
}
