import { expect, test } from 'vitest';
import { minor } from '../../kernel/money.ts';
import { line } from '../../ledger/statement.ts';
import type { CausedLine } from '../../store/reader.ts';
import { causeWire, operationWire } from './cause.ts';
import { linksOf } from './links.ts';

const object = (id: string, more: object) => ({ id, account: 'acct_1', created: 1, ...more });

test('links lead from a refund to its charge, and only where there is something', () => {
  expect(linksOf(object('re_1', { charge: 'ch_1' }))).toEqual([{ relation: 'charge', id: 'ch_1' }]);
  expect(linksOf(object('ch_1', { transfer_data: { destination: 'acct_2' }, transfer: 'tr_1' }))).toEqual([
    { relation: 'destination', id: 'acct_2' },
    { relation: 'transfer', id: 'tr_1' },
  ]);
  expect(linksOf(object('adj_1', {}))).toEqual([]);
});

const operation = {
  seq: 7,
  time: 100,
  command: 'refunds.create',
  account: 'acct_1',
  request: 'req_1',
  idempotency_key: 'key',
};

test('M12 a reversal’s row has the transfer as its source, and names the reversal and the refund behind it', () => {
  const row: CausedLine = {
    line: line({
      id: 'txn_1',
      account: 'acct_1',
      currency: 'usd',
      type: 'transfer_refund',
      amount: minor(50),
      on: 'now',
      source: 'tr_1',
    }),
    operation: {
      ...operation,
      put: [
        object('tr_1', { destination: 'acct_2' }),
        object('trr_1', { transfer: 'tr_1', source_refund: 're_1', balance_transaction: 'txn_1' }),
      ],
      lines: [],
    },
  };
  expect(causeWire(row)).toEqual({
    links: [
      { relation: 'destination', id: 'acct_2' },
      { relation: 'because_of', id: 'trr_1' },
      { relation: 'refund', id: 're_1' },
    ],
    stands_for: null,
  });
  expect(operationWire(row.operation)).toMatchObject({ number: 7, request: 'req_1', scheduled: false });
});

test('R131, R211 a hold names the account it stands for, and that account’s rows of the same operation', () => {
  const rows = ['acct_2', 'acct_3'].map((account, i) =>
    line({ id: `txn_${i + 2}`, account, currency: 'usd', type: 'payment_refund', amount: minor(-50), on: 'now' }),
  );
  const row: CausedLine = {
    line: line({
      id: 'txn_1',
      account: 'acct_1',
      currency: 'usd',
      type: 'reserve_transaction',
      amount: minor(-50),
      on: 'now',
      source: 'rtx_1',
    }),
    operation: { ...operation, request: null, put: [object('rtx_1', { standsFor: 'acct_2' })], lines: rows },
  };
  expect(causeWire(row)).toEqual({
    links: [{ relation: 'stands_for', id: 'acct_2' }],
    stands_for: {
      account: 'acct_2',
      transactions: [{ id: 'txn_2', amount: -50, net: -50, source: null, type: 'payment_refund' }],
    },
  });
  expect(operationWire(row.operation)).toMatchObject({ request: null, scheduled: true });
});
