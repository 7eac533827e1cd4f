/** HTTP/1.1 over one kept connection, byte for byte: a client library would not send half of what the attack sends. */
import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
}

/** The connection ended, or nothing came, before there was a whole answer. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

const blankLine = Buffer.from('\r\n\r\n');

/** The answer that `bytes` begin with, and where it ends; null while it is not whole. */
export function answerIn(bytes: Buffer, isHead: boolean): { readonly answer: RawAnswer; readonly end: number } | null {
  const headEnd = bytes.indexOf(blankLine);
  if (headEnd < 0) return null;
  const [first = '', ...lines] = bytes.toString('latin1', 0, headEnd).split('\r\n');
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  const status = Number(first.split(' ')[1]);
  const start = headEnd + blankLine.length;
  const hasBody = !isHead && status >= 200 && status !== 204 && status !== 304;
  const length = hasBody ? Number(headers.get('content-length') ?? 0) : 0;
  if (bytes.length < start + length) return null;
  const end = start + length;
  return { answer: { status, headers, text: bytes.toString('utf8', start, end) }, end };
}

/** One request at a time. Opens the connection anew when the server has ended it. */
export class Connection {
  readonly #port: number;
  #socket: Socket | null = null;

  constructor(port: number) {
    this.#port = port;
  }

  /** @throws NoAnswer */
  ask(bytes: Buffer, { isHead = false, msMax = 30_000 } = {}): Promise<RawAnswer> {
    return new Promise((resolve, reject) => {
      const socket = this.#socket ?? connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
      this.#socket = socket;
      let received: Buffer = Buffer.alloc(0);
      const late = setTimeout(() => fail(`no answer within ${msMax} ms`), msMax);
      const forget = () => {
        clearTimeout(late);
        socket.off('data', hear).off('close', ended).off('error', ended);
      };
      const fail = (reason: string) => {
        forget();
        this.close();
        reject(new NoAnswer(reason));
      };
      const ended = () => fail('the connection ended without an answer');
      const hear = (chunk: Buffer) => {
        received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
        const found = answerIn(received, isHead);
        if (found === null) return;
        forget();
        const { answer } = found;
        if (answer.headers.get('connection') === 'close' || found.end !== received.length) this.close();
        resolve(answer);
      };
      socket.on('data', hear).on('close', ended).on('error', ended);
      socket.write(bytes);
    });
  }

  close(): void {
    // What still arrives is nobody's.
    this.#socket?.on('error', () => {}).destroy();
    this.#socket = null;
  }
}
