import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { expect, test } from 'vitest';
import { isUnreachable } from '../store.ts';
import { databaseAt, newClient, openPool } from './connection.ts';
import { isFailover, Servers } from './servers.ts';

/** A port that nobody listens on, and one where nobody answers. */
async function ports(): Promise<{ closed: number; silent: number; server: Server }> {
  const [gone, server] = [createServer(), createServer(() => {})];
  for (const each of [gone, server]) await once(each.listen(0, '127.0.0.1'), 'listening');
  const [closed, silent] = [gone, server].map((each) => (each.address() as { port: number }).port);
  await new Promise((resolve) => gone.close(resolve));
  return { closed: closed as number, silent: silent as number, server };
}

test('when no server can be used, one line says of each why', async () => {
  const { closed, silent, server } = await ports();
  const { database, close } = databaseAt(`postgres://me@127.0.0.1:${closed},127.0.0.1:${silent}/books`);
  const pool = openPool(database, 1);
  try {
    const failures = await Promise.all([
      newClient(database)
        .connect()
        .catch((error) => error),
      pool.query('select 1').catch((error) => error),
    ]);
    for (const error of failures) {
      expect(error).toMatchObject({
        message: `no server takes writes: 127.0.0.1:${closed} does not answer (connect ECONNREFUSED 127.0.0.1:${closed}); 127.0.0.1:${silent} does not answer (timeout expired)`,
      });
      expect(isUnreachable(error)).toBe(true);
      expect(isFailover(new Error('no answer', { cause: error }))).toBe(true);
    }
  } finally {
    await pool.end();
    close();
    server.close();
  }
});

test('many that look for the primary at once ask once', () => {
  const servers = new Servers(['postgres://me@127.0.0.1:1/books']);
  const first = servers.find();
  expect(servers.find()).toBe(first);
  servers.close();
  return expect(first).rejects.toThrow('no server takes writes');
});
