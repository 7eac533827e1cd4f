/** `evenkeel serve` as a process that can be killed and started again, for vitest's harness and for commands without it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from './paths.ts';

/** One server process, and the environment that other commands (audit, CLI) need to see the same data. */
export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly adminKey: string;
  readonly env: Readonly<Record<string, string>>;
  /** Of answers to any client of this server; `auditClean` fails if there are some. */
  readonly violations: string[];
  readonly seenRequestIds: Set<string>;
  /** Changes with a restart; undefined while no process runs. */
  readonly pid: number | undefined;
  /** stdout and stderr of all processes so far. */
  logs(): string;
  /** SIGTERM, then cleans up the data. Fails if the process does not end within its promised 5 seconds. */
  stop(): Promise<void>;
  /** SIGKILL. The data stays for `restart`. */
  kill9(): Promise<void>;
  /** Stops the process if it runs and starts another on the same data and port. */
  restart(): Promise<void>;
}

const startMsMax = 30_000;
export const stopMsMax = 5_000;

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
      cwd: projectRoot,
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

export interface ProcessOptions {
  /** The built `main.js`. */
  readonly main: string;
  readonly port: number;
  /** Of the process, beside what it inherits. */
  readonly env: Readonly<Record<string, string>> & { readonly EVENKEEL_ADMIN_KEY: string };
  /** After the process has ended for good. */
  cleanUp(): Promise<void>;
}

/**
 * Starts a server process and waits until it is ready.
 *
 * @throws with the server's own words, if it ends or is not ready within 30 seconds
 */
export async function runServer({ main, port, env, cleanUp }: ProcessOptions): Promise<TestServer> {
  const url = `http://127.0.0.1:${port}`;
  let heard = '';
  const hear = (text: string) => {
    heard += text;
  };
  let current = new ServerProcess(main, env, hear);

  try {
    await current.untilReady(url);
  } catch (error) {
    await cleanUp();
    throw error;
  }

  return {
    url,
    port,
    adminKey: env.EVENKEEL_ADMIN_KEY,
    env,
    violations: [],
    seenRequestIds: new Set(),
    get pid() {
      return current.running ? current.child.pid : undefined;
    },
    logs: () => heard,
    async stop() {
      try {
        await current.end('SIGTERM', stopMsMax);
      } finally {
        await cleanUp();
      }
    },
    kill9: () => current.end('SIGKILL', stopMsMax),
    async restart() {
      await current.end('SIGTERM', stopMsMax);
      current = new ServerProcess(main, env, hear);
      await current.untilReady(url);
    },
  };
}
