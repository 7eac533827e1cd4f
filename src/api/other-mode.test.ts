import { describe, expect, test } from 'vitest';
import { mint } from '../kernel/id.ts';
import type { StoredObject } from '../kernel/kind.ts';
import { refuse } from '../kernel/refusal.ts';
import { idsOfOtherMode, inOtherMode } from './other-mode.ts';

const here = 7;
const other = 8;
const id = (book: number, seq: number, prefix = 'cus') => mint(prefix, book, { seq, pos: 0 });
const there = id(other, 5);

/** A platform whose other book has one customer; counts how often anything is looked up. */
function platform(otherBook: number | null = other) {
  let looks = 0;
  const parts = {
    otherBook: async () => {
      looks++;
      return otherBook;
    },
    store: {
      objects: async (_: number, births: readonly { seq: number }[]) => {
        looks++;
        return births.map(({ seq }) => (seq === 5 ? ({ id: there } as unknown as StoredObject) : null));
      },
    },
  };
  return {
    looks: () => looks,
    find: async (params: unknown) => [...(await idsOfOtherMode(params, { book: here }, parts))],
  };
}

describe('X6, X7: ids of the other mode', () => {
  const params: [string, unknown, readonly string[], number][] = [
    ['nothing is looked for without one', { customer: id(here, 5), amount: 5, name: 'cus_x' }, [], 0],
    ['it is found', { customer: there }, [there], 2],
    ['anywhere', { items: [{ price: 'x', parts: { customer: there } }] }, [there], 2],
    ['but in free keys', { metadata: { customer: there } }, [], 0],
    ['one that is not there', { customer: id(other, 6) }, [], 2],
    ['one of another kind', { customer: id(other, 5, 'ch') }, [], 2],
    ['one of another platform', { customer: id(9, 5) }, [], 1],
  ];
  test.each(params)('%s', async (_, asked, found, looks) => {
    const { find, looks: made } = platform();
    expect(await find(asked)).toEqual(found);
    expect(made()).toBe(looks);
  });

  test('of a platform with one mode', async () => {
    expect(await platform(null).find({ customer: there })).toEqual([]);
  });

  const missing = refuse('no_such', { object: 'customer', id: there, param: 'customer' });
  test('are named as such, and keep status and parameter', () => {
    const told = inOtherMode(missing, new Set([there]), { livemode: false });
    expect(told).toMatchObject({
      name: 'no_such_other_mode',
      status: 400,
      error: {
        code: 'resource_missing',
        param: 'customer',
        message: `No such customer: '${there}'; a similar object exists in live mode, but a test mode key was used to make this request.`,
      },
    });
    const inPath = refuse('no_such_payment_method_in_path', { id: there });
    expect(inOtherMode(inPath, new Set([there]), { livemode: true })).toMatchObject({
      name: 'no_such_other_mode_in_path',
      status: 404,
      error: { message: expect.stringMatching(/^No such PaymentMethod: .*exists in test mode, but a live mode key/) },
    });
  });

  test('nothing else is touched', () => {
    expect(inOtherMode(missing, new Set([id(other, 6)]), { livemode: false })).toBe(missing);
    expect(inOtherMode(missing, new Set(), { livemode: false })).toBe(missing);
    const rate = refuse('rate_limit');
    expect(inOtherMode(rate, new Set([there]), { livemode: false })).toBe(rate);
  });
});
