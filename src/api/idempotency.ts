import { hash } from 'node:crypto';
import { limits } from '../data/limits.ts';
import type { Idempotency } from '../engine/task.ts';
import { refuse } from '../kernel/refusal.ts';
import { keyHashOf } from '../store/idempotency.ts';
import { Refused } from './errors.ts';
import { canonical, type Values } from './form.ts';
import { withoutSecrets } from './mask.ts';

const digest = (text: string): string => hash('sha256', text, 'hex').slice(0, 32);

/** @throws Refused when the key is too long */
export function checkKey(key: string): void {
  if (key.length > limits.idempotencyKeyLengthMax) throw new Refused(refuse('idempotency_key_too_long'));
}

/**
 * What tells one request under a key from another: the method, the path and the decoded parameters, in any order.
 *
 * @param path as it was asked for; what is stored of it has no secrets
 */
export const idempotencyOf = (key: string, method: string, path: string, values: Values): Idempotency => ({
  key,
  keyHash: keyHashOf(key),
  path: withoutSecrets(path),
  fingerprint: digest(`${method} ${path} ${canonical(values)}`),
});

/**
 * The keys whose requests are being answered by this process. The engine makes sure that a key happens once; this one
 * makes sure that nobody waits for another's answer.
 */
export class InFlight {
  readonly #keys = new Set<string>();

  /**
   * @returns what `leave` takes
   * @throws Refused when a request under this key is under way
   */
  enter(book: number, account: string, { key, keyHash }: Idempotency): string {
    const name = `${book} ${account} ${keyHash}`;
    if (this.#keys.has(name)) throw new Refused(refuse('idempotency_key_in_use', { key }));
    this.#keys.add(name);
    return name;
  }

  leave(name: string): void {
    this.#keys.delete(name);
  }
}
