import { Refused } from '../../api/errors.ts';
import { listOf } from '../../api/list.ts';
import type { Read } from '../../api/read.ts';
import { type AdminRequest, admin, type Route } from '../../api/route.ts';
import type { Wire } from '../../api/view.ts';
import { assert } from '../../kernel/assert.ts';
import { isRefusal, refuse } from '../../kernel/refusal.ts';
import type { StoredKey } from '../../store/reader.ts';
import { accounts } from '../accounts/object.ts';
import type { Secrets } from '../platforms/secrets.ts';
import { hashStartOf } from './keys.ts';
import { type Making, makeKey } from './make.ts';
import { createKeyForm, rollKeyForm } from './params.ts';
import { type Terms, termsOf } from './rules.ts';
import { keyWire, madeKeyWire } from './view.ts';

const path = '/evenkeel/v1/api_keys';

function own(read: Read | null): Read {
  assert(read !== null, 'a key is for a platform');
  return read;
}

const makingOf = ({ engine, keys, read, id, idempotency }: AdminRequest, secrets: Secrets): Making => {
  const { book, env } = own(read);
  return { keys, secrets, book, livemode: env.livemode, now: engine.clock(), id, idempotency };
};

/** The key of this id, and the start of its hash. */
async function found({ keys, read }: AdminRequest, id: string): Promise<{ key: StoredKey; start: string }> {
  const start = hashStartOf(id);
  const key = start === null ? null : await keys.keyOf(own(read).book, start);
  if (start === null || key === null) throw new Refused(refuse('no_such_in_path', { object: 'key', id, param: 'key' }));
  return { key, start };
}

/** A restricted key is for accounts that there are. */
async function checkAccounts(read: Read, { grants }: Terms): Promise<void> {
  const ids = grants === null || grants.accounts === 'all' ? [] : grants.accounts;
  const known = await read.many(accounts, ids);
  const at = known.findIndex((account) => account === null || account.deleted !== undefined);
  if (at < 0) return;
  throw new Refused(refuse('no_such', { object: accounts.noun, id: ids[at] ?? '', param: 'accounts' }));
}

export const routesWith = (secrets: Secrets): readonly Route[] => [
  admin('POST', path, {
    tier: 2,
    summary: 'Another key for the platform: secret, restricted or publishable. It is shown here and never again.',
    params: createKeyForm,
    async handler(request): Promise<Wire> {
      const terms = termsOf(request.params);
      if (isRefusal(terms)) throw new Refused(terms);
      await checkAccounts(own(request.read), terms);
      const making = makingOf(request, secrets);
      const { key, secret } = await makeKey(making, terms);
      return madeKeyWire(key, secret, making.livemode);
    },
  }),

  admin('GET', path, {
    tier: 2,
    summary: 'The keys that let somebody in, newest first; never the keys themselves.',
    async handler({ keys, read, engine }) {
      const { book, env } = own(read);
      const all = await keys.keysOf(book, engine.clock());
      return listOf(
        path,
        all.map((key) => keyWire(key, env.livemode)),
        false,
      );
    },
  }),

  admin('DELETE', `${path}/:key`, {
    tier: 2,
    summary: 'Lets a key in no more. It may still do so for a few seconds.',
    async handler(request) {
      const { start } = await found(request, request.params.key);
      await request.keys.endKey(own(request.read).book, start, request.engine.clock());
      return { id: request.params.key, object: 'api_key', deleted: true };
    },
  }),

  admin('POST', `${path}/:key/roll`, {
    tier: 2,
    summary: 'Makes a key of the same reach, shown here and never again. The old one ends after `expires_in` seconds.',
    params: rollKeyForm,
    async handler(request) {
      const { key: old, start } = await found(request, request.params.key);
      const making = makingOf(request, secrets);
      // The same request again, after a crash in between: the old key may have ended by the first.
      const isOver = old.ends !== null && old.ends <= making.now;
      const over = isOver ? refuse('api_key_over', { id: request.params.key }) : null;
      const { key, secret } = await makeKey(making, old, over);
      await request.keys.endKey(making.book, start, making.now + (request.params.expires_in ?? 0));
      return madeKeyWire(key, secret, making.livemode);
    },
  }),
];
