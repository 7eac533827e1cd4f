import type { Config } from '../config.ts';
import { migrate } from '../store/postgres/migrate.ts';
import { openDatabase } from './database.ts';

/** `evenkeel migrate`: brings the database up to this version, and says what was done. */
export async function runMigrate(config: Config): Promise<number> {
  const opened = await openDatabase(config, { shared: true });
  try {
    const applied = await migrate(opened.database, (name) => console.log(`applied ${name}`));
    console.log(applied.length === 0 ? 'the database is up to date' : `${applied.length} migrations applied`);
    return 0;
  } finally {
    await opened.close();
  }
}
