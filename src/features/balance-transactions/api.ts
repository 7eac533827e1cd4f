import { Refused } from '../../api/errors.ts';
import { listOf, type Paging, paging, placeOf } from '../../api/list.ts';
import { form, id, optional, type ParamsOf, range, text } from '../../api/params.ts';
import type { Read } from '../../api/read.ts';
import { type Route, read } from '../../api/route.ts';
import type { Wire } from '../../api/view.ts';
import { balanceTransactionTypeNo, isBalanceTransactionType } from '../../data/balance-transaction-types.ts';
import { isCurrency } from '../../data/currencies.ts';
import { type Birth, birthOf } from '../../kernel/id.ts';
import { refuse } from '../../kernel/refusal.ts';
import { rowsOfPayout, within } from './paid-out.ts';

const noun = 'balance transaction';

const filters = form({
  created: optional(range()),
  currency: optional(text()),
  payout: optional(id()),
  source: optional(id()),
  type: optional(text()),
  ...paging,
});

async function retrieveLine(read: Read, id: string): Promise<Wire> {
  const line = await read.line(id);
  if (line === null) throw new Refused(refuse('no_such_in_path', { object: noun, id, param: 'id' }));
  return read.viewLine(line);
}

/** Where the object was born whose rows are asked for. */
async function sourceOf(read: Read, source: string): Promise<Birth> {
  const birth = birthOf(source, read.book);
  const object = birth === null ? null : await read.store.object(read.book, birth);
  if (birth === null || object?.id !== source || object.account !== read.env.account) {
    throw new Refused(refuse('no_such', { object: 'source', id: source, param: 'source' }));
  }
  return birth;
}

async function listLines(read: Read, params: ParamsOf<typeof filters> & Paging): Promise<Wire> {
  const { created, payout, source, type } = params;
  // In either case, as everywhere.
  const currency = params.currency?.toLowerCase();
  const paid = payout === undefined ? undefined : await rowsOfPayout(read, payout);
  const born = source === undefined ? undefined : await sourceOf(read, source);
  const place = await placeOf(params, noun, async (cursor) =>
    (await read.line(cursor)) === null ? null : birthOf(cursor, read.book),
  );
  // An unknown value is no mistake here: there are no such rows.
  if (
    (currency !== undefined && !isCurrency(currency)) ||
    (type !== undefined && !isBalanceTransactionType(type)) ||
    (currency !== undefined && paid?.currency !== undefined && paid.currency !== currency)
  ) {
    return listOf(read.path, [], false);
  }
  const since = within(created, paid?.created);
  const page = await read.lines({
    ...paid,
    ...place,
    ...(since && { created: since }),
    ...(currency !== undefined && { currency }),
    ...(born && { source: born }),
    ...(type !== undefined && { type: balanceTransactionTypeNo(type) }),
  });
  return listOf(
    read.path,
    page.items.map((line) => read.viewLine(line)),
    page.hasMore,
  );
}

/** The same under the address of today and under that of old clients. */
const under = (path: '/v1/balance_transactions' | '/v1/balance/history'): readonly Route[] => [
  read(path, {
    tier: 1,
    summary: 'The rows of the account, newest first (R15, R16).',
    params: filters,
    handler: listLines,
  }),
  read(`${path}/:id`, {
    tier: 1,
    summary: 'One row.',
    handler: (read, params) => retrieveLine(read, (params as { readonly id: string }).id),
  }),
];

export const routes: readonly Route[] = [...under('/v1/balance_transactions'), ...under('/v1/balance/history')];
