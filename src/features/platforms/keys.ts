import { hash } from 'node:crypto';
import type { UnixSeconds } from '../../kernel/time.ts';
import type { KeyStore } from '../../store/reader.ts';

const lastShown = 4;

/** Lets a secret key into a book. Only its hash is kept, and what messages show of it. Doing it again changes nothing. */
export async function addSecretKey(
  keys: KeyStore,
  { secret, book, now }: { readonly secret: string; readonly book: number; readonly now: UnixSeconds },
): Promise<void> {
  await keys.addKey({
    hash: hash('sha256', secret, 'hex'),
    book,
    kind: 'secret',
    prefix: secret.slice(0, secret.lastIndexOf('_') + 1),
    last4: secret.slice(-lastShown),
    created: now,
  });
}

/** What a key is called when it is spoken of: says nothing of the key itself. */
export const keyIdOf = (secret: string): string => `key_${hash('sha256', secret, 'hex').slice(0, 24)}`;
