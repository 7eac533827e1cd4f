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
  process.stdout.on('error', () => {});
  try {
    for await (const piece of exportBook(opened.database, { book, register: REGISTER })) {
      await new Promise<void>((resolve, reject) => {
        process.stdout.write(piece, (error) => {
          if (error) reject(new TransferError(`the export cannot be written: ${error.message}`));
          else resolve();
        });
      });
    }
    return 0;
  } finally {
    await opened.close();
  }
}
