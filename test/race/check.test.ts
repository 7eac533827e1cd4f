/** The checker must see what is wrong: histories made by hand, and small ones against every order that there is. */
import { describe, expect, test } from 'vitest';
import { randomFrom } from '../support/load.ts';
import { check, type Entry, type History, type Read, type Write } from './check.ts';

const entry = (seq: number, key: string | null, moves: Record<string, number>): Entry => ({
  seq,
  key,
  moves: new Map(Object.entries(moves).map(([account, available]) => [account, { available, pending: 0 }])),
});
const wrote = (key: string, asked: number, answered: number | null, more: Partial<Write> = {}): Write => ({
  key,
  asked,
  answered,
  spends: null,
  became: answered === null ? 'info' : 'ok',
  seq: null,
  ...more,
});
const read = (account: string, available: number, asked: number, answered: number): Read => ({
  asked,
  answered,
  account,
  saw: { available, pending: 0 },
});
const history = (writes: Write[], reads: Read[] = []): History => ({ writes, reads });

// 1: a gets 10. 2: a sends 4 to b. 3: a sends 6 to b.
const journal = [entry(1, null, { a: 10 }), entry(2, 'first', { a: -4, b: 4 }), entry(3, 'second', { a: -6, b: 6 })];
const first = wrote('first', 10, 20);
const second = wrote('second', 30, 40);

describe('a history that can be explained', () => {
  test.each<[string, History]>([
    ['in order', history([first, second], [read('a', 10, 0, 5), read('b', 4, 21, 29), read('b', 10, 41, 42)])],
    ['a read that overlaps a write sees it', history([first, second], [read('b', 4, 12, 14)])],
    ['a read that overlaps a write does not see it yet', history([first, second], [read('b', 0, 12, 25)])],
    ['writes that overlap stand in any order', history([wrote('first', 10, 50), wrote('second', 10, 30)])],
    ['a write without an answer has happened', history([first, wrote('second', 30, null)], [read('b', 10, 99, 100)])],
    ['a write without an answer has not happened', history([first, second, wrote('third', 30, null)])],
    [
      'what is refused lacked money',
      history([first, wrote('second', 30, 40, { spends: { account: 'a', amount: 6 } })]),
    ],
  ])('%s', (_, given) => {
    expect(check(journal, given)).toEqual([]);
  });
});

describe('a history that cannot', () => {
  test.each<[string, readonly Entry[], History, RegExp]>([
    ['a stale read', journal, history([first, second], [read('b', 0, 21, 25)]), /saw 0 \+ 0 fits nowhere from 2/],
    ['a read from the future', journal, history([first, second], [read('b', 10, 21, 25)]), /before second, at 3/],
    ['a read of what never was', journal, history([first, second], [read('b', 5, 0, 99)]), /fits nowhere/],
    ['half of a transfer', [...journal], history([], [read('a', 6, 0, 5), read('b', 0, 6, 9)]), /of b .* fits nowhere/],
    ['reads that go back', journal, history([], [read('b', 4, 0, 10), read('b', 0, 11, 20)]), /from 2 \(a read of b/],
    ['a lost write', journal, history([first, second, wrote('third', 50, 60)]), /third was answered and is not/],
    ['writes out of order', journal, history([wrote('second', 10, 20), wrote('first', 30, 40)]), /first stands at 2/],
    [
      'a write before a read that missed it',
      journal,
      history([wrote('first', 30, 40)], [read('b', 4, 1, 2)]),
      /before first/,
    ],
    ['a key twice', [...journal, entry(4, 'first', { a: -4, b: 4 })], history([first]), /as 2 and as 4/],
    ['a gap', [journal[0], journal[2]] as Entry[], history([]), /operation 3 follows 1/],
    ['an answer about another operation', journal, history([wrote('first', 10, 20, { seq: 3 })]), /as operation 3/],
    ['an acknowledged write of nothing', [entry(1, 'first', {})], history([wrote('first', 1, 2)]), /moved nothing/],
    [
      'a refused write of something',
      journal,
      history([wrote('first', 1, 2, { became: 'refused' })]),
      /refused and moved/,
    ],
    [
      'money spent that was not there',
      journal,
      history([first, wrote('second', 30, 40, { spends: { account: 'a', amount: 7 } })]),
      /spent 7 where there was 6/,
    ],
    [
      'money refused that was there',
      [...journal, entry(4, 'third', {})],
      history([wrote('third', 50, 60, { became: 'refused', spends: { account: 'b', amount: 10 } })]),
      /refused 10 where there was 10/,
    ],
  ])('%s', (_, entries, given, says) => {
    expect(check(entries, given).join('\n')).toMatch(says);
  });
});

/** Every way to place the reads is tried. */
function canBeExplained(entries: readonly Entry[], { writes, reads }: History): boolean {
  const states = new Map<string, number>();
  for (const place of [0, ...entries.map(({ seq }) => seq)]) {
    for (const account of ['a', 'b']) {
      const moves = entries.slice(0, place).map((one) => one.moves.get(account)?.available ?? 0);
      states.set(
        `${account} ${place}`,
        moves.reduce((sum, amount) => sum + amount, 0),
      );
    }
  }
  const places = new Map(entries.map(({ key, seq }) => [key, seq]));
  const spans = writes.map((write) => ({ ...write, place: (places.get(write.key) ?? 0) as number, isRead: false }));
  const agree = (chosen: readonly number[]) => {
    const all = [...spans, ...reads.map((one, i) => ({ ...one, place: chosen[i] as number, isRead: true }))];
    return all.every((one) =>
      all.every((other) => {
        if (one.answered === null || one.answered >= other.asked) return true;
        // A read at a place sees the write there.
        return other.isRead ? one.place <= other.place : one.place < other.place;
      }),
    );
  };
  const fits = ({ account, saw }: Read) =>
    [0, ...entries.map(({ seq }) => seq)].filter((place) => states.get(`${account} ${place}`) === saw.available);
  const choose = (chosen: readonly number[]): boolean => {
    const next = reads[chosen.length];
    return next === undefined ? agree(chosen) : fits(next).some((place) => choose([...chosen, place]));
  };
  return choose([]);
}

test('5000 small histories: the checker says what trying every order says', () => {
  const random = randomFrom(1);
  const int = (below: number) => Math.floor(random() * below);
  const said = { explained: 0, not: 0 };
  for (let n = 0; n < 5000; n++) {
    const entries = Array.from({ length: 4 }, (_, i) => {
      const amount = 1 + int(2);
      return entry(i + 1, `key ${i}`, int(2) === 0 ? { a: amount, b: -amount } : { a: -amount, b: amount });
    });
    const span = (): [number, number] => {
      const asked = int(12);
      return [asked, asked + 1 + int(12)];
    };
    // Mostly asked for in the order of the journal, so that histories of both sorts come up.
    const writes = entries.map((_, i) => {
      const asked = i * 4 + int(6);
      return wrote(`key ${i}`, asked, int(5) === 0 ? null : asked + 1 + int(8));
    });
    const reads = Array.from({ length: 3 }, () => read(int(2) === 0 ? 'a' : 'b', int(5) - 2, ...span()));
    const given = history(writes, reads);
    const isExplained = canBeExplained(entries, given);
    expect(check(entries, given).length === 0, JSON.stringify({ n, given })).toBe(isExplained);
    said[isExplained ? 'explained' : 'not']++;
  }
  expect(Math.min(said.explained, said.not)).toBeGreaterThan(100);
});
