import { listOf, paging, placeOf } from '../../api/list.ts';
import { form } from '../../api/params.ts';
import { admin, type Route } from '../../api/route.ts';
import { bookOf } from '../../kernel/id.ts';
import { foundPlatform } from './found.ts';
import { allPlatforms, type PlatformObject, platforms, REGISTER } from './object.ts';
import { createPlatformForm } from './params.ts';
import type { Secrets } from './secrets.ts';
import { foundedWire, platformWire } from './view.ts';

const path = '/evenkeel/v1/platforms';

export const routesWith = (secrets: Secrets): readonly Route[] => [
  admin('POST', path, {
    tier: 1,
    access: 'operator',
    summary: 'Makes a platform, in milliseconds: one for each test. Its key is shown here and never again.',
    params: createPlatformForm,
    async handler({ engine, books, keys, params, id, idempotency }) {
      return foundedWire(await foundPlatform({ engine, books, keys, secrets }, params, { id, idempotency }));
    },
  }),

  admin('GET', path, {
    tier: 1,
    access: 'operator',
    summary: 'All platforms, newest first.',
    params: form(paging),
    async handler({ store, params }) {
      // A platform's acct_ id names its book, and the book's number is that of its entry.
      const place = await placeOf(params, platforms.noun, async (id) => {
        const seq = bookOf(id);
        const birth = seq === null || seq === REGISTER ? null : { seq, pos: 0 };
        return birth !== null && (await store.object(REGISTER, birth)) !== null ? birth : null;
      });
      const page = await store.list({ ...allPlatforms, ...place });
      return listOf(
        path,
        page.items.map((item) => platformWire(item as PlatformObject)),
        page.hasMore,
      );
    },
  }),
];
