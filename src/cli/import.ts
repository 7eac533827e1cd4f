import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { apiKeyHash } from '../api/auth.ts';
import { type Config, defaultKey } from '../config.ts';
import { Engine } from '../engine/engine.ts';
import { adoptPlatform, entryOf } from '../features/platforms/adopt.ts';
import { REGISTER } from '../features/platforms/object.ts';
import { secretsOf } from '../features/platforms/secrets.ts';
import { accountId } from '../ledger/chart.ts';
import { allKinds, featuresWith, jobsOf } from '../registry.ts';
import { TransferError } from '../store/postgres/export.ts';
import { altered, importBook } from '../store/postgres/import.ts';
import { migrate } from '../store/postgres/migrate.ts';
import { openDatabase } from './database.ts';

const readBytes = 1 << 18;

/** `evenkeel import FILE`: takes in what `evenkeel export` wrote. */
export async function runImport(config: Config, name: string): Promise<number> {
  // Opened first: a name mistyped must not make a database.
  const file = name === '-' ? process.stdin : (await opening(name)).createReadStream({ highWaterMark: readBytes });
  const opened = await openDatabase(config, { shared: true });
  try {
    await migrate(opened.database);
    const { adminKey, deterministicSeed } = config;
    const secrets = secretsOf({ adminKey, deterministicSeed });
    const jobs = jobsOf(featuresWith(secrets));
    const { header, keysLeftOut, keyIsNew } = await importBook(opened.database, file as AsyncIterable<Buffer>, {
      kinds: allKinds,
      register: REGISTER,
      withoutKey: opened.embedded ? null : apiKeyHash(defaultKey),
      encryptionKey: config.encryptionKey,
      async adopt({ book, entry }, books) {
        const found = await books.openBook(book);
        const platform = found && entryOf(entry, found);
        if (platform === null) throw new TransferError(altered);
        const engine = new Engine({ store: books, kinds: allKinds, jobs });
        const adopted = await adoptPlatform({ engine, books, secrets }, platform);
        await engine.stop();
        if (!adopted) {
          throw new TransferError(
            `this database gave the number ${book} away or passed it over already: import into another, several platforms in the order of their numbers`,
          );
        }
      },
    });
    console.log(`imported ${accountId(1, header.book)}: ${header.operations} operations, audit clean`);
    if (keysLeftOut > 0) {
      console.log(
        `left out the key ${defaultKey}, which anyone knows: the operator makes another with POST /evenkeel/v1/api_keys`,
      );
    }
    if (keyIsNew && config.encryptionKey === null) {
      const place = opened.embedded ? `in ${join(config.dataDir, 'encryption.key')}` : 'as EVENKEEL_ENCRYPTION_KEY';
      console.log(`start it with the encryption key of the old place, ${place}: webhooks are signed by it`);
    }
    return 0;
  } finally {
    file.destroy();
    await opened.close();
  }
}

async function opening(name: string): Promise<FileHandle> {
  try {
    return await open(name);
  } catch (error) {
    throw new TransferError((error as Error).message);
  }
}
