import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type pg from 'pg';
import { MigrationError } from './migrate.ts';

/** By this a key is known again; it does not tell the key. */
export const proofOf = (key: Buffer): Buffer => createHmac('sha256', key).update('evenkeel encryption key').digest();

/**
 * The encryption key of a database: the one that is given, which must always be the same, or one that the database keeps
 * itself, for want of a better place. One that is kept is forgotten as soon as the same one is given.
 *
 * @param given 32 bytes
 * @throws MigrationError when it is another key than before
 */
export async function encryptionKeyOf(
  pool: pg.Pool,
  given: Buffer | null,
): Promise<{ readonly key: Buffer; readonly isKept: boolean }> {
  const fresh = given ?? randomBytes(32);
  await pool.query('insert into encryption_key (proof, key) values ($1, $2) on conflict do nothing', [
    proofOf(fresh),
    given === null ? fresh : null,
  ]);
  const { rows } = await pool.query<{ proof: Buffer; key: Buffer | null }>('select proof, key from encryption_key');
  const { proof, key: kept } = rows[0] as (typeof rows)[number];
  if (given === null) {
    if (kept !== null) return { key: kept, isKept: true };
    throw new MigrationError('EVENKEEL_ENCRYPTION_KEY is not set, but this database was used with one');
  }
  if (!timingSafeEqual(proof, proofOf(given))) {
    throw new MigrationError('the encryption key is not the one that this database was used with');
  }
  if (kept !== null) await pool.query('update encryption_key set key = null');
  return { key: given, isKept: false };
}
