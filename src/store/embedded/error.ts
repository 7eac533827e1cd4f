/** The embedded PostgreSQL cannot be used. The message is one line for the person at the terminal; no data was changed. */
export class EmbeddedError extends Error {
  override readonly name = 'EmbeddedError';
}

/** The way out that works on every system; ends most messages. */
export const useOwnServer = 'set DATABASE_URL to use a PostgreSQL server of your own (15 or newer)';

/** One line out of what PostgreSQL said, most telling first. */
export function describeFailure(what: string, said: string, home: string): string {
  if (/no space left|disk quota exceeded/i.test(said)) {
    return `the disk of ${home} is full: free some space and start again`;
  }
  const lines = said.split('\n').filter((line) => line.trim() !== '');
  const telling = lines.findLast((line) => /FATAL|PANIC/.test(line)) ?? lines.find((line) => /error/i.test(line));
  const reason = (telling ?? lines.at(-1) ?? 'no reason given').replace(/^.*?(FATAL|PANIC|error):\s*/i, '');
  return `${what}: ${reason}`;
}
