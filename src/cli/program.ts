import { Command } from 'commander';
import { type Config, ConfigError, readConfig } from '../config.ts';
import { EmbeddedError } from '../store/embedded/error.ts';
import { MigrationError } from '../store/postgres/migrate.ts';
import { runAudit } from './audit.ts';
import { runMigrate } from './migrate.ts';
import { serve } from './serve.ts';

type Environment = Record<string, string | undefined>;

/** What the operator can mend is one line; anything else is a bug of ours and shows where. */
function complain(error: unknown): void {
  const known = error instanceof ConfigError || error instanceof EmbeddedError || error instanceof MigrationError;
  const system = error instanceof Error && 'code' in error;
  if (known || system) console.error(`evenkeel: ${(error as Error).message}`);
  else console.error(error);
}

/** The `evenkeel` command. */
export function program(env: Environment): Command {
  const run = (work: (config: Config) => Promise<number>) => async () => {
    try {
      process.exitCode = await work(readConfig(env));
    } catch (error) {
      complain(error);
      process.exitCode = 1;
    }
  };
  const evenkeel = new Command('evenkeel').description('The balances half of a Stripe Connect platform.');
  evenkeel.command('serve').description('serve the API (what `npm start` does)').action(run(serve));
  evenkeel.command('migrate').description('bring the database up to this version').action(run(runMigrate));
  evenkeel
    .command('audit')
    .description('prove the books from the tables alone; status 1 and the offending rows when something is broken')
    .action(run(runAudit));
  return evenkeel;
}
