import { type Id, mint } from '../kernel/id.ts';
import type { Day, UnixSeconds } from '../kernel/time.ts';
import type { Context } from './command.ts';

/** Monday 2026-03-02 10:00:00 UTC, when the worked examples begin. */
export const monday: UnixSeconds = 1_772_445_600;

export const testBook = 7;
export const testPlatform: Id<'acct'> = mint('acct', testBook, { seq: 1, pos: 0 });
/** A connected account's id by number, for tests of rules that have no database. */
export const testAccount = (n: number): Id<'acct'> => mint('acct', testBook, { seq: 100 + n, pos: 0 });

/** The context of operation `seq` for tests of `decide`: nothing in it depends on the machine. */
export function testContext(
  given: {
    now?: UnixSeconds;
    settledThrough?: Day;
    account?: Id<'acct'>;
    seq?: number;
    livemode?: boolean;
    step?: number;
  } = {},
): Context {
  const now = given.now ?? monday;
  const account = given.account ?? testPlatform;
  let next = 0;
  return {
    book: testBook,
    livemode: given.livemode ?? false,
    now,
    step: given.step ?? null,
    settledThrough: given.settledThrough ?? Math.floor(now / 86_400),
    platform: testPlatform,
    application: mint('ca', testBook, { seq: 1, pos: 1 }),
    account,
    onBehalf: account !== testPlatform,
    id: (prefix) => mint(prefix, testBook, { seq: given.seq ?? 1000, pos: next++ }),
    secret: (of, length) => `${of}secretsecretsecretsecretsecretsecret`.replace(/\W|_/g, '').slice(-length),
  };
}
