import { apiKeyHash } from '../../api/auth.ts';
import { lettersOf } from '../../kernel/letters.ts';
import type { UnixSeconds } from '../../kernel/time.ts';
import type { KeyKind, KeyStore, NewKey } from '../../store/reader.ts';

const prefixes: Readonly<Record<KeyKind, string>> = { secret: 'sk', restricted: 'rk', publishable: 'pk' };

export const keyKinds = Object.keys(prefixes) as readonly KeyKind[];

/** A key with all of the 32 bytes in it: `rk_test_…`. */
export const keyText = (bytes: Buffer, kind: KeyKind, livemode: boolean): string =>
  `${prefixes[kind]}_${livemode ? 'live' : 'test'}_${lettersOf(bytes)}`;

const lastShown = 4;

/** What is kept of a key: its hash, and what may be shown of it. */
export const keptOf = (text: string): Pick<NewKey, 'hash' | 'prefix' | 'last4'> => ({
  hash: apiKeyHash(text),
  prefix: text.slice(0, text.lastIndexOf('_') + 1),
  last4: text.slice(-lastShown),
});

/** Lets a secret key into a book. Doing it again changes nothing. */
export async function addSecretKey(
  keys: KeyStore,
  { secret, book, now }: { readonly secret: string; readonly book: number; readonly now: UnixSeconds },
): Promise<void> {
  await keys.addKey({ ...keptOf(secret), book, kind: 'secret', name: null, grants: null, created: now });
}

const idPrefix = 'key_';
const idLength = 24;

/** What a key is called when it is spoken of: the beginning of its hash, which says nothing of the key itself. */
export const keyIdOf = ({ hash: whole }: Pick<NewKey, 'hash'>): string => idPrefix + whole.slice(0, idLength);

/** The beginning of the hash of the key of this id, or null for what is no such id. */
export const hashStartOf = (id: string): string | null =>
  new RegExp(`^${idPrefix}[0-9a-f]{${idLength}}$`).test(id) ? id.slice(idPrefix.length) : null;
