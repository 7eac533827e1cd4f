import { hash, timingSafeEqual } from 'node:crypto';

/** Whether two texts are the same, in a time that does not tell how much of a secret was guessed. */
export function sameText(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(hash('sha256', one, 'hex')), Buffer.from(hash('sha256', other, 'hex')));
}
