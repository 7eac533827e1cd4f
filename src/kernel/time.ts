/**
 * Time is integer seconds, days are whole UTC days: one zone, so that replays and test clocks are simple.
 * The class Date appears in this file alone.
 */

/** Seconds since 1970-01-01T00:00:00Z. */
export type UnixSeconds = number;

/** Whole days since 1970-01-01, UTC. */
export type Day = number;

export const SECONDS_PER_DAY = 86_400;

/** 23:59:00, when negative balances are debited (R95); the last minute of the day belongs to nobody's job. */
const CLOSE_SECONDS = SECONDS_PER_DAY - 60;

export const dayOf = (time: UnixSeconds): Day => Math.floor(time / SECONDS_PER_DAY);

/** 00:00:00 of the day. */
export const startOfDay = (day: Day): UnixSeconds => day * SECONDS_PER_DAY;

/** 23:59:00 of the day. */
export const closeOfDay = (day: Day): UnixSeconds => startOfDay(day) + CLOSE_SECONDS;

/** 'YYYY-MM-DD' */
export const isoDay = (day: Day): string => new Date(startOfDay(day) * 1000).toISOString().slice(0, 10);

/** Year and month (1 to 12) of a time, UTC. */
export function yearAndMonth(time: UnixSeconds): readonly [year: number, month: number] {
  const date = new Date(time * 1000);
  return [date.getUTCFullYear(), date.getUTCMonth() + 1];
}

/** The same time of day so many months later, UTC; where the month has no such day, on its last one. */
export function addMonths(time: UnixSeconds, months: number): UnixSeconds {
  const date = new Date(time * 1000);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months];
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const timeOfDay = time - startOfDay(dayOf(time));
  return Date.UTC(year, month, Math.min(date.getUTCDate(), last)) / 1000 + timeOfDay;
}

/** What the machine's clock says. Commands never ask it: time arrives as `ctx.now`. */
export const systemClock = (): UnixSeconds => Math.floor(Date.now() / 1000);
