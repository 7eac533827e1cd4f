import type pg from 'pg';
import { balanceTransactionTypeNo } from '../../data/balance-transaction-types.ts';
import type { Finding } from '../audit.ts';
import type { Report } from './audit-journal.ts';
import type { Questions } from './session.ts';

/** What is wrong with a book's tables, read by themselves; the quick part of an audit, run after every commit in tests. */
export async function checkTables(pool: pg.Pool, book: number): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  await compareInTables(pool, book, (promise, row, says) => findings.push({ promise, book, row, says }));
  return findings;
}

/** What the tables must say of each other, whatever the journal says. */
export async function compareInTables(client: Questions, book: number, report: Report): Promise<void> {
  // One look at the rows of statements, which are many, for all three.
  const { rows: differences } = await client.query<{ promise: string; row: string; says: string }>(
    `with rows as (
       select t.account, t.currency, sum(t.amount - t.fee) as net,
              sum(t.amount - t.fee) filter (where t.day > b.settled_through) as pending,
              sum(t.amount - t.fee) filter (where t.type = ${balanceTransactionTypeNo('reserve_transaction')}) as reserves
       from balance_transactions t join books b on b.book = $1
       where t.book = $1 group by t.account, t.currency),
     waiting as (select account, currency, sum(amount) as amount from maturing where book = $1 group by account, currency)
     select promise, 'account ' || account || ' ' || currency as row, says
     from rows r
     full join (select account, currency, available, reserved from balances where book = $1) b using (account, currency)
     full join waiting w using (account, currency)
     cross join lateral (values
       ('I1', coalesce(net, 0) <> coalesce(available + coalesce(amount, 0), 0),
        'rows sum to ' || coalesce(net, 0) || ', available and pending to ' || coalesce(available + coalesce(amount, 0), 0)),
       ('I2', coalesce(pending, 0) <> coalesce(amount, 0),
        'pending rows sum to ' || coalesce(pending, 0) || ', what waits to ' || coalesce(amount, 0)),
       ('I4', account = 1 and reserved <> coalesce(-reserves, 0),
        'holds ' || reserved || ' in reserve, its reserve rows sum to ' || coalesce(-reserves, 0))
     ) as broken (promise, is_so, says)
     where is_so
     order by promise, account, currency`,
    [book],
  );
  for (const { promise, row, says } of differences) report(promise, row, says);
  const { rows: unsettled } = await client.query<{ row: string; says: string }>(
    `select 'day ' || m.day as row, 'money waits for it, and nothing will settle it' as says
     from (select distinct day from maturing where book = $1) m
     where not exists (select 1 from schedule s where s.book = $1 and s.job = 'balance.settle' and s.subject = m.day::text
                       and s.at = m.day * 86400::bigint)`,
    [book],
  );
  for (const { row, says } of unsettled) report('schedule', row, says);
}

/**
 * Rows that stand beside the journal, against what it says of them or what seals them: answers that were kept, keys of the
 * API, messages, how far followers came.
 */
export async function compareBeside(client: Questions, book: number, report: Report): Promise<void> {
  const check = async (promise: string, sql: string) => {
    const { rows } = await client.query<{ row: string; says: string }>(sql, [book]);
    for (const { row, says } of rows) report(promise, row, says);
  };
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
