import pg from 'pg';
import { expect, test } from 'vitest';
import { databaseUrl } from './database.ts';

test('the driver reads host, port, user and database back from the URL', () => {
  const url = databaseUrl({ host: '/tmp/a socket', port: 5544, user: 'evenkeel', template: null }, 'test_1');
  const { host, port, user, database } = new pg.Client({ connectionString: url });
  expect({ host, port, user, database }).toEqual({
    host: '/tmp/a socket',
    port: 5544,
    user: 'evenkeel',
    database: 'test_1',
  });
});
