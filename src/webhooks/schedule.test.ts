import { expect, test } from 'vitest';
import { webhookRetrySeconds } from '../data/webhook-schedule.ts';
import { pauseAfter } from './schedule.ts';

const minutes = 60_000;

test.each([
  ['test', 1, 1 * minutes],
  ['test', 2, 10 * minutes],
  ['test', 3, 120 * minutes],
  ['test', 4, null],
  ['live', 1, 5 * minutes],
  ['live', 2, 30 * minutes],
  ['live', 5, 600 * minutes],
  ['live', 9, 720 * minutes],
  ['live', 10, null],
  ['live', 1000, null],
] as const)('%s: after try %i comes a pause of %i ms', (mode, tries, expected) => {
  expect(pauseAfter(webhookRetrySeconds[mode], tries, 0.5)).toBe(expected);
});

test('the pause varies by a tenth', () => {
  expect(pauseAfter([100], 1, 0)).toBe(90_000);
  expect(pauseAfter([100], 1, 0.999_999_99)).toBe(110_000);
});

test('in live mode three days are not passed', () => {
  const sum = webhookRetrySeconds.live.reduce((total, seconds) => total + seconds, 0);
  expect(sum).toBeLessThanOrEqual(3 * 86_400);
  expect(sum).toBeGreaterThan(2.5 * 86_400);
});
