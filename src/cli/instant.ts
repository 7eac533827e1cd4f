import { ConfigError } from '../config.ts';
import type { UnixSeconds } from '../kernel/time.ts';

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** A moment as people write one: `2026-03-02`, `2026-03-02T10:00:00Z`, or unix seconds. */
export function instant(text: string): UnixSeconds {
  if (/^\d{1,12}$/.test(text)) return Number(text);
  const ms = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text.length === 10 ? `${text}T00:00:00Z` : text) : Number.NaN;
  if (Number.isNaN(ms)) throw new ConfigError(`'${text}' is no time; write 2026-03-02T10:00:00Z or unix seconds`);
  return Math.floor(ms / 1000);
}

const distance = (text: string): number | null => {
  const [, count, unit] = /^\+?(\d+)([smhd])$/.exec(text) ?? [];
  return count === undefined || unit === undefined ? null : Number(count) * (unitSeconds[unit] ?? 1);
};

/** A length of time as people write one (`7d`, `24h`, `90m`), in seconds. */
export function duration(text: string): number {
  const seconds = distance(text);
  if (seconds === null) throw new ConfigError(`'${text}' is no length of time; write 24h or 7d`);
  return seconds;
}

/** Where a clock is to go: a moment, or a distance from where it stands (`2d`, `36h`, `90m`). */
export function target(text: string, from: UnixSeconds): UnixSeconds {
  const seconds = distance(text);
  return seconds === null ? instant(text) : from + seconds;
}
