import type pg from 'pg';
import type { Currency } from '../../data/currencies.ts';
import type { Birth } from '../../kernel/id.ts';
import { minor } from '../../kernel/money.ts';
import type { Day, UnixSeconds } from '../../kernel/time.ts';
import type { Maturing } from '../../ledger/balance.ts';
import { accountId } from '../../ledger/chart.ts';
import type { BroughtForward, CausedLine, ExposedAccount, ExposedRun, LedgerPlace, StatementHead } from '../reader.ts';
import type { Changes, DueRow } from '../store.ts';
import { lineIn, objectIn, readChanges } from './journal.ts';
import { integers } from './sql.ts';

/**
 * One statement each, by key. What they promise is told where the interface is.
 *
 * An operation that settles a day for many accounts is large, and several rows may lead to the same one: so it is
 * sent once, with the first of them, and read once.
 */
const firstOf = (operation: string, order: string) =>
  `row_number() over (partition by ${operation} order by ${order}) = 1`;

/** Reads what an operation changed, which only the first of its rows carries. */
class ChangesRead {
  readonly #known = new Map<number, Changes>();

  of({ operation, changes }: { readonly operation: number; readonly changes: string | null }): Changes {
    const known = this.#known.get(operation) ?? (changes === null ? {} : readChanges(changes));
    this.#known.set(operation, known);
    return known;
  }
}

const words = (values: readonly string[]) => `{${values.join(',')}}`;

export async function readExposed(
  pool: pg.Pool,
  book: number,
  { from, backwards = false, limit }: ExposedRun,
): Promise<readonly ExposedAccount[]> {
  const [beyond, direction] = backwards ? ['>', 'asc'] : ['<', 'desc'];
  const { rows } = await pool.query<{
    seq: number;
    operation: number;
    changes: string | null;
    currencies: Currency[];
    available: string[];
    reserved: string[];
  }>({
    name: `exposed_${direction}`,
    text: `select o.seq, o.changed as operation,
                  case when ${firstOf('o.changed', `o.seq ${direction}`)} then (
                    select changes from operations where book = $1 and seq = o.changed) end as changes,
                  b.currencies, b.available::text[] as available, b.reserved::text[] as reserved
           from (select seq, changed from objects
                 where book = $1 and kind = 1 and ref1 = 'open' and seq ${beyond} $2
                 order by seq ${direction} limit $3) o
           cross join lateral (
             select array_agg(currency order by currency) as currencies, array_agg(available order by currency) as available,
                    array_agg(reserved order by currency) as reserved
             from balances where book = $1 and account = o.seq) b
           order by o.seq ${direction}`,
    values: [book, from ?? (backwards ? 0 : Number.MAX_SAFE_INTEGER), limit],
  });
  const read = new ChangesRead();
  return rows.flatMap((row) => {
    const account = objectIn(read.of(row), book, { seq: row.seq, pos: 0 });
    if (account === null) return [];
    const money = (row.currencies ?? []).map((currency, i) => {
      const held = { available: minor(Number(row.available[i])), reserved: minor(Number(row.reserved[i])) };
      return [currency, held] as const;
    });
    return [{ seq: row.seq, account, money: new Map(money) }];
  });
}

export async function readStatementHead(
  pool: pg.Pool,
  { book, account, currency }: LedgerPlace,
  at: UnixSeconds | undefined,
): Promise<StatementHead> {
  const { rows } = await pool.query<StatementHead>({
    name: 'statement_head',
    // One statement, so one snapshot: the sums are those of the very balance they are compared with.
    text: `select b.settled_through as "settledThrough",
                  case when $4::bigint is null then b.version else first_seq_at($1, $4 + 1) - 1 end as through,
                  coalesce(held.available, 0)::bigint as available, coalesce(held.reserved, 0)::bigint as reserved,
                  waits.pending, sums.count, sums.net, sums.settled
           from books b
           left join lateral (
             select available, reserved from balances where book = $1 and account = $2 and currency = $3 limit 1) held on true
           cross join lateral (
             select coalesce(sum(amount), 0)::bigint as pending from maturing
             where book = $1 and account = $2 and currency = $3) waits
           cross join lateral (
             select count(*) as count, coalesce(sum(amount - fee), 0)::bigint as net,
                    coalesce(sum(amount - fee) filter (where day is null or day <= b.settled_through), 0)::bigint as settled
             from balance_transactions where book = $1 and account = $2 and currency = $3) sums
           where b.book = $1`,
    values: [book, account, currency, at ?? null],
  });
  return rows[0] as StatementHead;
}

export async function readCausedLines(
  pool: pg.Pool,
  { book, account, currency }: LedgerPlace,
  { before, limit }: { readonly before: Birth; readonly limit: number },
): Promise<readonly CausedLine[]> {
  const { rows } = await pool.query<{
    seq: number;
    pos: number;
    time: number;
    command: string;
    actor: number;
    request: string | null;
    key: string | null;
    operation: number;
    changes: string | null;
  }>({
    name: 'caused_lines',
    text: `select t.seq, t.pos, t.seq as operation, op.time, op.command, op.account as actor, op.request, op.key,
                  case when ${firstOf('t.seq', 't.pos')} then (
                    select changes from operations where book = $1 and seq = t.seq) end as changes
           from (select seq, pos from balance_transactions
                 where book = $1 and account = $2 and currency = $3 and (seq, pos) < ($4::bigint, $5::integer)
                 order by seq desc, pos desc limit $6) t
           cross join lateral (
             select time, command, account, request, key from operations where book = $1 and seq = t.seq limit 1) op
           order by t.seq, t.pos`,
    values: [book, account, currency, before.seq, before.pos, limit],
  });
  const read = new ChangesRead();
  return rows.flatMap((row) => {
    const changes = read.of(row);
    const line = lineIn(changes, book, row);
    if (line === null) return [];
    const operation = {
      seq: row.seq,
      time: row.time,
      command: row.command,
      account: accountId(row.actor, book),
      request: row.request,
      idempotency_key: row.key,
      put: changes.put ?? [],
      lines: changes.lines ?? [],
    };
    return [{ line, operation }];
  });
}

export async function readBroughtForward(
  pool: pg.Pool,
  { book, account, currency }: LedgerPlace,
  { before, day }: { readonly before: Birth; readonly day: Day },
): Promise<BroughtForward> {
  const { rows } = await pool.query<{ waits: Day | null; count: number; net: number }>({
    name: 'brought_forward',
    text: `select case when day > $6 then day end as waits, count(*) as count, sum(amount - fee)::bigint as net
           from balance_transactions
           where book = $1 and account = $2 and currency = $3 and (seq, pos) < ($4::bigint, $5::integer)
           group by 1 order by 1`,
    values: [book, account, currency, before.seq, before.pos, day],
  });
  let available = 0;
  let count = 0;
  const maturing: Maturing[] = [];
  for (const row of rows) {
    count += row.count;
    if (row.waits === null) available += row.net;
    else if (row.net !== 0) maturing.push({ day: row.waits, amount: minor(row.net) });
  }
  return { count, available: minor(available), maturing };
}

export async function readScheduled(
  pool: pg.Pool,
  book: number,
  asked: readonly DueRow[],
): Promise<readonly boolean[]> {
  const { rows } = await pool.query<{ n: number }>({
    name: 'scheduled',
    text: `select w.n::integer as n
           from unnest($2::bigint[], $3::smallint[], $4::text[], $5::text[]) with ordinality as w(at, step, job, subject, n)
           cross join lateral (
             select 1 from schedule
             where book = $1 and at = w.at and step = w.step and job = w.job and subject = w.subject limit 1) s`,
    values: [
      book,
      integers(asked.map(({ at }) => at)),
      integers(asked.map(({ order }) => order)),
      words(asked.map(({ job }) => job)),
      words(asked.map(({ subject }) => `"${subject}"`)),
    ],
  });
  const found = new Set(rows.map(({ n }) => n));
  return asked.map((_, i) => found.has(i + 1));
}
