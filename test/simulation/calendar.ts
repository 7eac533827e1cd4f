/** Days and seconds as the rules count them: whole days since 1970-01-01, UTC; that one was a Thursday. */
export const daySeconds = 86_400;
export const dayOf = (time: number): number => Math.floor(time / daySeconds);
export const startOf = (day: number): number => day * daySeconds;
/** 23:59:00 */
export const closeOf = (day: number): number => day * daySeconds + 86_340;

/** 0 is Sunday. */
export const weekdayOf = (day: number): number => (day + 4) % 7;
export const isWorkday = (day: number): boolean => weekdayOf(day) !== 0 && weekdayOf(day) !== 6;

export function workdayFrom(day: number): number {
  let at = day;
  while (!isWorkday(at)) at++;
  return at;
}

/** Business days forward; a weekend counts from Monday (R3, R126). */
export function workdaysAfter(day: number, count: number): number {
  let at = workdayFrom(day);
  for (let i = 0; i < count; i++) at = workdayFrom(at + 1);
  return at;
}

export const dayOfMonth = (day: number): number => new Date(day * daySeconds * 1000).getUTCDate();
