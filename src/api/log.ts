import { withoutSecrets } from './mask.ts';

/** What a line of the log may say. Never a key, a card number, or what a request was sent with. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

const order = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type Level = (typeof order)[number];

// Writing each line by itself costs a system call a request.
const flushMs = 50;
const bufferedMax = 64 * 1024;

/** One JSON line for each thing that happened. Lines are gathered for a moment; what went wrong is written at once. */
export class Log {
  readonly #from: number;
  readonly #write: (text: string) => void;
  #buffered = '';
  #timer: NodeJS.Timeout | null = null;

  constructor(level: Level, write: (text: string) => void) {
    this.#from = order.indexOf(level);
    this.#write = write;
  }

  writes(level: Exclude<Level, 'silent'>): boolean {
    return order.indexOf(level) >= this.#from;
  }

  info(message: string, fields: LogFields = {}): void {
    if (this.writes('info')) this.#line('info', message, fields);
  }

  warn(message: string, fields: LogFields = {}): void {
    if (this.writes('warn')) this.#line('warn', message, fields);
  }

  /** @param error  with its stack and causes, which no client gets to see */
  error(message: string, error: unknown, fields: LogFields = {}): void {
    if (!this.writes('error')) return;
    this.#line('error', message, { ...fields, error: withoutSecrets(describe(error)) });
    this.flush();
  }

  /** Writes what is gathered; to be called before the process ends. */
  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#buffered === '') return;
    const text = this.#buffered;
    this.#buffered = '';
    this.#write(text);
  }

  #line(level: string, message: string, fields: LogFields): void {
    const time = Math.round(performance.timeOrigin + performance.now()) / 1000;
    this.#buffered += `${JSON.stringify({ time, level, message, ...fields })}\n`;
    if (this.#buffered.length >= bufferedMax) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), flushMs).unref();
  }
}

/** What went wrong and why, without where: what a connection that fails to several addresses says is in its code alone. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const said = error.message || ('code' in error ? String(error.code) : error.name);
  return withoutSecrets(error.cause === undefined ? said : `${said}: ${reasonOf(error.cause)}`);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${describe(error.cause)}`;
  return `${error.stack ?? `${error.name}: ${error.message}`}${cause}`;
}
