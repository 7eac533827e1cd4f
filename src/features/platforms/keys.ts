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

const idPrefix = 'key_';
const idLength = 24;

/** What a key is called when it is spoken of: the beginning of its hash, which says nothing of the key itself. */
export const keyIdOf = (secret: string): string => idPrefix + hash('sha256', secret, 'hex').slice(0, idLength);

/** The beginning of the hash of the key of this id, or null for what is no such id. */
export const hashStartOf = (id: string): string | null =>
  new RegExp(`^${idPrefix}[0-9a-f]{${idLength}}$`).test(id) ? id.slice(idPrefix.length) : null;
