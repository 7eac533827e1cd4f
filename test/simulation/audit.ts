/** What must hold of a book whatever the model says: the promises I1 to I7, read from the store alone. */
import { createHash } from 'node:crypto';
import { birthOf, mint } from '../../src/kernel/id.ts';
import { readLedgerNo } from '../../src/ledger/chart.ts';
import type { MemoryBook, Written } from '../../src/store/memory.ts';
import type { Changes } from '../../src/store/store.ts';
import { newsDiffer } from './events.ts';

/** What is wrong, or null. */
export function audit(book: MemoryBook): string | null {
  const { book: no } = book.row;
  const sums = new Map<string, { available: number; pending: number; reserved: number; rows: number; waits: number }>();
  const at = (account: number, currency: string) => {
    const key = `${account} ${currency}`;
    const known = sums.get(key) ?? { available: 0, pending: 0, reserved: 0, rows: 0, waits: 0 };
    sums.set(key, known);
    return known;
  };
  const newest = new Map<string, number>();
  const before = new Map<string, unknown>();
  let hash = '';
  let time = 0;
  for (const operation of book.operations) {
    const { seq } = operation;
    hash = chained(hash, operation);
    if (hash !== operation.hash) return `operation ${seq}: its hash does not follow from the one before`;
    if (operation.time < time) return `operation ${seq}: time runs back`;
    time = operation.time;
    const changes = JSON.parse(operation.changes) as Changes;
    const currencies = new Map<string, number>();
    for (let i = 0; i < operation.legs.length; i += 2) {
      const { ownerNo, currency, bucket } = readLedgerNo(operation.legs[i] as number);
      const amount = operation.legs[i + 1] as number;
      currencies.set(currency, (currencies.get(currency) ?? 0) + amount);
      if (ownerNo === 0) continue;
      at(ownerNo, currency)[bucket as 'available' | 'pending' | 'reserved'] += amount;
      if (bucket === 'reserved') at(1, currency).reserved += amount;
    }
    for (const [currency, sum] of currencies) if (sum !== 0) return `I5: operation ${seq} sums to ${sum} ${currency}`;
    for (const line of changes.lines ?? []) {
      const fees = (line.fee_details ?? []).reduce((sum, detail) => sum + detail.amount, 0);
      if (fees !== line.fee) return `I3: the fee of ${line.id} is ${line.fee}, its details sum to ${fees}`;
      const place = at(birthOf(line.account, no)?.seq ?? 0, line.currency);
      place.rows += line.amount - line.fee;
      if (line.on !== 'now' && line.on > book.row.settledThrough) place.waits += line.amount - line.fee;
    }
    const wrong =
      versions(changes, seq, newest) ??
      events(changes, operation, no) ??
      newsDiffer(changes, operation.command, before);
    if (wrong !== null) return `operation ${seq} (${operation.command}): ${wrong}`;
  }
  if (hash !== book.row.hash) return 'the hash of the book is not that of its last operation';
  for (const [key, sum] of sums) {
    const balance = book.balances.get(key);
    const pending = balance?.maturing.reduce((total, entry) => total + entry.amount, 0) ?? 0;
    if (balance?.available !== sum.available) return `${key} says ${balance?.available}, postings ${sum.available}`;
    if (pending !== sum.pending) return `${key} waits ${pending}, its postings say ${sum.pending}`;
    if (sum.rows !== sum.available + sum.pending)
      return `I1: ${key} has ${sum.available + sum.pending}, rows ${sum.rows}`;
    if (sum.waits !== sum.pending) return `I2: ${key} waits ${sum.pending}, its pending rows sum to ${sum.waits}`;
    if (balance?.reserved !== sum.reserved) return `I4: ${key} holds ${balance?.reserved}, postings ${sum.reserved}`;
  }
  return objects(book, newest) ?? scheduled(book);
}

const chained = (before: string, written: Written): string => {
  const { seq, time, command, account, request, key, path, fingerprint, legs, status, body, changes } = written;
  const keyed = [request, key?.key, path, fingerprint].map((text) => text ?? '').join('\n');
  return createHash('sha256')
    .update(`${before}\n${seq}\n${time}\n${command}\n${account}\n${keyed}\n${legs.join()}\n${status}\n${body ?? ''}\n`)
    .update(changes)
    .digest('hex');
};

/** Each version names the one before it. */
function versions({ put = [], was = [] }: Changes, seq: number, newest: Map<string, number>): string | null {
  for (const [i, object] of put.entries()) {
    const before = newest.get(object.id) ?? 0;
    if (before !== was[i]) return `${object.id} was changed by ${before}, it says ${was[i]}`;
    newest.set(object.id, seq);
  }
  return null;
}

/** Every event tells of what the operation changed, and is on the list of the account whose news it is. */
function events({ put = [], emit = [] }: Changes, { accounts }: Written, book: number): string | null {
  const told = new Map<number, number[]>();
  for (const [type, about, third] of emit) {
    const account = typeof about === 'string' ? about : typeof third === 'string' ? third : put[about]?.account;
    const no = account === undefined ? undefined : birthOf(account, book)?.seq;
    if (no === undefined) return `an event ${type} tells of nothing`;
    told.set(no, [...(told.get(no) ?? []), type]);
  }
  const listed = [...accounts].filter(([, types]) => types.length > 0);
  const spell = (all: Iterable<readonly [number, readonly number[]]>) =>
    [...all]
      .map(([account, types]) => `${account}: ${types.join()}`)
      .sort()
      .join('; ');
  return spell(told) === spell(listed) ? null : `its events are ${spell(told)}, its accounts list ${spell(listed)}`;
}

function objects({ objects: known, row }: MemoryBook, newest: Map<string, number>): string | null {
  if (known.size !== newest.size) return `${known.size} objects are known, ${newest.size} were written`;
  const changed = new Map([...newest].map(([id, seq]) => [id.slice(id.lastIndexOf('_') + 1), seq]));
  for (const [place, { changed: seq }] of known) {
    const [birth, pos] = place.split('.').map(Number) as [number, number];
    const ending = mint('x', row.book, { seq: birth, pos }).slice(2);
    if (changed.get(ending) !== seq)
      return `object ${place} points at ${seq}, was last written by ${changed.get(ending)}`;
  }
  return null;
}

/** Whatever waits for a day, that day is going to be settled. */
function scheduled({ balances, schedule }: MemoryBook): string | null {
  const settled = new Set(schedule.filter(({ job }) => job === 'balance.settle').map(({ subject }) => Number(subject)));
  for (const [key, { maturing }] of balances) {
    for (const { day } of maturing) if (!settled.has(day)) return `${key} waits for day ${day}, which nothing settles`;
  }
  return null;
}
