import type pg from 'pg';
import { balanceTransactionTypeNo } from '../../data/balance-transaction-types.ts';
import { dayOf, systemClock } from '../../kernel/time.ts';
import type { Finding } from '../audit.ts';
import type { Report } from './audit-journal.ts';

/** What is wrong with a book's tables, read by themselves; the quick part of an audit, run after every commit in tests. */
export async function checkTables(pool: pg.Pool, book: number): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  await compareInTables(pool, book, (promise, row, says) => findings.push({ promise, book, row, says }));
  return findings;
}

/** What the tables must say of each other, whatever the journal says. */
export async function compareInTables(client: Pick<pg.Pool, 'query'>, book: number, report: Report): Promise<void> {
  const check = async (promise: string, sql: string) => {
    const { rows } = await client.query<{ row: string; says: string }>(sql, [book]);
    for (const { row, says } of rows) report(promise, row, says);
  };
  await check(
    'I1',
    `select 'account ' || account || ' ' || currency as row,
            'rows sum to ' || coalesce(net, 0) || ', available and pending to ' || coalesce(held, 0) as says
     from (select account, currency, sum(amount - fee) as net from balance_transactions where book = $1 group by 1, 2) t
     full join (
       select b.account, b.currency, b.available + coalesce(sum(m.amount), 0) as held
       from balances b left join maturing m on m.book = $1 and m.account = b.account and m.currency = b.currency
       where b.book = $1 group by b.account, b.currency, b.available) b using (account, currency)
     where coalesce(net, 0) <> coalesce(held, 0)`,
  );
  await check(
    'I2',
    `select 'account ' || account || ' ' || currency as row,
            'pending rows sum to ' || coalesce(net, 0) || ', what waits to ' || coalesce(held, 0) as says
     from (select t.account, t.currency, sum(t.amount - t.fee) as net from balance_transactions t join books b on b.book = $1
           where t.book = $1 and t.day > b.settled_through group by 1, 2) t
     full join (select account, currency, sum(amount) as held from maturing where book = $1 group by 1, 2) m
       using (account, currency)
     where coalesce(net, 0) <> coalesce(held, 0)`,
  );
  await check(
    'I4',
    `select 'account ' || b.account || ' ' || b.currency as row,
            'holds ' || b.reserved || ' in reserve, its reserve rows sum to ' || coalesce(-sum(t.amount - t.fee), 0) as says
     from balances b
     left join balance_transactions t on t.book = $1 and t.account = b.account and t.currency = b.currency
       and t.type = ${balanceTransactionTypeNo('reserve_transaction')}
     where b.book = $1 and b.account = 1
     group by b.account, b.currency, b.reserved having b.reserved <> coalesce(-sum(t.amount - t.fee), 0)`,
  );
  await check(
    'schedule',
    `select 'day ' || m.day as row, 'money waits for it, and nothing will settle it' as says
     from (select distinct day from maturing where book = $1) m
     where not exists (select 1 from schedule s where s.book = $1 and s.job = 'balance.settle' and s.subject = m.day::text
                       and s.at = m.day * 86400::bigint)`,
  );
}

/**
 * Rows that stand beside the journal, against what it says of them: keys of requests, both ways while they live, answers that
 * were kept, keys of the API, messages, how far followers came.
 *
 * @param hasDays whether all its operations tell the day of their key
 */
export async function compareBeside(
  client: Pick<pg.Pool, 'query'>,
  book: number,
  hasDays: boolean,
  report: Report,
): Promise<void> {
  const check = async (promise: string, sql: string, ...values: unknown[]) => {
    const { rows } = await client.query<{ row: string; says: string }>(sql, [book, ...values]);
    for (const { row, says } of rows) report(promise, row, says);
  };
  await check(
    'idempotency',
    `select 'key of operation ' || k.seq as row,
            case when o.key is null then 'there is no such operation with a key'
                 else 'its account, hash, day or part is not that of the operation' end as says
     from idempotency_keys k left join operations o on o.book = $1 and o.seq = k.seq
     where k.book = $1 and (o.key is null or k.account <> o.account or k.slot <> k.day % 4
       or k.day <> o.key_day or (o.key_day is null and $2) or k.key_hash <> left(encode(sha256(convert_to(o.key, 'UTF8')), 'hex'), 32)::uuid)`,
    hasDays,
  );
  // A key lives for its day and the two after. Then its part is emptied whole: while a part has anything as old, all must be
  // there. The last of the three days is left out, since servers' clocks may differ.
  await check(
    'idempotency',
    `with parts as (select slot, min(day) as oldest from idempotency_keys where book = $1 group by slot)
     select 'key of operation ' || o.seq as row, 'is missing' as says
     from operations o left join parts p on p.slot = o.key_day % 4
     where o.book = $1 and o.key_day is not null and (o.key_day >= $2 or o.key_day >= p.oldest)
       and not exists (select from idempotency_keys k where k.book = $1 and k.seq = o.seq)`,
    dayOf(systemClock()) - 1,
  );
  await check(
    'idempotency',
    `select 'operation ' || seq as row, 'its key and the day of its key do not go together' as says
     from operations where book = $1 and ((key is null and key_day is not null) or (key is not null and key_day is null and $2))`,
    hasDays,
  );
  await check(
    'answers',
    `select 'answer of operation ' || a.seq as row,
            case when o.key is null then 'there is no such operation with a key' else 'is not what was answered' end as says
     from expanded_answers a left join operations o on o.book = $1 and o.seq = a.seq
     where a.book = $1 and (o.key is null or a.hash <> answer_hash(a.book, a.seq, a.body))`,
  );
  await check(
    'keys',
    `select 'key ' || left(encode(key_hash, 'hex'), 24) as row, 'is not as it was made or revoked' as says
     from api_keys where book = $1 and seal <> key_seal(key_hash, book, kind, prefix, last4, created, revoked, name, grants)`,
  );
  await check(
    'messages',
    `select 'event ' || seq || '.' || pos as row, 'its message is not as it was written' as says
     from messages where book = $1 and seal <> message_seal(book, seq, pos, type, account, recipient, subject, body, created)`,
  );
  await check(
    'cursors',
    `select 'cursor of ' || c.who as row, 'stands at operation ' || c.seq || ', the last is ' || b.version as says
     from (select 'webhooks' as who, seq from webhook_cursors where book = $1
           union all select 'notifications', seq from notification_cursors where book = $1) c
     join books b on b.book = $1 where c.seq > b.version`,
  );
}
