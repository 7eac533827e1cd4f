import type pg from 'pg';
import { returningTypeNos } from '../../data/balance-transaction-types.ts';
import { ROW_WAITS_DAYS_MAX } from '../../data/countries.ts';
import type { Currency } from '../../data/currencies.ts';
import type { Birth } from '../../kernel/id.ts';
import { minor } from '../../kernel/money.ts';
import { type Day, SECONDS_PER_DAY } from '../../kernel/time.ts';
import { type Balance, type DaySpan, type Maturing, newestOf } from '../../ledger/balance.ts';
import { keyDays } from '../idempotency.ts';
import type { Answer, Fetched, MaturingRow, Recorded, Wants } from '../store.ts';
import { objectIn, readChanges } from './journal.ts';
import { integers } from './sql.ts';

/** What a batch asked for: one query per kind of thing, none for what nobody asked. */
export async function fetchWants(pool: pg.Pool, book: number, wants: Wants, today: Day): Promise<Fetched> {
  const [objects, balances, keys, maturing, credits] = await Promise.all([
    wants.objects.length === 0 ? [] : fetchObjects(pool, book, wants.objects),
    wants.balances.length === 0 ? [] : fetchBalances(pool, book, wants.balances),
    wants.keys.length === 0 ? [] : fetchKeys(pool, book, wants.keys, today),
    wants.maturing === null ? [] : fetchMaturing(pool, book, wants.maturing),
    wants.credits.length === 0 ? [] : fetchCredits(pool, book, wants.credits),
  ]);
  return { objects, balances, keys, maturing, credits };
}

export async function fetchObjects(pool: pg.Pool, book: number, births: readonly Birth[]): Promise<Fetched['objects']> {
  const { rows } = await pool.query<{ n: number; changed: number; changes: string }>({
    name: 'fetch_objects',
    text: `select w.n::integer as n, o.changed, op.changes
           from unnest($2::bigint[], $3::integer[]) with ordinality as w(seq, pos, n)
           cross join lateral (select changed from objects where book = $1 and seq = w.seq and pos = w.pos limit 1) o
           cross join lateral (select changes from operations where book = $1 and seq = o.changed limit 1) op`,
    values: [book, integers(births.map((b) => b.seq)), integers(births.map((b) => b.pos))],
  });
  const found: ({ object: NonNullable<ReturnType<typeof objectIn>>; changed: number } | null)[] = births.map(
    () => null,
  );
  for (const { n, changed, changes } of rows) {
    const birth = births[n - 1];
    const object = birth && objectIn(readChanges(changes), book, birth);
    if (object) found[n - 1] = { object, changed };
  }
  return found;
}

async function fetchBalances(
  pool: pg.Pool,
  book: number,
  wanted: Wants['balances'],
): Promise<readonly (Balance | null)[]> {
  const { rows } = await pool.query<{
    n: number;
    available: number;
    reserved: number;
    days: number[];
    amounts: string[];
  }>({
    name: 'fetch_balances',
    text: `select w.n::integer as n, b.available, b.reserved, m.days, m.amounts::text[] as amounts
           from unnest($2::bigint[], $3::text[]) with ordinality as w(account, currency, n)
           cross join lateral (
             select available, reserved from balances where book = $1 and account = w.account and currency = w.currency limit 1) b
           cross join lateral (
             select coalesce(array_agg(day order by day), '{}') as days, coalesce(array_agg(amount order by day), '{}') as amounts
             from maturing where book = $1 and account = w.account and currency = w.currency) m`,
    values: [book, integers(wanted.map((w) => w.account)), `{${wanted.map((w) => w.currency).join(',')}}`],
  });
  const found: (Balance | null)[] = wanted.map(() => null);
  for (const row of rows) found[row.n - 1] = toBalance(row);
  return found;
}

export function toBalance(row: { available: number; reserved: number; days: number[]; amounts: string[] }): Balance {
  const maturing: Maturing[] = row.days.map((day, i) => ({ day, amount: minor(Number(row.amounts[i])) }));
  return { available: minor(row.available), reserved: minor(row.reserved), maturing };
}

async function fetchKeys(
  pool: pg.Pool,
  book: number,
  keys: Wants['keys'],
  today: Day,
): Promise<readonly (Recorded | null)[]> {
  const { rows } = await pool.query<RecordedRow & { n: number }>({
    name: 'fetch_keys',
    text: `select w.n::integer as n, op.seq, op.path, encode(op.fingerprint, 'hex') as fingerprint, op.request, op.status,
                  op.body, op.changes
           from unnest($2::bigint[], $3::uuid[]) with ordinality as w(account, key_hash, n)
           cross join lateral (
             select seq from idempotency_keys
             where slot = any('{0,1,2,3}') and book = $1 and account = w.account and key_hash = w.key_hash and day >= $4
             order by day desc limit 1) k
           cross join lateral (select * from operations where book = $1 and seq = k.seq limit 1) op`,
    values: [book, integers(keys.map((k) => k.account)), `{${keys.map((k) => k.keyHash).join(',')}}`, today - keyDays],
  });
  const found: (Recorded | null)[] = keys.map(() => null);
  for (const row of rows) found[row.n - 1] = toRecorded(row);
  return found;
}

interface RecordedRow {
  seq: number;
  path: string | null;
  fingerprint: string | null;
  request: string | null;
  status: number;
  body: string | null;
  changes: string;
}

function toRecorded(row: RecordedRow): Recorded {
  const changes = readChanges(row.changes);
  const object = changes.put?.find((candidate) => candidate.id === changes.result) ?? null;
  const answer: Answer = { status: row.status, object, body: row.body };
  return {
    seq: row.seq,
    path: row.path ?? '',
    fingerprint: row.fingerprint ?? '',
    request: row.request ?? '',
    answer,
  };
}

async function fetchMaturing(pool: pg.Pool, book: number, day: Day): Promise<Fetched['maturing']> {
  const { rows } = await pool.query<MaturingRow>({
    name: 'fetch_maturing',
    text: `select m.account, m.currency, min(m.day) as day,
                  (select array_agg(b.currency order by b.currency) from balances b
                   where b.book = $1 and b.account = m.account) as held
           from maturing m where m.book = $1 and m.day <= $2
           group by m.account, m.currency order by m.account, m.currency`,
    values: [book, day],
  });
  return rows;
}

/** The newest days are read first, then ever more before them: money mostly waits for days, and some for years. */
const CREDIT_DAYS_FIRST = 32;
const CREDIT_DAYS_GROWTH = 4;

async function fetchCredits(pool: pg.Pool, book: number, wanted: Wants['credits']): Promise<Fetched['credits']> {
  const found: (readonly Maturing[])[] = wanted.map(() => []);
  let open = wanted.map((want, n) => ({ ...want, n, from: want.through, missing: want.enough as number }));
  for (let days = CREDIT_DAYS_FIRST; open.length > 0; days *= CREDIT_DAYS_GROWTH) {
    const spans = open.map(({ from, after, ...rest }) => ({
      ...rest,
      span: { after: Math.max(after, from - days), through: from },
    }));
    const read = await fetchCreditsOfDays(pool, book, spans);
    open = open.flatMap((want, i) => {
      const credits = read[i] ?? [];
      found[want.n] = [...credits, ...(found[want.n] ?? [])];
      const from = spans[i]?.span.after ?? want.after;
      const missing = credits.reduce((left, { amount }) => left - amount, want.missing);
      return missing > 0 && from > want.after ? [{ ...want, from, missing }] : [];
    });
  }
  return found.map((credits, n) => newestOf(credits, wanted[n] as Wants['credits'][number]));
}

async function fetchCreditsOfDays(
  pool: pg.Pool,
  book: number,
  wanted: readonly { readonly account: number; readonly currency: Currency; readonly span: DaySpan }[],
): Promise<Maturing[][]> {
  const { rows } = await pool.query<{ n: number; day: Day; amount: string }>({
    name: 'fetch_credits',
    // The first operation of each day, and of the day after the last, is looked for once, however many ask and however many
    // rows there are.
    text: `with first as materialized (
             select array(select first_seq_at($1, day::bigint * ${SECONDS_PER_DAY})
                          from generate_series($7::integer + 1, $8::integer + 1) day) as seqs)
           select w.n::integer as n, c.day, c.amount::text
           from first cross join unnest($2::bigint[], $3::text[], $4::integer[], $5::integer[])
                with ordinality as w(account, currency, after, through, n)
           cross join lateral (
             select r.day, sum(r.net) as amount
             from (select coalesce(t.day, $7::integer + width_bucket(t.seq, first.seqs)) as day, t.amount - t.fee as net
                   from balance_transactions t
                   where t.book = $1 and t.account = w.account and t.currency = w.currency and t.amount > t.fee
                     and t.type <> all($6::smallint[])
                     -- A row is born on the day on which its money can be spent, or some days before.
                     and t.seq >= first_seq_at($1, (w.after - ${ROW_WAITS_DAYS_MAX})::bigint * ${SECONDS_PER_DAY})
                     and t.seq < first.seqs[w.through - $7::integer + 1]) r
             where r.day > w.after and r.day <= w.through
             group by r.day) c
           order by w.n, c.day`,
    values: [
      book,
      integers(wanted.map(({ account }) => account)),
      `{${wanted.map(({ currency }) => currency).join(',')}}`,
      integers(wanted.map(({ span }) => span.after)),
      integers(wanted.map(({ span }) => span.through)),
      integers(returningTypeNos),
      Math.min(...wanted.map(({ span }) => span.after)),
      Math.max(...wanted.map(({ span }) => span.through)),
    ],
  });
  const found: Maturing[][] = wanted.map(() => []);
  for (const { n, day, amount } of rows) found[n - 1]?.push({ day, amount: minor(Number(amount)) });
  return found;
}
