import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestPlatform } from '../support/platform.ts';
import type { TestServer } from '../support/server.ts';

const binary = join(import.meta.dirname, 'node_modules/@stripe/cli-linux-x64/bin/stripe');

/** Why the vendor's command line cannot be run here; null where it can. */
export const missing: string | null = existsSync(binary)
  ? null
  : `the vendor's command line is not installed (${process.platform}-${process.arch}): run \`npm ci\` in test/cli on linux-x64`;

if (missing !== null) console.warn(`test/cli is skipped: ${missing}`);

const runMsMax = 30_000;

/** A run of the vendor's command line that goes on until it is ended. */
export class Running {
  readonly #child: ChildProcess;
  readonly exited: Promise<unknown>;
  #said = '';

  constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.on('data', (chunk: Buffer) => this.#hear(chunk));
    child.stderr?.on('data', (chunk: Buffer) => this.#hear(chunk));
    this.exited = once(child, 'close');
  }

  #hear(chunk: Buffer): void {
    this.#said += chunk;
  }

  get said(): string {
    return this.#said;
  }

  get exitCode(): number | null {
    return this.#child.exitCode;
  }

  /** Waits until it has said something. @throws what it said instead */
  async says(pattern: RegExp, ms = 15_000): Promise<RegExpExecArray> {
    const deadline = Date.now() + ms;
    for (;;) {
      const found = pattern.exec(this.#said);
      if (found) return found;
      const ended = this.#child.exitCode !== null || this.#child.signalCode !== null;
      if (ended || Date.now() > deadline) throw new Error(`it does not say ${pattern}:\n${this.#said}`);
      await sleep(20);
    }
  }

  async end(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
    await this.exited;
  }
}

/** The vendor's command line, pointed at a server, with nothing else that it could reach. */
export class Vendor {
  readonly #options: readonly string[];
  readonly #home: string;
  readonly #running = new Set<Running>();

  private constructor(server: TestServer, platform: TestPlatform, home: string) {
    this.#options = ['--api-key', platform.secret_key, '--api-base', server.url];
    this.#home = home;
  }

  static async open(server: TestServer, platform: TestPlatform): Promise<Vendor> {
    return new Vendor(server, platform, await mkdtemp(join(tmpdir(), 'ek-cli-')));
  }

  start(...args: string[]): Running {
    const child = spawn(binary, [...args, ...this.#options], {
      cwd: this.#home,
      env: {
        PATH: process.env.PATH ?? '',
        HOME: this.#home,
        XDG_CONFIG_HOME: this.#home,
        STRIPE_CLI_TELEMETRY_OPTOUT: '1',
        // Whatever else it asks the network for fails at once.
        HTTPS_PROXY: 'http://127.0.0.1:9',
        NO_PROXY: '127.0.0.1',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const running = new Running(child);
    this.#running.add(running);
    void running.exited.then(() => this.#running.delete(running));
    return running;
  }

  /** A command that ends by itself. @returns what it said; @throws when it fails */
  async run(...args: string[]): Promise<string> {
    const running = this.start(...args);
    const timer = setTimeout(() => void running.end(), runMsMax);
    await running.exited;
    clearTimeout(timer);
    if (running.exitCode !== 0) throw new Error(`stripe ${args.join(' ')} (${running.exitCode}):\n${running.said}`);
    return running.said;
  }

  /** A command that prints an object of the API. */
  async object<T>(...args: string[]): Promise<T> {
    const said = await this.run(...args);
    const from = said.indexOf('{');
    return JSON.parse(said.slice(from, said.lastIndexOf('}') + 1)) as T;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running].map((running) => running.end()));
    await rm(this.#home, { recursive: true, force: true });
  }
}
