/** Stripe's client for Python, as Debian ships it, tells the main story; where it is not installed, this says so. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditClean } from '../support/audit.ts';
import { admin, createPlatform, type TestPlatform } from '../support/platform.ts';
import { startServer, type TestServer } from '../support/server.ts';

// The system's own interpreter first: another one does not see the system's packages.
const python = ['/usr/bin/python3', 'python3'].find(
  (command) => spawnSync(command, ['-c', 'import stripe, stripe.error'], { stdio: 'ignore' }).status === 0,
);
if (python === undefined) {
  console.warn(
    'test/python is skipped: no python3 here has the module stripe (Debian: apt-get install python3-stripe)',
  );
}

describe.skipIf(python === undefined)('the client for Python', () => {
  let server: TestServer;
  let platform: TestPlatform;
  let scratch: string;

  beforeAll(async () => {
    server = await startServer();
    platform = await createPlatform(server, { payout_interval: 'manual', test_clock: { frozen_time: 1_772_445_600 } });
    scratch = await mkdtemp(join(tmpdir(), 'ek-python-'));
    await admin(server, platform.secret_key, 'POST', '/evenkeel/v1/adjustments', {
      account: platform.id,
      amount: 100_000,
      currency: 'usd',
      description: 'Opening balance',
    });
  }, 60_000);

  afterAll(async () => {
    if (!server) return; // it did not start, and has said why
    await rm(scratch, { recursive: true, force: true });
    try {
      await auditClean(server);
    } finally {
      await server.stop();
    }
  }, 60_000);

  test('tells the story of a marketplace', { timeout: 60_000 }, async () => {
    const child = spawn(python as string, [join(import.meta.dirname, 'story.py')], {
      env: {
        ...process.env,
        EVENKEEL_URL: server.url,
        EVENKEEL_API_KEY: platform.secret_key,
        EVENKEEL_CLOCK: platform.test_clock as string,
        EVENKEEL_SCRATCH: scratch,
        NO_PROXY: '127.0.0.1',
        PYTHONDONTWRITEBYTECODE: '1',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), 50_000);
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk;
    });
    const [status] = await once(child, 'close');
    clearTimeout(timer);
    expect({ status, last: said.trim().split('\n').at(-1) }, said).toEqual({ status: 0, last: 'done' });
  });
});
