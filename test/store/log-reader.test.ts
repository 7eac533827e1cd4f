/** Whoever reads the log goes away: a pipe that is closed must end no server, and leave no PostgreSQL behind. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { isRunning } from '../../src/store/embedded/process.ts';
import { builtMain } from '../support/paths.ts';
import { ServerProcess, stopMsMax } from '../support/process.ts';
import { startServer } from '../support/server.ts';

test('a server whose output nobody reads goes on, and ends in order', { timeout: 60_000 }, async () => {
  const server = await startServer({ embedded: true });
  // Another process on the same data, of which we hold both pipes.
  await server.kill9();
  const child = new ServerProcess(builtMain, { ...server.env, LOG_LEVEL: 'info' });
  try {
    await child.untilReady(server.url);
    const file = join(server.env.EVENKEEL_DATA as string, 'pg/postmaster.pid');
    const postgres = Number((await readFile(file, 'utf8')).split('\n')[0]);
    expect(isRunning(postgres)).toBe(true);
    child.child.stdout?.destroy();
    child.child.stderr?.destroy();
    for (let i = 0; i < 5; i++) {
      const { status } = await fetch(`${server.url}/v1/balance`, {
        headers: { authorization: 'Bearer sk_test_evenkeel' },
      });
      expect(status).toBe(200);
      // Lines are written a moment later.
      await sleep(100);
    }
    expect(child.running).toBe(true);
    await child.end('SIGTERM', stopMsMax);
    expect(child.child.exitCode).toBe(0);
    expect(isRunning(postgres)).toBe(false);
  } finally {
    await child.end('SIGTERM', stopMsMax);
    await server.stop();
  }
});
