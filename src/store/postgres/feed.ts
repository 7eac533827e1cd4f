import type pg from 'pg';
import type { Birth } from '../../kernel/id.ts';

/** What follows the journal of a book while objects of a kind in it are enabled, and the table of how far it came. */
export interface Followed {
  readonly what: 'webhook' | 'notification';
  readonly kind: number;
  readonly cursors: 'webhook_cursors' | 'notification_cursors';
}

/** Books that have something enabled and operations that were not followed yet. */
export async function booksBehind(pool: pg.Pool, { what, kind, cursors }: Followed): Promise<readonly number[]> {
  const { rows } = await pool.query<{ book: number }>({
    name: `${what}_books_behind`,
    text: `select e.book
           from (select distinct book from objects where kind = ${kind} and ref1 = 'enabled') e
           cross join lateral (select version from books where book = e.book limit 1) b
           left join lateral (select seq from ${cursors} where book = e.book limit 1) c on true
           where c.seq is null or c.seq < b.version`,
  });
  return rows.map((row) => row.book);
}

/**
 * How far a book is and was followed, and what is enabled in it, with the operation that made the version that stands.
 *
 * @returns null where nothing is enabled
 */
export async function readFeed(pool: pg.Pool, { what, kind, cursors }: Followed, book: number) {
  const { rows } = await pool.query<{
    livemode: boolean;
    version: number;
    through: number | null;
    seq: number;
    pos: number;
    changed: number;
  }>({
    name: `${what}_feed`,
    text: `select b.livemode, b.version, c.seq as through, o.seq, o.pos, o.changed
           from (select seq, pos, changed from objects where book = $1 and kind = ${kind} and ref1 = 'enabled') o
           cross join lateral (select livemode, version from books where book = $1 limit 1) b
           left join lateral (select seq from ${cursors} where book = $1 limit 1) c on true
           order by o.seq, o.pos`,
    values: [book],
  });
  const [first] = rows;
  if (first === undefined) return null;
  const { livemode, version, through } = first;
  const enabled = rows.map(({ seq, pos, changed }): { readonly birth: Birth; readonly changed: number } => ({
    birth: { seq, pos },
    changed,
  }));
  return { livemode, version, through, enabled };
}
