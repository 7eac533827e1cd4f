import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditClean } from '../support/audit.ts';
import { projectRoot } from '../support/paths.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await auditClean(server);
  await server.stop();
});

/** The script and what it prints, as a page shows them: the block of `js` and the block of `text` after it. */
function shown(page: string): { script: string; output: string } {
  const text = readFileSync(join(projectRoot, page), 'utf8');
  const [, script, output] = /```js\n([\s\S]*?)```[\s\S]*?```text\n([\s\S]*?)```/.exec(text) ?? [];
  if (script === undefined || output === undefined) throw new Error(`${page} shows no script with its output`);
  return { script, output };
}

test.each([
  ['README.md', 'examples/quickstart.mjs', 30],
  ['docs/guides/negative-balances.md', 'examples/negative-balance.mjs', 60],
  ['docs/guides/billing-an-account.md', 'examples/billing-an-account.mjs', 60],
])('the script of %s is %s, and prints what it says', async (page, file, linesMax) => {
  const { script, output } = shown(page);
  expect(script).toBe(readFileSync(join(projectRoot, file), 'utf8'));
  expect(script.split('\n').filter((line) => line !== '').length).toBeLessThanOrEqual(linesMax);
  // Only the address and the operator's key differ here from what a reader has.
  const here = script
    .replaceAll('127.0.0.1:12111', `127.0.0.1:${server.port}`)
    .replaceAll('port: 12111', `port: ${server.port}`)
    .replaceAll('admin_evenkeel', server.adminKey);
  const directory = await mkdtemp(join(projectRoot, 'node_modules', '.readme-'));
  try {
    await writeFile(join(directory, 'script.mjs'), here);
    const { stdout } = await promisify(execFile)(process.execPath, [join(directory, 'script.mjs')]);
    expect(stdout).toBe(output);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
