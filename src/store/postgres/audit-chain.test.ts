import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ChainedOperation, chain } from '../../ledger/chain.ts';
import { ChainedBytes, column } from './audit-chain.ts';
import { BinaryRow, BinaryRows } from './binary-rows.ts';

const text = fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\u0000', ''));
const optional = fc.option(text.filter((value) => value !== ''));
const integer = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer(),
  fc.constantFrom(0, 9, 10, 999_999_999, 1_000_000_000, -1_000_000_000),
);
const operation = fc.record({
  seq: integer,
  time: integer,
  command: text,
  account: integer,
  request: optional,
  key: optional,
  path: optional,
  fingerprint: fc.option(
    fc.uint8Array({ minLength: 1, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex')),
  ),
  legs: fc.array(integer),
  status: fc.integer({ min: 0, max: 599 }),
  body: optional,
  changes: text,
});

test('the hash that is calculated from bytes is the one that was written', () => {
  const rows = new BinaryRows();
  const row = new BinaryRow();
  const chained = new ChainedBytes();
  const write = (value: string | null, encoding: BufferEncoding = 'utf8') =>
    value === null ? rows.null() : rows.text(Buffer.from(value, encoding));
  fc.assert(
    fc.property(operation, fc.constantFrom('', 'ab'.repeat(32)), ({ legs, ...values }, before) => {
      rows.clear();
      rows.begin(Object.keys(column).length);
      rows.bigint(values.seq);
      rows.bigint(values.time);
      write(values.command);
      rows.bigint(values.account);
      write(values.request);
      write(values.key);
      write(values.path);
      write(values.fingerprint, 'hex');
      rows.null();
      rows.smallint(values.status);
      write(values.body);
      write(values.changes);
      rows.null();
      rows.null();
      rows.end();
      row.read(rows.bytes, 0);
      const said: ChainedOperation = { ...values, legs: legs.join() };
      expect(chained.hash(before, row, legs)).toBe(chain(before, said));
    }),
    { numRuns: 500 },
  );
});
