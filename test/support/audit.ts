import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'vitest';
import { commandLine, projectRoot } from './paths.ts';
import type { TestServer } from './process.ts';

/** Runs `evenkeel …` on the server's data. */
export async function evenkeel(
  server: TestServer,
  args: readonly string[],
): Promise<{ readonly exitCode: number | null; readonly output: string }> {
  const child = spawn(process.execPath, [commandLine, ...args], {
    cwd: projectRoot,
    env: { ...process.env, ...server.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  // 'close' comes after the last output, 'exit' may not.
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, output };
}

/**
 * The books prove themselves from the tables alone, and no answer broke the wire
 * contract, also where a test expected an error and did not look closely.
 */
export async function auditClean(server: TestServer): Promise<void> {
  const { exitCode, output } = await evenkeel(server, ['audit']);
  expect(exitCode, `evenkeel audit said:\n${output}\n${server.logs()}`).toBe(0);
  expect(server.violations).toEqual([]);
}

/** Ends a scenario file's server, whose books must be clean. One that did not start has said why. */
export async function stopClean(server: TestServer | undefined): Promise<void> {
  try {
    if (server) await auditClean(server);
  } finally {
    await server?.stop();
  }
}
