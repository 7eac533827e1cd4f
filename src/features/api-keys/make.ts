import { Refused } from '../../api/errors.ts';
import { limits } from '../../data/limits.ts';
import type { Idempotency } from '../../engine/task.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { UnixSeconds } from '../../kernel/time.ts';
import type { KeyKind, KeyStore, NewKey } from '../../store/reader.ts';
import type { Secrets } from '../platforms/secrets.ts';
import { hashStartOf, keptOf, keyIdOf, keyKinds, keyText } from './keys.ts';
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
  const { kind, name, grants } = terms;
  if (idempotency !== null) {
    const before = await madeBefore(making, idempotency);
    if (before !== null) {
      if (sameTerms(before.key, terms)) return before;
      throw new Refused(refuse('idempotency_parameters_differ', { key: idempotency.key }));
    }
  }
  if (unlessMade !== null) throw new Refused(unlessMade);
  if ((await keys.keysOf(book, now)).length >= limits.apiKeysMax) {
    throw new Refused(refuse('api_key_limit', { maximum: limits.apiKeysMax }));
  }
  const derived = idempotency && derivedText(making, idempotency, kind);
  const secret = derived ?? keyText(secrets.draw(`key of ${book} by ${id}`), kind, livemode);
  const key: NewKey = { ...keptOf(secret), kind, name, grants, book, created: now };
  await keys.addKey(key);
  return { key, secret };
}

/** The key that an idempotency key makes; of each kind another one, which tells nothing of the others. */
function derivedText({ secrets, book, livemode }: Making, { path, key }: Idempotency, kind: KeyKind): string | null {
  const bytes = secrets.derive(`key ${book} ${kind} ${path} ${key}`);
  return bytes && keyText(bytes, kind, livemode);
}

/** What was made under the idempotency key, of whatever kind; null when nothing was, or nobody could say. */
async function madeBefore(making: Making, idempotency: Idempotency): Promise<Made | null> {
  for (const kind of keyKinds) {
    const secret = derivedText(making, idempotency, kind);
    const start = secret === null ? null : hashStartOf(keyIdOf(keptOf(secret)));
    const key = start === null ? null : await making.keys.keyOf(making.book, start);
    if (secret !== null && key !== null) return { key, secret };
  }
  return null;
}
