import type pg from 'pg';
import { balanceTransactionTypeNo } from '../../data/balance-transaction-types.ts';
import { type Birth, birthOf, mint } from '../../kernel/id.ts';
import { type ChainedOperation, chain } from '../../ledger/chain.ts';
import { accountId, accountNo, readLedgerNo } from '../../ledger/chart.ts';
import type { Line } from '../../ledger/statement.ts';
import type { AuditReport, Finding } from '../audit.ts';
import type { Changes } from '../store.ts';
import { type Database, newClient } from './connection.ts';
import { readChanges } from './journal.ts';

/**
 * Proves a database from its tables alone: nothing here asks the engine, and nothing is believed that can be counted.
 *
 * The journal is read once, in order: numbers without a gap, time that never goes back, the chain of hashes, legs that sum
 * to zero, rows that explain them. What it adds up to is then compared with every projection, both ways. All in one
 * snapshot, so a book may be written to meanwhile.
 */

const pageOfOperations = 2_000;
const findingsMax = 200;

interface OperationRow extends ChainedOperation {
  hash: string;
}

type Report = (promise: string, row: string, says: string) => void;

export async function audit(database: Database): Promise<AuditReport> {
  const client = newClient(database, { query_timeout: 0 });
  client.on('error', () => {});
  await client.connect();
  const findings: Finding[] = [];
  let truncated = false;
  let operations = 0;
  let postings = 0;
  try {
    await client.query('begin transaction isolation level repeatable read read only');
    const { rows: books } = await client.query<{ book: number }>('select book from books order by book');
    for (const { book } of books) {
      const report: Report = (promise, row, says) => {
        if (findings.length < findingsMax) findings.push({ promise, book, row, says });
        else truncated = true;
      };
      const journal = await readJournal(client, book, report);
      operations += journal.operations;
      postings += journal.postings;
      await compareProjections(client, book, journal, report);
      await compareInTables(client, book, report);
    }
    await client.query('commit');
    return { books: books.length, operations, postings, findings, truncated };
  } finally {
    await client.end();
  }
}

/** What the journal adds up to. */
interface Journal {
  operations: number;
  postings: number;
  settledThrough: number;
  /** `account currency` → what its buckets hold. */
  readonly buckets: Map<string, { available: number; pending: number; reserved: number }>;
  /** `account currency day` → what waits. */
  readonly waiting: Map<string, number>;
}

async function readJournal(client: pg.Client, book: number, report: Report): Promise<Journal> {
  const { rows: heads } = await client.query<{
    version: number;
    hash: string;
    last_time: number;
    settled_through: number;
  }>(`select version, encode(hash, 'hex') as hash, last_time, settled_through from books where book = $1`, [book]);
  const head = heads[0] as (typeof heads)[number];
  const journal: Journal = {
    operations: 0,
    postings: 0,
    settledThrough: head.settled_through,
    buckets: new Map(),
    waiting: new Map(),
  };
  let seq = 0;
  let time = 0;
  let hash = '';
  for (;;) {
    const { rows } = await client.query<OperationRow>({
      name: 'audit_operations',
      text: `select seq, time, command, account, request, key, path, encode(fingerprint, 'hex') as fingerprint,
                    array_to_string(legs, ',') as legs, changes, status, body, encode(hash, 'hex') as hash
             from operations where book = $1 and seq > $2 order by seq limit ${pageOfOperations}`,
      values: [book, seq],
    });
    for (const row of rows) {
      const at = `operation ${row.seq} (${row.command})`;
      if (row.seq !== seq + 1) report('journal', at, `follows operation ${seq}`);
      if (row.time < time) report('journal', at, `its time ${row.time} is before ${time}`);
      seq = row.seq;
      time = row.time;
      const chained = chain(hash, row);
      if (chained !== row.hash) report('journal', at, 'its hash does not match what it says and what came before');
      hash = row.hash;
      readOperation(book, row, at, journal, report);
    }
    journal.operations += rows.length;
    if (rows.length < pageOfOperations) break;
  }
  if (seq !== head.version)
    report('journal', `book ${book}`, `its version is ${head.version}, its last operation ${seq}`);
  if (hash !== head.hash) report('journal', `book ${book}`, 'its hash is not that of its last operation');
  return journal;
}

function readOperation(book: number, row: OperationRow, at: string, journal: Journal, report: Report): void {
  const legs = row.legs === '' ? [] : row.legs.split(',').map(Number);
  journal.postings += legs.length / 2;
  const currencies = new Map<string, number>();
  const unexplained = new Map<string, number>();
  for (let i = 0; i < legs.length; i += 2) {
    const { ownerNo, currency, bucket } = readLedgerNo(legs[i] as number);
    const amount = legs[i + 1] as number;
    currencies.set(currency, (currencies.get(currency) ?? 0) + amount);
    if (ownerNo === 0) continue;
    const key = `${ownerNo} ${currency}`;
    const held = journal.buckets.get(key) ?? { available: 0, pending: 0, reserved: 0 };
    held[bucket as 'available' | 'pending' | 'reserved'] += amount;
    journal.buckets.set(key, held);
    if (bucket !== 'reserved') unexplained.set(key, (unexplained.get(key) ?? 0) + amount);
    else if (ownerNo !== 1) {
      const platform = journal.buckets.get(`1 ${currency}`) ?? { available: 0, pending: 0, reserved: 0 };
      platform.reserved += amount;
      journal.buckets.set(`1 ${currency}`, platform);
    }
  }
  for (const [currency, sum] of currencies) {
    if (sum !== 0) report('I5', at, `its legs in ${currency} sum to ${sum}`);
  }
  for (const line of readChanges(row.changes).lines ?? []) {
    const details = line.fee_details?.reduce((sum, detail) => sum + detail.amount, 0) ?? 0;
    if (details !== line.fee) report('I3', line.id, `its fee is ${line.fee}, its details sum to ${details}`);
    const key = `${accountNo(line.account, book)} ${line.currency}`;
    unexplained.set(key, (unexplained.get(key) ?? 0) - (line.amount - line.fee));
    if (line.on !== 'now' && line.on > journal.settledThrough) {
      const waits = `${key} ${line.on}`;
      journal.waiting.set(waits, (journal.waiting.get(waits) ?? 0) + line.amount - line.fee);
    }
  }
  for (const [key, sum] of unexplained) {
    if (sum !== 0) report('I1', at, `moved ${sum} of ${owner(book, key)} without a row`);
  }
}

const owner = (book: number, key: string): string => {
  const [account, ...rest] = key.split(' ');
  return [accountId(Number(account), book), ...rest].join(' ');
};

/** The journal against balances and what waits, both ways; then every operation against its rows in the projections. */
async function compareProjections(client: pg.Client, book: number, journal: Journal, report: Report): Promise<void> {
  const { rows: balances } = await client.query<{
    account: number;
    currency: string;
    available: number;
    reserved: number;
  }>('select account, currency, available, reserved from balances where book = $1', [book]);
  const { rows: waiting } = await client.query<{ account: number; currency: string; day: number; amount: number }>(
    'select account, currency, day, amount from maturing where book = $1',
    [book],
  );
  const pendingOf = new Map<string, number>();
  const expected = new Map([...journal.waiting].filter(([, amount]) => amount !== 0));
  for (const { account, currency, day, amount } of waiting) {
    const key = `${account} ${currency}`;
    pendingOf.set(key, (pendingOf.get(key) ?? 0) + amount);
    const says = expected.get(`${key} ${day}`) ?? 0;
    expected.delete(`${key} ${day}`);
    if (says !== amount)
      report('I2', `maturing ${owner(book, key)} day ${day}`, `waits ${amount}, its rows sum to ${says}`);
  }
  for (const [key, amount] of expected)
    report('I2', `maturing ${owner(book, key)}`, `is missing, its rows sum to ${amount}`);
  const seen = new Set<string>();
  for (const { account, currency, available, reserved } of balances) {
    const key = `${account} ${currency}`;
    seen.add(key);
    const held = journal.buckets.get(key) ?? { available: 0, pending: 0, reserved: 0 };
    const at = `balance ${owner(book, key)}`;
    if (held.available !== available)
      report('balance', at, `says ${available} available, its postings sum to ${held.available}`);
    if (held.reserved !== reserved) report('I4', at, `says ${reserved} reserved, its postings sum to ${held.reserved}`);
    const pending = pendingOf.get(key) ?? 0;
    if (held.pending !== pending) report('balance', at, `says ${pending} pending, its postings sum to ${held.pending}`);
  }
  for (const key of journal.buckets.keys()) {
    if (!seen.has(key)) report('balance', `balance ${owner(book, key)}`, 'is missing');
  }
  await compareRows(client, book, report);
}

interface Projected {
  objects: Map<string, { changed: number; account: number }>;
}

/** Objects and balance transactions against the operations that made them, in pages of operations. */
async function compareRows(client: pg.Client, book: number, report: Report): Promise<void> {
  const projected: Projected = { objects: new Map() };
  let from = 0;
  let lines = 0;
  for (;;) {
    const { rows } = await client.query<{ seq: number; changes: string }>({
      name: 'audit_changes',
      text: `select seq, changes from operations where book = $1 and seq > $2 order by seq limit ${pageOfOperations}`,
      values: [book, from],
    });
    const last = rows[rows.length - 1];
    if (last === undefined) break;
    const expected = new Map<string, Line>();
    for (const { seq, changes } of rows) {
      const { put = [], lines: made = [] } = readChanges(changes);
      for (const object of put) {
        const birth = birthOf(object.id, book);
        if (birth === null) report('objects', object.id, 'is no id of this book');
        else projected.objects.set(place(birth), { changed: seq, account: accountNo(object.account, book) });
      }
      for (const line of made) expected.set(line.id, line);
    }
    lines += await compareLines(client, book, { after: from, through: last.seq }, expected, report);
    await compareNews(client, book, { after: from, through: last.seq }, rows, report);
    from = last.seq;
  }
  const { rows: total } = await client.query('select count(*) as n from balance_transactions where book = $1', [book]);
  if (total[0].n !== lines)
    report('rows', `book ${book}`, `has ${total[0].n} balance transactions, its journal ${lines}`);
  await compareObjects(client, book, projected, report);
}

const place = ({ seq, pos }: Birth): string => `${seq}.${pos}`;

async function compareLines(
  client: pg.Client,
  book: number,
  { after, through }: { after: number; through: number },
  expected: Map<string, Line>,
  report: Report,
): Promise<number> {
  const { rows } = await client.query<{
    account: number;
    seq: number;
    pos: number;
    type: number;
    currency: string;
    amount: number;
    fee: number;
    day: number | null;
    source_seq: number | null;
    source_pos: number | null;
  }>({
    name: 'audit_lines',
    text: `select account, seq, pos, type, currency, amount, fee, day, source_seq, source_pos from balance_transactions
           where book = $1 and seq > $2 and seq <= $3 and account in (
             select distinct account from account_operations where book = $1 and seq > $2 and seq <= $3)`,
    values: [book, after, through],
  });
  for (const row of rows) {
    const id = mint('txn', book, row);
    const line = expected.get(id);
    expected.delete(id);
    if (line === undefined) {
      report('rows', id, 'stands in no operation');
      continue;
    }
    const source = line.source === undefined ? null : birthOf(line.source, book);
    const same =
      accountNo(line.account, book) === row.account &&
      line.currency === row.currency &&
      balanceTransactionTypeNo(line.type) === row.type &&
      line.amount === row.amount &&
      line.fee === row.fee &&
      (line.on === 'now' ? null : line.on) === row.day &&
      (source?.seq ?? null) === row.source_seq &&
      (source?.pos ?? null) === row.source_pos;
    if (!same) report('I7', id, `is ${JSON.stringify(row)}, was written as ${JSON.stringify(line)}`);
  }
  for (const [id, line] of expected) report('rows', id, `is missing: ${JSON.stringify(line)}`);
  return rows.length + expected.size;
}

/** Which operation concerns which account, and with what news, against what the operations say. */
async function compareNews(
  client: pg.Client,
  book: number,
  { after, through }: { after: number; through: number },
  operations: readonly { readonly seq: number; readonly changes: string }[],
  report: Report,
): Promise<void> {
  const expected = new Map<string, string>();
  for (const { seq, changes } of operations) {
    for (const [account, types] of newsOf(readChanges(changes), book)) expected.set(`${account} ${seq}`, types.join());
  }
  const { rows } = await client.query<{ account: number; seq: number; events: string }>({
    name: 'audit_news',
    text: `select account, seq, array_to_string(events, ',') as events from account_operations
           where book = $1 and seq > $2 and seq <= $3`,
    values: [book, after, through],
  });
  for (const { account, seq, events } of rows) {
    const says = expected.get(`${account} ${seq}`);
    expected.delete(`${account} ${seq}`);
    const at = `operation ${seq} of ${accountId(account, book)}`;
    if (says !== events)
      report('news', at, `is listed with events ${events || 'none'}, it has ${says ?? 'nothing to do with it'}`);
  }
  for (const at of expected.keys())
    report('news', `operation ${at.split(' ')[1]}`, 'is missing in the list of an account');
}

/** The accounts that an operation concerns, with the types of the events that each got from it, in order. */
function newsOf({ put = [], lines = [], emit = [] }: Changes, book: number): ReadonlyMap<number, readonly number[]> {
  const news = new Map<number, number[]>();
  const of = (account: string): number[] => {
    const no = accountNo(account, book);
    const known = news.get(no) ?? [];
    news.set(no, known);
    return known;
  };
  for (const { account } of lines) of(account);
  for (const [type, about, third] of emit) {
    const account = typeof about === 'string' ? about : typeof third === 'string' ? third : put[about]?.account;
    if (account !== undefined) of(account).push(type);
  }
  return news;
}

async function compareObjects(client: pg.Client, book: number, { objects }: Projected, report: Report): Promise<void> {
  let from: Birth = { seq: 0, pos: -1 };
  for (;;) {
    const { rows } = await client.query<Birth & { changed: number; account: number }>({
      name: 'audit_objects',
      text: `select seq, pos, changed, account from objects where book = $1 and (seq, pos) > ($2::bigint, $3::integer)
             order by seq, pos limit 20000`,
      values: [book, from.seq, from.pos],
    });
    for (const row of rows) {
      const known = objects.get(place(row));
      objects.delete(place(row));
      const at = `object ${place(row)}`;
      if (known === undefined) report('objects', at, 'stands in no operation');
      else if (known.changed !== row.changed)
        report('objects', at, `points at operation ${row.changed}, its last is ${known.changed}`);
      else if (known.account !== row.account)
        report('objects', at, 'belongs to another account than its operation says');
      from = row;
    }
    if (rows.length === 0) break;
  }
  for (const at of objects.keys()) report('objects', `object ${at}`, 'is missing');
}

/** What is wrong with a book's tables, read by themselves; the quick part of an audit, run after every commit in tests. */
export async function checkTables(pool: pg.Pool, book: number): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  await compareInTables(pool, book, (promise, row, says) => findings.push({ promise, book, row, says }));
  return findings;
}

/** What the tables must say of each other, whatever the journal says. */
async function compareInTables(client: Pick<pg.Pool, 'query'>, book: number, report: Report): Promise<void> {
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
  await check(
    'idempotency',
    `select 'key of operation ' || k.seq as row, 'there is no such operation with a key' as says
     from idempotency_keys k left join operations o on o.book = $1 and o.seq = k.seq
     where k.book = $1 and o.key is null`,
  );
}
