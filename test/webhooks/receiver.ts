import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Heard {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly at: number;
}

/** @param n how many requests to this path came before */
type Behaviour = (response: ServerResponse, n: number, request: IncomingMessage) => void;

const succeed: Behaviour = (response) => response.end('ok');

/** A server that is sent webhooks: it succeeds unless told otherwise, and remembers all it heard, in order. */
export class Receiver {
  readonly heard: Heard[] = [];
  readonly #behaviours = new Map<string, Behaviour>();
  readonly #counts = new Map<string, number>();
  readonly #server = createServer((request, response) => this.#take(request, response));
  port = 0;

  static async start(): Promise<Receiver> {
    const receiver = new Receiver();
    receiver.#server.listen(0, '127.0.0.1');
    await once(receiver.#server, 'listening');
    receiver.port = (receiver.#server.address() as AddressInfo).port;
    return receiver;
  }

  url(path: string): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  behave(path: string, behaviour: Behaviour): void {
    this.#behaviours.set(path, behaviour);
  }

  at(path: string): readonly Heard[] {
    return this.heard.filter((heard) => heard.path === path);
  }

  /** The ids of the events that a path was told, in order. */
  ids(path: string): string[] {
    return this.at(path).map(({ body }) => (JSON.parse(body) as { id: string }).id);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return; // it was broken off
    }
    const n = this.#counts.get(path) ?? 0;
    this.#counts.set(path, n + 1);
    this.heard.push({ path, headers: request.headers, body: Buffer.concat(chunks).toString('utf8'), at: Date.now() });
    (this.#behaviours.get(path) ?? succeed)(response, n, request);
  }
}

export const hang: Behaviour = () => {};
export const fail: Behaviour = (response) => {
  response.statusCode = 500;
  response.end('broken');
};
export const reset: Behaviour = (response) => {
  response.socket?.resetAndDestroy();
};

/** Waits until something holds. @throws what `describe` says after `ms` */
export async function until(
  holds: () => boolean | Promise<boolean>,
  describe: () => string = () => 'it does not come true',
  ms = 10_000,
): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(describe());
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
