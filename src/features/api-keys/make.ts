import { Refused } from '../../api/errors.ts';
import { limits } from '../../data/limits.ts';
import type { Idempotency } from '../../engine/task.ts';
import { assert } from '../../kernel/assert.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { UnixSeconds } from '../../kernel/time.ts';
import type { KeyStore, NewKey } from '../../store/reader.ts';
import type { Secrets } from '../platforms/secrets.ts';
import { hashStartOf, keptOf, keyIdOf, keyText } from './keys.ts';
import { sameTerms, type Terms } from './rules.ts';

export interface Making {
  readonly keys: KeyStore;
  readonly secrets: Secrets;
  readonly book: number;
  readonly livemode: boolean;
  readonly now: UnixSeconds;
  /** req_… */
  readonly id: string;
  readonly idempotency: Idempotency | null;
}

export interface Made {
  readonly key: NewKey;
  readonly secret: string;
}

/**
 * Makes a key. Under an idempotency key it follows from that and the operator's key, so the same request again finds it
 * made and is answered the same; only its hash is stored.
 *
 * @param unlessMade why there may be no new one; null when there may
 * @throws Refused
 */
export async function makeKey(making: Making, terms: Terms, unlessMade: Refusal | null = null): Promise<Made> {
  const { keys, secrets, book, livemode, now, id, idempotency } = making;
  const derived = idempotency && secrets.derive(`key ${book} ${idempotency.path} ${idempotency.key}`);
  const secret = keyText(derived ?? secrets.draw(`key of ${book} by ${id}`), terms.kind, livemode);
  const { kind, name, grants } = terms;
  const key: NewKey = { ...keptOf(secret), kind, name, grants, book, created: now };
  const start = hashStartOf(keyIdOf(key));
  assert(start !== null, 'the id of a key is one');
  const before = derived === null ? null : await keys.keyOf(book, start);
  if (before !== null) {
    if (!sameTerms(before, terms) && idempotency !== null) {
      throw new Refused(refuse('idempotency_parameters_differ', { key: idempotency.key }));
    }
    return { key: before, secret };
  }
  if (unlessMade !== null) throw new Refused(unlessMade);
  if ((await keys.keysOf(book, now)).length >= limits.apiKeysMax) {
    throw new Refused(refuse('api_key_limit', { maximum: limits.apiKeysMax }));
  }
  await keys.addKey(key);
  return { key, secret };
}
