import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { type Config, ConfigError, readConfig } from '../config.ts';
import { EmbeddedError } from '../store/embedded/error.ts';
import { TransferError } from '../store/postgres/export.ts';
import { MigrationError } from '../store/postgres/migrate.ts';
import { UrlError } from '../store/postgres/url.ts';
import { isUnreachable } from '../store/store.ts';
import { runAudit } from './audit.ts';
import { ServerError } from './client.ts';
import { advanceClock, showClock } from './clock.ts';
import { resendEvent } from './events.ts';
import { runExport } from './export.ts';
import { runImport } from './import.ts';
import { createKey, listKeys, revokeKey, rollKey } from './keys.ts';
import { listen } from './listen.ts';
import { runMigrate } from './migrate.ts';
import { createPlatform, listPlatforms } from './platforms.ts';
import { serve } from './serve.ts';
import { trigger } from './trigger.ts';

type Environment = Record<string, string | undefined>;

/** What the operator can mend is one line; anything else is a bug of ours and shows where. */
function complain(error: unknown): void {
  const known = [ConfigError, EmbeddedError, MigrationError, ServerError, TransferError, UrlError].some(
    (kind) => error instanceof kind,
  );
  const code = error instanceof Error && 'code' in error ? String(error.code) : null;
  if (code === 'EADDRINUSE') {
    console.error('evenkeel: the port is in use; stop what uses it, or set PORT');
    return;
  }
  if (isUnreachable(error)) {
    console.error(`evenkeel: the database cannot be reached: ${(error as Error).message}`);
    return;
  }
  if (known || code !== null) console.error(`evenkeel: ${(error as Error).message}`);
  else console.error(error);
}

/** The `evenkeel` command. */
export function program(env: Environment): Command {
  const run =
    <Args extends unknown[]>(work: (config: Config, ...args: Args) => Promise<number>) =>
    async (...args: Args) => {
      try {
        process.exitCode = await work(readConfig(env), ...args);
      } catch (error) {
        complain(error);
        process.exitCode = 1;
      }
    };
  const evenkeel = new Command('evenkeel')
    .description('The balances half of a Stripe Connect platform.')
    .version(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version);
  evenkeel.command('serve').description('serve the API (what `npm start` does)').action(run(serve));
  evenkeel.command('migrate').description('bring the database up to this version').action(run(runMigrate));
  evenkeel
    .command('audit')
    .description('prove the books from the tables alone; status 1 and the offending rows when something is broken')
    .action(run(runAudit));
  evenkeel
    .command('export <platform>')
    .description('write a platform with all that belongs to it to standard output, as of one moment')
    .action(run(runExport));
  evenkeel
    .command('import <file>')
    .description('take in what `export` wrote, whole or not at all; - reads standard input')
    .action(run(runImport));
  const platforms = evenkeel.command('platforms').description('make and list platforms (EVENKEEL_ADMIN_KEY)');
  platforms
    .command('create')
    .description('make a platform; its secret key is shown this once')
    .option('--country <code>', 'US, DE, JP, …')
    .option('--currency <code>', "another currency than the country's")
    .option('--clock <time>', 'born on a test clock that stands there: 2026-03-02T10:00:00Z')
    .option('--live', 'in live mode')
    .option('--other-mode <id>', 'the same platform in the other mode: acct_…')
    .option('--email <address>', 'where the platform is told what concerns it')
    .action(run(createPlatform));
  platforms.command('list').description('all platforms').action(run(listPlatforms));
  const keys = evenkeel.command('keys').description("a platform's API keys (EVENKEEL_API_KEY)");
  keys
    .command('create')
    .description('make a key; it is shown this once')
    .option('--name <name>', 'what it is for')
    .option('--publishable', 'for browsers')
    .option('--permission <resource=level...>', 'a restricted key: charge=read, transfer=write')
    .option('--account <id...>', 'connected accounts that a restricted key may act as: acct_…, or all')
    .action(run(createKey));
  keys.command('list').description('the keys that let somebody in').action(run(listKeys));
  keys
    .command('roll <key>')
    .description('make a key of the same reach, and end this one')
    .option('--overlap <time>', 'let this one go on for so long: 24h, at most 7d')
    .action(run(rollKey));
  keys.command('revoke <key>').description('let a key in no more').action(run(revokeKey));
  const clock = evenkeel.command('clock').description("a platform's test clock (EVENKEEL_API_KEY)");
  clock.command('show').description('where it stands').action(run(showClock));
  clock
    .command('advance <to>')
    .description('move it forward: 2d, 36h, or 2026-03-04T00:00:00Z')
    .action(run(advanceClock));
  evenkeel
    .command('listen')
    .description('show events as they happen, and send them on to a URL (EVENKEEL_API_KEY)')
    .option('--forward-to <url>', 'where events are sent on to')
    .option('--forward-connect-to <url>', 'where those of connected accounts go instead')
    .option('--events <types>', 'these alone: charge.succeeded,payout.paid')
    .option('--print-json', 'show events whole')
    .option('--print-secret', 'only show the secret that they are signed with')
    .action(run(listen));
  evenkeel
    .command('events')
    .description('what was told (EVENKEEL_API_KEY)')
    .command('resend <event>')
    .description('tell an event again: to all that listen, or to an endpoint')
    .option('--webhook-endpoint <id>', 'we_…')
    .option('--account <id>', 'the connected account whose event it is')
    .action(run(resendEvent));
  evenkeel
    .command('trigger <event>')
    .description('make the requests that an event follows from (EVENKEEL_API_KEY)')
    .action(run(trigger));
  return evenkeel;
}
