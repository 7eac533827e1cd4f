import { describe, expect, test } from 'vitest';
import { testAccount } from '../../engine/testing.ts';
import { minor } from '../../kernel/money.ts';
import type { Balance } from '../../ledger/balance.ts';
import { settle } from './rules.ts';

const seller = testAccount(1);
const day = 20_000;

type Days = readonly (readonly [day: number, amount: number])[];
const balance = (available: number, waiting: Days): Balance => ({
  available: minor(available),
  maturing: waiting.map(([on, amount]) => ({ day: on, amount: minor(amount) })),
  reserved: minor(0),
});

describe('M46', () => {
  const table: readonly (readonly [string, number, Days, { net: number; available: number; left: Days }])[] = [
    ['what waits for the day', 100, [[day, 970]], { net: 970, available: 1070, left: [] }],
    [
      'not what waits for a later one',
      0,
      [
        [day, 5],
        [day + 1, 7],
      ],
      { net: 5, available: 5, left: [[day + 1, 7]] },
    ],
    [
      'days before it, too',
      0,
      [
        [day - 3, 1],
        [day, 2],
      ],
      { net: 3, available: 3, left: [] },
    ],
    ['a negative day lowers what is available', 50, [[day, -80]], { net: -80, available: -30, left: [] }],
    [
      'days of either sign',
      0,
      [
        [day - 1, -30],
        [day, 100],
      ],
      { net: 70, available: 70, left: [] },
    ],
    [
      'days that cancel out',
      9,
      [
        [day - 1, -30],
        [day, 30],
      ],
      { net: 0, available: 9, left: [] },
    ],
    ['nothing', 9, [], { net: 0, available: 9, left: [] }],
  ];

  test.each(table)('settles %s', (_, available, waiting, expected) => {
    const { net, after, moves } = settle(seller, 'usd', balance(available, waiting), day);
    expect(net).toBe(expected.net);
    expect(after).toEqual(balance(expected.available, expected.left));
    // Every day by a move of its own: pending money has a day in the ledger.
    expect(moves).toHaveLength(waiting.length - expected.left.length);
  });

  test('a negative day goes back from available to pending', () => {
    expect(settle(seller, 'usd', balance(0, [[day, -80]]), day).moves).toEqual([
      {
        amount: 80,
        from: { bucket: 'available', owner: seller, currency: 'usd' },
        to: { bucket: 'pending', owner: seller, currency: 'usd', day },
      },
    ]);
  });
});
