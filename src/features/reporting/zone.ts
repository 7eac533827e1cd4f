import { dayOf, isoDay, SECONDS_PER_DAY, type UnixSeconds } from '../../kernel/time.ts';

/** `2026-03-02 10:00:00`, as the clocks of a zone show a moment. */
export type Zoned = (time: UnixSeconds) => string;

const two = (number: number): string => String(number).padStart(2, '0');

export const utc: Zoned = (time) => {
  const seconds = time - dayOf(time) * SECONDS_PER_DAY;
  const minutes = Math.floor(seconds / 60);
  return `${isoDay(dayOf(time))} ${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds % 60)}`;
};

/** @returns null for what is no IANA name of a zone */
export function zoned(name: string): Zoned | null {
  if (name === 'Etc/UTC' || name === 'UTC') return utc;
  // The library takes offsets such as +01:00 for names as well.
  if (!/^[A-Za-z][\w+-]*(\/[\w+-]+)*$/.test(name)) return null;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: name,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
  } catch {
    return null;
  }
  return (time) => {
    const parts = new Map(format.formatToParts(time * 1000).map(({ type, value }) => [type, value]));
    const [year, month, day] = [parts.get('year'), parts.get('month'), parts.get('day')];
    return `${year}-${month}-${day} ${parts.get('hour')}:${parts.get('minute')}:${parts.get('second')}`;
  };
}
