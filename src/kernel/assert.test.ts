import { expect, test } from 'vitest';
import { assert, Fault } from './assert.ts';

test('a broken promise is a fault with its words', () => {
  expect(() => assert(false, 'the sum is zero')).toThrow(new Fault('the sum is zero'));
  expect(() => assert(1, 'one is true')).not.toThrow();
  expect(new Fault('x')).toMatchObject({ name: 'Fault', message: 'x' });
});
