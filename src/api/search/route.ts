import { limits } from '../../data/limits.ts';
import { type Birth, birthOf } from '../../kernel/id.ts';
import type { StoredObject } from '../../kernel/kind.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import type { ObjectQuery } from '../../store/reader.ts';
import { Refused } from '../errors.ts';
import { isDeleted, paging } from '../list.ts';
import { form, optional, text } from '../params.ts';
import { type Route, read } from '../route.ts';
import type { View } from '../view.ts';
import { type Fields, matcherOf, narrowed } from './match.ts';
import { parseQuery } from './query.ts';

/**
 * How many objects one request looks at, which takes about a second: a query that finds little is answered by pages that are
 * not full, and clients go on as with any other page.
 */
const scanMax = 10_000;

const pageOf = ({ seq, pos }: Birth): string => Buffer.from(`${seq}.${pos}`).toString('base64url');

function placeOf(page: string | undefined): Birth | undefined {
  if (page === undefined) return undefined;
  const [, seq, pos] = /^(\d{1,15})\.(\d{1,9})$/.exec(Buffer.from(page, 'base64url').toString('latin1')) ?? [];
  if (seq === undefined) throw new Refused(refuse('invalid_value', { param: 'page', reason: 'it is no `next_page`' }));
  return { seq: Number(seq), pos: Number(pos) };
}

function agreed<T extends object>(answer: T | Refusal): T {
  if (isRefusal(answer)) throw new Refused(answer);
  return answer;
}

/** Stripe's name of the number of matches, which is told when `expand` asks for it. */
const countField = 'total_count';

/** How many objects match, on all pages; of many objects the newest `scanMax` are looked at. Keeps none of them. */
async function countOf(
  ask: (query: Pick<ObjectQuery, 'limit' | 'scanMax' | 'where'>) => Promise<unknown>,
  where: (object: StoredObject) => boolean,
): Promise<number> {
  let count = 0;
  await ask({
    limit: 1,
    scanMax,
    where(object) {
      if (where(object)) count++;
      return false;
    },
  });
  return count;
}

/** GET of the objects of the account that a query asks for, newest first: `/v1/charges/search`. */
export function search<T extends StoredObject & { readonly metadata?: Readonly<Record<string, string>> }>(
  path: string,
  view: View<T>,
  fields: Fields<T>,
): Route {
  const { kind } = view;
  const resource = path.split('/')[2] as string;
  return read(path, {
    tier: 3,
    summary: `Those that a query in Stripe's search language asks for, newest first, as they are at this moment: by ${Object.keys(fields).join(', ')} and metadata.`,
    params: form({ limit: paging.limit, page: optional(text({ max: 5000 })), query: text({ max: 5000 }) }),
    view,
    isPage: true,
    ofPage: [countField],
    async handler(reader, { limit = limits.pageSizeDefault, page, query }) {
      const after = placeOf(page);
      const asked = agreed(parseQuery(query));
      const matches = agreed(matcherOf(asked, fields, resource));
      const narrow = narrowed(asked, fields, kind.refs);
      const where = (object: StoredObject) => !isDeleted(object) && matches(object as T);
      const found = await reader.objects(kind, { ...narrow, ...(after && { after }), limit, scanMax, where });
      const isCounted = reader.expand.includes(countField);
      const count = isCounted
        ? await countOf((counting) => reader.objects(kind, { ...narrow, ...counting }), where)
        : null;
      const last = found.items.at(-1);
      const end = found.stopped ?? (last && birthOf(last.id, reader.book));
      return {
        object: 'search_result',
        data: (await reader.current(found.items)).map((object) => reader.view(object)),
        has_more: found.hasMore,
        next_page: found.hasMore && end ? pageOf(end) : null,
        ...(count !== null && { [countField]: count }),
        url: reader.path,
      };
    },
  });
}
