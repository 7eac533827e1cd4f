import { afterAll, beforeAll, inject } from 'vitest';
import { PostgresStore } from '../../src/store/postgres/postgres.ts';
import { createDatabase, databaseUrl, dropDatabase } from './database.ts';

export interface OwnStore {
  readonly database: string;
  readonly url: string;
  /** There from `beforeAll` on. */
  readonly store: PostgresStore;
}

/** A store on a fresh database for the tests of one file, gone after them. `name` is made of [a-z_]. */
export function ownStore(name: string): OwnStore {
  const postgres = inject('postgres');
  const database = `${name}_${process.pid}`;
  const url = databaseUrl(postgres, database);
  let store: PostgresStore | undefined;
  beforeAll(async () => {
    await createDatabase(postgres, database);
    store = new PostgresStore({ url });
  });
  afterAll(async () => {
    await store?.close();
    await dropDatabase(postgres, database);
  });
  return {
    database,
    url,
    get store() {
      if (store === undefined) throw new Error('the database is made by beforeAll');
      return store;
    },
  };
}
