import { describe, expect, test } from 'vitest';
import { previousAttributes } from './difference.ts';

describe('previous_attributes', () => {
  const table: readonly (readonly [
    string,
    Record<string, unknown>,
    Record<string, unknown>,
    Record<string, unknown>,
  ])[] = [
    ['nothing changed', { a: 1, b: { c: [1] } }, { a: 1, b: { c: [1] } }, {}],
    ['a value', { amount_refunded: 0, paid: true }, { amount_refunded: 5, paid: true }, { amount_refunded: 0 }],
    ['null before', { transfer: null }, { transfer: 'tr_1' }, { transfer: null }],
    ['null after', { transfer: 'tr_1' }, { transfer: null }, { transfer: 'tr_1' }],
    ['within a hash only what changed', { m: { a: '1', b: '2' } }, { m: { a: '1', b: '3' } }, { m: { b: '2' } }],
    ['a new key was null', { m: {} }, { m: { order: '7' } }, { m: { order: null } }],
    ['a key that is gone', { m: { order: '7', x: '1' } }, { m: { x: '1' } }, { m: { order: '7' } }],
    ['lists are shown whole', { l: [1, { a: 1 }] }, { l: [1, { a: 2 }] }, { l: [1, { a: 1 }] }],
    ['a longer list', { l: [] }, { l: [1] }, { l: [] }],
    [
      'lists within a hash',
      { r: { data: [], total_count: 0 } },
      { r: { data: [1], total_count: 0 } },
      { r: { data: [] } },
    ],
    ['a hash that became null', { h: { a: 1 } }, { h: null }, { h: { a: 1 } }],
    ['a hash that was null', { h: null }, { h: { a: 1 } }, { h: null }],
    ['deep down', { a: { b: { c: 1, d: 2 } } }, { a: { b: { c: 9, d: 2 } } }, { a: { b: { c: 1 } } }],
  ];

  test.each(table)('%s', (_, before, after, expected) => {
    expect(previousAttributes(before, after)).toEqual(expected);
  });
});
