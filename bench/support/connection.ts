import net from 'node:net';

/** An answer, as far as a load generator looks at it. */
export interface Answer {
  readonly status: number;
  /** Where it comes in chunks, with what stands between them. */
  readonly body: Buffer;
}

const headEnd = Buffer.from('\r\n\r\n');
const lastChunk = Buffer.from('0\r\n\r\n');
const silenceMsMax = 20_000;

/**
 * One keep-alive HTTP/1.1 connection to 127.0.0.1, one request at a time. It knows no more of HTTP than the servers that
 * are measured say, which is why it costs a few microseconds where a real client costs a hundred: on a small machine the generator
 * must not be what is measured.
 */
export class Connection {
  readonly #socket: net.Socket;
  #received: Buffer = Buffer.alloc(0);
  /** Where the body of the answer that is arriving begins and ends; 0 while that is not known. */
  #bodyStart = 0;
  #bodyEnd = 0;
  #waiting: { resolve(answer: Answer): void; reject(error: Error): void } | null = null;

  private constructor(socket: net.Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the server closed the connection')));
    socket.setTimeout(silenceMsMax, () => this.#fail(new Error(`no answer within ${silenceMsMax} ms`)));
  }

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new Connection(socket));
      });
    });
  }

  /** @param request head and body, complete */
  send(request: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#waiting = null;
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    if (this.#bodyEnd === 0) {
      const head = this.#received.indexOf(headEnd);
      if (head < 0) return;
      const headers = this.#received.toString('latin1', 0, head + 2);
      const length = /\r\ncontent-length: *(\d+)/i.exec(headers)?.[1];
      this.#bodyStart = head + headEnd.length;
      if (length !== undefined) this.#bodyEnd = this.#bodyStart + Number(length);
      else if (/\r\ntransfer-encoding: *chunked/i.test(headers)) {
        // One request at a time: nothing comes after the last chunk.
        if (!this.#received.subarray(-lastChunk.length).equals(lastChunk)) return;
        this.#bodyEnd = this.#received.length;
      } else {
        this.#fail(new Error('an answer that does not say how long it is'));
        return;
      }
    }
    if (this.#received.length < this.#bodyEnd) return;
    const status = Number(this.#received.toString('latin1', 9, 12));
    const body = this.#received.subarray(this.#bodyStart, this.#bodyEnd);
    this.#received = Buffer.alloc(0);
    this.#bodyStart = 0;
    this.#bodyEnd = 0;
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.resolve({ status, body });
  }

  #fail(error: Error): void {
    this.#socket.destroy();
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.reject(error);
  }
}

/** What is asked of a server. */
export interface Ask {
  readonly path: string;
  /** The body of a POST; a GET has none. */
  readonly form?: string;
  /** The connected account as which it is asked. */
  readonly account?: string;
}

const headOf = (method: string, { path, account }: Ask, key: string): string =>
  `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${key}\r\n${
    account === undefined ? '' : `Stripe-Account: ${account}\r\n`
  }`;

/** A GET, spelled for `send`. */
export const get = (ask: Ask, key: string): string => `${headOf('GET', ask, key)}\r\n`;

/** A POST with a form body, spelled for `send`. */
export const post = (ask: Ask & { readonly form: string }, key: string, idempotencyKey: string): string =>
  `${headOf('POST', ask, key)}Content-Type: application/x-www-form-urlencoded\r\n` +
  `Idempotency-Key: ${idempotencyKey}\r\nContent-Length: ${Buffer.byteLength(ask.form)}\r\n\r\n${ask.form}`;
