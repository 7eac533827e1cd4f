import { expect, test } from 'vitest';
import { sameText } from './same-text.ts';

test.each([
  ['', '', true],
  ['secret', 'secret', true],
  ['secret', 'secreT', false],
  ['secret', 'secret ', false],
  ['é', 'e\u0301', false],
])('%j and %j: %s', (one, other, same) => {
  expect(sameText(one, other)).toBe(same);
});
