import { once } from 'node:events';
import type { Config } from '../config.ts';
import { REGISTER } from '../features/platforms/object.ts';
import { bookOf } from '../kernel/id.ts';
import { accountId } from '../ledger/chart.ts';
import { exportBook, TransferError } from '../store/postgres/export.ts';
import { openDatabase } from './database.ts';

/** `evenkeel export PLATFORM`: the platform of an acct_ id as a file, on standard output. */
export async function runExport(config: Config, platform: string): Promise<number> {
  const book = bookOf(platform);
  if (book === null || book === REGISTER || platform !== accountId(1, book))
    throw new TransferError(`'${platform}' is no id of a platform: acct_…`);
  const opened = await openDatabase(config, { shared: true, existing: true });
  // Whoever reads us may go away: what then remains is a file without its last line, which no import takes.
  const gone = once(process.stdout, 'error').then(([error]) => {
    throw error;
  });
  gone.catch(() => {});
  try {
    for await (const piece of exportBook(opened.database, { book, register: REGISTER })) {
      if (!process.stdout.write(piece)) await Promise.race([once(process.stdout, 'drain'), gone]);
    }
    return 0;
  } finally {
    await opened.close();
  }
}
