/** The key that secrets follow from: where it is, and that it is always the same. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { encryptionKeyOf } from '../../src/store/postgres/encryption-key.ts';
import { migrate } from '../../src/store/postgres/migrate.ts';
import { PostgresStore } from '../../src/store/postgres/postgres.ts';
import { createDatabase, databaseUrl, dropDatabase } from '../support/database.ts';

const postgres = inject('postgres');
const names = ['given', 'kept'].map((name) => `key_${name}_${process.pid}`);
const stores: PostgresStore[] = [];

beforeAll(async () => {
  for (const name of names) {
    await createDatabase(postgres, name);
    const url = databaseUrl(postgres, name);
    await migrate({ url });
    stores.push(new PostgresStore({ url }));
  }
});
afterAll(async () => {
  for (const store of stores) await store.close();
  for (const name of names) await dropDatabase(postgres, name);
});

const storeOf = (at: number) => stores[at] as PostgresStore;
const inDatabase = async (at: number) => (await storeOf(at).pool.query('select key from encryption_key')).rows;

test('a key that is given is the only one ever after, and stands in no table', async () => {
  const { pool } = storeOf(0);
  const key = randomBytes(32);
  expect(await encryptionKeyOf(pool, key)).toEqual({ key, isKept: false });
  expect(await encryptionKeyOf(pool, key)).toEqual({ key, isKept: false });
  expect(await inDatabase(0)).toEqual([{ key: null }]);
  await expect(encryptionKeyOf(pool, randomBytes(32))).rejects.toThrow('is not the one');
  await expect(encryptionKeyOf(pool, null)).rejects.toThrow('EVENKEEL_ENCRYPTION_KEY is not set');
});

test('without one the database keeps it, until it is given', async () => {
  const { pool } = storeOf(1);
  const [one, two] = await Promise.all([encryptionKeyOf(pool, null), encryptionKeyOf(pool, null)]);
  expect(one).toEqual({ key: two.key, isKept: true });
  await expect(encryptionKeyOf(pool, randomBytes(32))).rejects.toThrow('is not the one');
  expect(await encryptionKeyOf(pool, one.key)).toEqual({ key: one.key, isKept: false });
  expect(await inDatabase(1)).toEqual([{ key: null }]);
});
