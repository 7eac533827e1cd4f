/** `evenkeel serve` as a process, for the harness of vitest and for the commands that run without it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port to listen on');
  return address.port;
}

async function ready(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`)).status === 200;
  } catch {
    return false;
  }
}

const startMsMax = 30_000;
export const stopMsMax = 5_000;

/** A process of `main.js serve` and everything it said. */
export class ServerProcess {
  readonly child: ChildProcess;
  readonly exited: Promise<unknown>;
  #heard = '';

  /** @param main the built `main.js` */
  constructor(main: string, env: Readonly<Record<string, string>>, hear: (text: string) => void = () => {}) {
    const inherited = { ...process.env };
    // Whatever the developer's shell points to, a test never touches it.
    delete inherited.DATABASE_URL;
    this.child = spawn(process.execPath, [main, 'serve'], {
      env: { ...inherited, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#heard += chunk.toString();
        hear(chunk.toString());
      });
    }
    this.exited = once(this.child, 'exit');
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** @throws with the server's own words, if it ends or is not ready within 30 seconds */
  async untilReady(url: string): Promise<void> {
    const deadline = Date.now() + startMsMax;
    while (!(await ready(url))) {
      if (!this.running) throw new Error(`the server ended before it was ready:\n${this.#heard}`);
      if (Date.now() > deadline) {
        await this.end('SIGKILL', stopMsMax);
        throw new Error(`the server was not ready within ${startMsMax} ms:\n${this.#heard}`);
      }
      await sleep(25);
    }
  }

  async end(signal: 'SIGTERM' | 'SIGKILL', msMax: number): Promise<void> {
    if (!this.running) return;
    this.child.kill(signal);
    const late = new AbortController();
    const ended = await Promise.race([
      this.exited.then(() => true),
      sleep(msMax, false, { signal: late.signal }).catch(() => false),
    ]);
    late.abort();
    if (ended) return;
    this.child.kill('SIGKILL');
    await this.exited;
    throw new Error(`the server did not end within ${msMax} ms of ${signal}`);
  }
}
