/** A wire to PostgreSQL that breaks: before a statement, in the middle of it, or when it is done and nobody hears so. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Random } from './random.ts';

/** How often a statement meets each, in ten thousand. */
const faults = { before: 30, half: 20, after: 30, late: 20 };
type Fault = keyof typeof faults;

/** How often it happened. */
export type Broken = Record<Fault, number>;

export const nothingBroken = (): Broken => ({ before: 0, half: 0, after: 0, late: 0 });

/** For how long a statement is held up whose connection is gone already. */
const lateMs = 30;

export class Wire {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  readonly #random: Random;
  readonly #broken: Broken;
  /** Told of every statement that passes. */
  readonly #onStatement: () => void;

  /** @param path  the Unix socket of PostgreSQL */
  constructor(path: string, random: Random, broken: Broken, onStatement: () => void) {
    this.#random = random;
    this.#broken = broken;
    this.#onStatement = onStatement;
    this.#server = createServer((client) => this.#join(client, connect(path)));
  }

  /** The port of 127.0.0.1 to connect to. */
  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as { port: number }).port;
  }

  #join(client: Socket, postgres: Socket): void {
    const cut = () => {
      client.destroy();
      postgres.destroy();
      for (const end of [client, postgres]) this.#open.delete(end);
    };
    for (const end of [client, postgres]) {
      this.#open.add(end);
      end.on('error', cut);
      end.on('close', () => this.#open.delete(end));
    }
    client.setNoDelay(true);
    let isDeaf = false;
    let isGreeted = false;
    client.on('data', (bytes) => {
      // The greeting is no statement: without it there would be no connection to break.
      const fault = isGreeted ? this.#draw() : null;
      isGreeted = true;
      this.#onStatement();
      if (fault === 'before') return cut();
      if (fault === 'half') postgres.end(bytes.subarray(0, bytes.length >>> 1), cut);
      else if (fault === 'late') {
        client.destroy();
        setTimeout(() => postgres.write(bytes, () => setTimeout(cut, 10 * lateMs)), lateMs);
        isDeaf = true;
      } else {
        isDeaf ||= fault === 'after';
        postgres.write(bytes);
      }
    });
    postgres.on('data', (bytes) => {
      if (!isDeaf) client.write(bytes);
      else if (!client.destroyed) cut();
    });
    client.on('close', () => {
      if (!isDeaf) cut();
    });
    postgres.on('close', () => client.destroy());
  }

  #draw(): Fault | null {
    let at = this.#random.int(10_000);
    for (const [fault, often] of Object.entries(faults)) {
      at -= often;
      if (at >= 0) continue;
      this.#broken[fault as Fault]++;
      return fault as Fault;
    }
    return null;
  }

  /** What hangs on it is cut off. */
  async close(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
