import { listOf, type Paging, placeOf } from '../../api/list.ts';
import type { Read } from '../../api/read.ts';
import type { Wire } from '../../api/view.ts';
import type { Currency } from '../../data/currencies.ts';
import { birthOf } from '../../kernel/id.ts';
import type { UnixSeconds } from '../../kernel/time.ts';
import type { ExposedAccount, ExposedRun } from '../../store/reader.ts';
import { type AccountObject, accounts } from '../accounts/object.ts';
import { type Position, positionOf } from './position.ts';

const runLength = 500;

/** Accounts that are below zero or have a bank debit that may come back, run by run; the platform's own is none of them. */
async function* exposedAccounts(read: Read, start: Omit<ExposedRun, 'limit'> = {}): AsyncIterable<ExposedAccount> {
  let { from } = start;
  for (;;) {
    const run = await read.store.exposed(read.book, {
      ...start,
      ...(from !== undefined && { from }),
      limit: runLength,
    });
    for (const each of run) if (each.account.id !== read.env.platform) yield each;
    const last = run.at(-1);
    if (last === undefined || run.length < runLength) return;
    from = last.seq;
  }
}

/** How an account stands in every currency in which there is something to say. */
const positionsOf = ({ account, money }: ExposedAccount, now: UnixSeconds): readonly Position[] =>
  (Object.keys((account as AccountObject).standing ?? {}) as Currency[])
    .sort()
    .map((currency) =>
      positionOf(account as AccountObject, currency, money.get(currency) ?? { available: 0, reserved: 0 }, now),
    );

/** Every position of the book, the newest account first. */
export async function* positions(read: Read, now: UnixSeconds): AsyncIterable<Position> {
  for await (const exposed of exposedAccounts(read)) yield* positionsOf(exposed, now);
}

/**
 * A page of positions. It is counted and goes on by accounts, so that no account is torn apart: one that is chosen in two
 * currencies gives two items.
 */
export async function pageOfPositions(
  read: Read,
  given: {
    readonly paging: Paging;
    readonly now: UnixSeconds;
    readonly choose: (position: Position) => boolean;
    readonly show: (positions: readonly Position[]) => Promise<readonly Wire[]>;
  },
): Promise<Wire> {
  const { paging, now, choose, show } = given;
  const place = await placeOf(paging, accounts.noun, async (id) =>
    (await read.anywhere(accounts, id)) === null ? null : birthOf(id, read.book),
  );
  const backwards = place.before !== undefined;
  const from = (place.before ?? place.after)?.seq;
  const found: (readonly Position[])[] = [];
  for await (const exposed of exposedAccounts(read, { backwards, ...(from !== undefined && { from }) })) {
    const chosen = positionsOf(exposed, now).filter(choose);
    if (chosen.length > 0) found.push(chosen);
    if (found.length > place.limit) break;
  }
  const page = found.slice(0, place.limit);
  const items = (backwards ? page.reverse() : page).flat();
  return listOf(read.path, await show(items), found.length > place.limit);
}
