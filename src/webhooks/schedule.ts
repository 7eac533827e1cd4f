/** The part of a pause by which it is longer or shorter by chance, so that what failed together does not come together again. */
const jitter = 0.1;

/**
 * Milliseconds until an endpoint is tried again, or null when the plan is at its end.
 *
 * @param pauses seconds between tries: see data/webhook-schedule.ts
 * @param tries  how many there were, the one that just failed included
 * @param chance from 0 to below 1
 */
export function pauseAfter(pauses: readonly number[], tries: number, chance: number): number | null {
  const seconds = pauses[tries - 1];
  return seconds === undefined ? null : Math.round(seconds * 1000 * (1 - jitter + 2 * jitter * chance));
}
