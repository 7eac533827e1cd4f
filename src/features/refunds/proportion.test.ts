import { expect, test } from 'vitest';
import { minor } from '../../kernel/money.ts';
import { dueBack } from './proportion.ts';

const table = [
  // total   undone      far      of   goes back   because
  [10_000, 0, 3_333, 10_000, 3_333, 'E9: a third of the transfer'],
  [1_230, 0, 3_333, 10_000, 410, 'E9: a third of the fee, 409.96'],
  [1_230, 410, 10_000, 10_000, 820, 'E9: the last part takes all that is left'],
  [1_230, 0, 2_500, 10_000, 308, 'E10, E33: 307.5, halves go up'],
  [1, 0, 1, 2, 1, 'half a cent is a cent'],
  [1, 1, 2, 2, 0, 'and then nothing is left'],
  [1, 0, 1, 3, 0, 'a third of a cent is nothing'],
  [1, 0, 2, 3, 1, 'two thirds of it are all of it'],
  [8_770, 2_923, 6_666, 10_000, 2_923, 'the second third: 5 846.08 less 2 923'],
  [8_770, 5_846, 10_000, 10_000, 2_924, 'the last third takes the odd unit'],
  [8_770, 6_000, 5_000, 10_000, 0, 'more was undone by hand: nothing goes the other way'],
  [8_770, 6_000, 10_000, 10_000, 2_770, 'the last part takes what that left'],
  [99_999_999, 0, 33_333_333, 99_999_999, 33_333_333, 'large amounts lose nothing'],
] as const;

test.each(table)('M12, R52 of %d, %d undone, with %d of %d goes back %d: %s', (total, undone, far, of, back) => {
  expect(dueBack({ total: minor(total), undone: minor(undone) }, { far: minor(far), of: minor(of) })).toBe(back);
});

test('R52 any row of parts adds up to the whole', () => {
  for (const parts of [
    [1, 1, 1],
    [3_333, 6_667],
    [17, 4_000, 1, 5_982],
    [9_999, 1],
  ]) {
    const of = minor(parts.reduce((sum, part) => sum + part, 0));
    let undone = 0;
    let far = 0;
    for (const part of parts) {
      far += part;
      undone += dueBack({ total: minor(1_230), undone: minor(undone) }, { far: minor(far), of });
    }
    expect(undone).toBe(1_230);
  }
});
