import type pg from 'pg';
import { keyDays } from '../idempotency.ts';
import { type Batch, KeyKnown, type ObjectRow } from '../store.ts';
import { integers } from './sql.ts';

/** How many parts the idempotency keys take turns in (schema 0002). */
export const keySlots = 4;

/** Values that need no quotes inside an array literal: currencies, hashes, job names. */
const words = (values: readonly string[]): string => `{${values.join(',')}}`;
/** Between texts on their way to the database: a character that JSON, ids and header values never hold as it is. */
const separator = '\u001f';
const lines = (values: readonly (string | null)[]): string => values.map((v) => v ?? '').join(separator);

/**
 * The stored spelling of a value that lists filter by: tabs and unit separators stand between values on their way to the
 * database, and NUL cannot be stored, so they are written as escapes.
 */
export const refText = (value: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones in the way
  /[\\\t\u0000\u001f]/.test(value) ? JSON.stringify(value).slice(1, -1) : value;

const refsOf = ({ refs }: ObjectRow): string => refs.map((ref) => (ref === null ? '' : refText(ref))).join('\t');

interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

/**
 * Has the one statement sent that writes a batch.
 *
 * @throws KeyKnown, and whatever the database says
 */
export async function writeBatch(batch: Batch, send: (statement: Statement) => Promise<pg.QueryResult>): Promise<void> {
  const { rowCount } = await send(batchStatement(batch));
  if (rowCount === 0) throw new KeyKnown(`a key of a batch of book ${batch.book} is known`);
}

let text = '';
/** As above, if no key is known. Keys that another process writes after they were asked for are behind the fence. */
let newText = '';

/** Arrays are spelled here, not by the driver: it quotes each element on its own. */
function batchStatement(batch: Batch): Statement {
  const { operations, balances, schedule, unschedule, after } = batch;
  const last = operations[operations.length - 1];
  const keyed = operations.filter((operation) => operation.key !== null);
  const created: [number, ObjectRow][] = [];
  const changed: [number, ObjectRow][] = [];
  for (const operation of operations) {
    for (const row of operation.objects) (row.isNew ? created : changed).push([operation.seq, row]);
  }
  // Two operations of a batch may change the same object: the later version stands.
  const latest = new Map(changed.map((entry) => [`${entry[1].birth.seq}.${entry[1].birth.pos}`, entry]));
  const changes = [...latest.values()];
  const rows = operations.flatMap((operation) => operation.lines.map((row) => ({ seq: operation.seq, ...row })));
  const waiting = balances.flatMap(({ account, currency, balance, days }) =>
    days.map((day) => ({
      account,
      currency,
      day,
      amount: balance.maturing.find((entry) => entry.day === day)?.amount ?? 0,
    })),
  );
  const concerned = operations.flatMap(({ seq, accounts }) =>
    [...accounts].map(([account, events]) => ({ account, seq, events })),
  );
  const values = [
    batch.book,
    batch.from,
    Buffer.from(batch.fromHash, 'hex'),
    last?.seq ?? batch.from,
    batch.id,
    Buffer.from(after.hash, 'hex'),
    after.lastTime,
    after.settledThrough,
    after.frozenTime,
    after.advanceTo,
    batch.nextDue,
    integers(operations.map((o) => o.seq)),
    integers(operations.map((o) => o.time)),
    lines(operations.map((o) => o.command)),
    integers(operations.map((o) => o.account)),
    lines(operations.map((o) => o.request)),
    lines(operations.map((o) => o.key?.key ?? null)),
    lines(operations.map((o) => o.path)),
    lines(operations.map((o) => o.fingerprint)),
    operations.map((o) => `{${o.legs.join(',')}}`).join(separator),
    lines(operations.map((o) => o.changes)),
    integers(operations.map((o) => o.status)),
    lines(operations.map((o) => o.body)),
    lines(operations.map((o) => o.hash)),
    batch.wallDay % keySlots,
    batch.wallDay,
    integers(keyed.map((o) => o.account)),
    words(keyed.map((o) => o.key?.hash ?? '')),
    integers(keyed.map((o) => o.seq)),
    integers(created.map(([, row]) => row.birth.seq)),
    integers(created.map(([, row]) => row.birth.pos)),
    integers(created.map(([, row]) => row.account)),
    integers(created.map(([, row]) => row.kind)),
    created.map(([, row]) => refsOf(row)).join(separator),
    integers(changes.map(([, row]) => row.birth.seq)),
    integers(changes.map(([, row]) => row.birth.pos)),
    integers(changes.map(([seq]) => seq)),
    changes.map(([, row]) => refsOf(row)).join(separator),
    integers(rows.map((r) => r.account)),
    integers(rows.map((r) => r.seq)),
    integers(rows.map((r) => r.pos)),
    integers(rows.map((r) => r.type)),
    words(rows.map((r) => r.currency)),
    integers(rows.map((r) => r.amount)),
    integers(rows.map((r) => r.fee)),
    integers(rows.map((r) => r.day)),
    integers(rows.map((r) => r.source?.seq ?? null)),
    integers(rows.map((r) => r.source?.pos ?? null)),
    integers(balances.map((b) => b.account)),
    words(balances.map((b) => b.currency)),
    integers(balances.map((b) => b.balance.available)),
    integers(balances.map((b) => b.balance.reserved)),
    integers(waiting.map((w) => w.account)),
    words(waiting.map((w) => w.currency)),
    integers(waiting.map((w) => w.day)),
    integers(waiting.map((w) => w.amount)),
    integers(concerned.map((c) => c.account)),
    integers(concerned.map((c) => c.seq)),
    concerned.map((c) => `{${c.events.join(',')}}`).join(separator),
    integers(schedule.map((d) => d.at)),
    integers(schedule.map((d) => d.order)),
    words(schedule.map((d) => d.job)),
    words(schedule.map((d) => d.subject)),
    integers(unschedule.map((d) => d.at)),
    integers(unschedule.map((d) => d.order)),
    words(unschedule.map((d) => d.job)),
    words(unschedule.map((d) => d.subject)),
  ];
  text ||= `select write_batch(${values.map((_, i) => `$${i + 1}`).join(',')})`;
  if (batch.newKeys.length === 0) return { name: 'write_batch', text, values };
  const next = values.length + 1;
  newText ||= `${text} where not exists (
    select from unnest($${next}::bigint[], $${next + 1}::uuid[]) as k(account, key_hash)
    cross join lateral (
      select from idempotency_keys
      where slot = any('{0,1,2,3}') and book = $1 and account = k.account and key_hash = k.key_hash and day >= $${next + 2}
      limit 1) known)`;
  values.push(
    integers(batch.newKeys.map((k) => k.account)),
    words(batch.newKeys.map((k) => k.keyHash)),
    batch.wallDay - keyDays,
  );
  return { name: 'write_new_batch', text: newText, values };
}
