import { describe, expect, test } from 'vitest';
import { minor } from '../../kernel/money.ts';
import { startOfDay } from '../../kernel/time.ts';
import type { When } from '../../ledger/chart.ts';
import { line } from '../../ledger/statement.ts';
import type { CausedLine } from '../../store/reader.ts';
import { pendingSum, type Step, settledAt, unfold } from './chain.ts';

const row = (seq: number, day: number, net: number, on: When): CausedLine => ({
  line: line({ id: `txn_${seq}`, account: 'acct_1', currency: 'usd', type: 'charge', amount: minor(net), on }),
  operation: {
    seq,
    time: startOfDay(day) + 3600,
    command: 'charges.create',
    account: 'acct_1',
    request: 'req_1',
    idempotency_key: null,
    put: [],
    lines: [],
  },
});
const nothing = { available: 0, maturing: [] };

/** `charge 100: 0 + 100`, `day 12 +100: 100 + 0` */
const told = (steps: readonly Step[]) =>
  steps.map((step) => {
    const after = `${step.after.available} + ${pendingSum(step.after)}`;
    if (step.kind === 'settled') return `day ${step.day} ${step.amount}: ${after}`;
    return `${step.row.line.amount} on ${step.row.line.on}: ${after}`;
  });

const table: [string, readonly CausedLine[], number, readonly string[]][] = [
  ['nothing happened', [], 20, []],
  ['spendable at once', [row(1, 10, 100, 'now')], 10, ['100 on now: 100 + 0']],
  ['waits, and its day has not come', [row(1, 10, 100, 12)], 11, ['100 on 12: 0 + 100']],
  ['settles at the end', [row(1, 10, 100, 12)], 12, ['100 on 12: 0 + 100', 'day 12 100: 100 + 0']],
  [
    'settles before what happens on that day',
    [row(1, 10, 100, 12), row(2, 12, -30, 'now')],
    12,
    ['100 on 12: 0 + 100', 'day 12 100: 100 + 0', '-30 on now: 70 + 0'],
  ],
  [
    'several rows of a day settle together, several days one after the other',
    [row(1, 10, 100, 12), row(2, 10, 50, 12), row(3, 11, 7, 13)],
    13,
    ['100 on 12: 0 + 100', '50 on 12: 0 + 150', '7 on 13: 0 + 157', 'day 12 150: 150 + 7', 'day 13 7: 157 + 0'],
  ],
  [
    'a day that sums to nothing does not settle',
    [row(1, 10, 100, 12), row(2, 10, -100, 12)],
    12,
    ['100 on 12: 0 + 100', '-100 on 12: 0 + 0'],
  ],
  [
    'a day whose net is negative lowers what is available',
    [row(1, 10, 20, 'now'), row(2, 10, -100, 12)],
    12,
    ['20 on now: 20 + 0', '-100 on 12: 20 + -100', 'day 12 -100: -80 + 0'],
  ],
];

describe('I2, M46 the chain of causes', () => {
  for (const [what, rows, settledThrough, steps] of table) {
    test(what, () => {
      const unfolded = unfold(nothing, rows, { settledThrough });
      expect(told(unfolded.steps)).toEqual(steps);
      const net = rows.reduce((sum, { line }) => sum + line.amount - line.fee, 0);
      expect(unfolded.closing.available + pendingSum(unfolded.closing)).toBe(net);
    });
  }

  test('goes on from what was brought forward', () => {
    const opening = { available: 5, maturing: [{ day: 12, amount: minor(100) }] };
    const { steps, closing } = unfold(opening, [row(9, 12, 1, 'now')], { settledThrough: 12 });
    expect(told(steps)).toEqual(['day 12 100: 105 + 0', '1 on now: 106 + 0']);
    expect(closing).toEqual({ available: 106, maturing: [] });
  });

  test('a book that has not settled yet is told as it is', () => {
    expect(settledAt(startOfDay(12) + 5, { settledThrough: 11 })).toBe(11);
    expect(settledAt(startOfDay(12) + 5, { settledThrough: 19 })).toBe(12);
  });
});
