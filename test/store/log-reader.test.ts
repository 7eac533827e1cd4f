/** Whoever reads the log goes away: a pipe that is closed must end no server, and leave no PostgreSQL behind. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { isRunning } from '../../src/store/embedded/process.ts';
import { builtMain, commandLine } from '../support/paths.ts';
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
    let id = '';
    for (let i = 0; i < 5; i++) {
      const response = await fetch(`${server.url}/v1/account`, {
        headers: { authorization: 'Bearer sk_test_evenkeel' },
      });
      expect(response.status).toBe(200);
      ({ id } = (await response.json()) as { id: string });
      // Lines are written a moment later.
      await sleep(100);
    }
    expect(child.running).toBe(true);
    await child.end('SIGTERM', stopMsMax);
    expect(child.child.exitCode).toBe(0);
    expect(isRunning(postgres)).toBe(false);

    // A command of its own that starts PostgreSQL: nobody reads the file that it writes.
    const exporting = spawn(process.execPath, [commandLine, 'export', id], {
      env: { ...process.env, ...server.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    exporting.stdout.destroy();
    let said = '';
    exporting.stderr.on('data', (chunk: Buffer) => {
      said += chunk;
    });
    expect(await once(exporting, 'close')).toEqual([1, null]);
    expect(said).toBe('evenkeel: the export cannot be written: write EPIPE\n');
    await expect(readFile(file)).rejects.toThrow('ENOENT');
  } finally {
    await child.end('SIGTERM', stopMsMax);
    await server.stop();
  }
});
