import http from 'node:http';
import https from 'node:https';
import type { Attempt } from '../store/deliveries.ts';
import { guardedLookup, type Resolve, refusedHost } from './guard.ts';

const responseBytesMax = 16 * 1024;
const responseBytesKept = 1024;
/** The status is known by then, so a slow body only costs what would be shown of it. */
const bodyMsMax = 2000;
const idleSocketsMax = 256;
const idleMs = 30_000;

export interface SenderOptions {
  readonly allowPrivate: boolean;
  /** Until the answer must have begun. */
  readonly timeoutMs: number;
  /** How names are looked up; by the system unless said. */
  readonly resolve?: Resolve;
}

/** One try. `succeeded`: the answer was 2xx. */
export interface Sent {
  readonly attempt: Attempt;
  readonly succeeded: boolean;
}

/** Puts bodies to URLs: one connection pool, no redirects, and nothing that a receiver does can hold it for long. */
export class Sender {
  readonly #options: SenderOptions;
  readonly #http: http.Agent;
  readonly #https: https.Agent;
  readonly #underWay = new Set<http.ClientRequest>();

  constructor(options: SenderOptions) {
    this.#options = options;
    const pool = { keepAlive: true, maxFreeSockets: idleSocketsMax, timeout: idleMs, scheduling: 'lifo' } as const;
    this.#http = new http.Agent(pool);
    this.#https = new https.Agent(pool);
  }

  /** Never throws: what goes wrong is the result. */
  async send(url: string, body: string, signature: string, at: number): Promise<Sent> {
    const first = await this.#once(url, body, signature, at);
    // An idle connection that the receiver closed in this very moment says nothing of the receiver.
    return first === 'stale' ? ((await this.#once(url, body, signature, at, true)) as Sent) : first;
  }

  /** Ends what is under way. */
  close(): void {
    for (const request of this.#underWay) request.destroy(new Error('the server stops'));
    this.#http.destroy();
    this.#https.destroy();
  }

  #once(text: string, body: string, signature: string, at: number, fresh = false): Promise<Sent | 'stale'> {
    const started = performance.now();
    return new Promise((resolve) => {
      let done = false;
      let timer: NodeJS.Timeout | undefined;
      const end = (status: number | null, error: string | null, ms: number, response = '') => {
        if (done) return;
        done = true;
        clearTimeout(timer);
        if (request) this.#underWay.delete(request);
        const succeeded = status !== null && status >= 200 && status < 300;
        resolve({ attempt: { at, status, error, ms: Math.round(ms), response }, succeeded });
      };
      let request: http.ClientRequest | undefined;
      const { allowPrivate, timeoutMs, resolve: look } = this.#options;
      let url: URL;
      try {
        url = new URL(text);
      } catch {
        end(null, 'the URL cannot be read', 0);
        return;
      }
      if (url.protocol !== 'http:' && url.protocol !== 'https:') {
        end(null, 'the URL is not HTTP', 0);
        return;
      }
      const refused = refusedHost(url, allowPrivate);
      if (refused !== null) {
        end(null, refused, 0);
        return;
      }
      const secure = url.protocol === 'https:';
      const sent = (secure ? https : http).request(url, {
        method: 'POST',
        agent: fresh ? false : secure ? this.#https : this.#http,
        lookup: guardedLookup(allowPrivate, look),
        headers: {
          Accept: '*/*; q=0.5, application/xml',
          'Cache-Control': 'no-cache',
          'Content-Type': 'application/json; charset=utf-8',
          'Content-Length': Buffer.byteLength(body),
          'Stripe-Signature': signature,
          'User-Agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        },
      });
      request = sent;
      this.#underWay.add(sent);
      timer = setTimeout(() => {
        end(null, `no answer within ${timeoutMs / 1000} seconds`, performance.now() - started);
        sent.destroy();
      }, timeoutMs);
      sent.on('error', (error: NodeJS.ErrnoException) => {
        if (!done && sent.reusedSocket && !fresh && ['ECONNRESET', 'EPIPE'].includes(error.code ?? '')) {
          done = true;
          clearTimeout(timer);
          this.#underWay.delete(sent);
          resolve('stale');
          return;
        }
        end(null, describe(error), performance.now() - started);
      });
      sent.on('response', (response) => {
        const ms = performance.now() - started;
        const status = response.statusCode ?? 0;
        const chunks: Buffer[] = [];
        let bytes = 0;
        const finish = () => {
          const isRedirect = status >= 300 && status < 400;
          const kept = Buffer.concat(chunks).toString('utf8');
          end(status, isRedirect ? 'redirects are not followed' : null, ms, kept);
        };
        clearTimeout(timer);
        timer = setTimeout(() => {
          finish();
          sent.destroy();
        }, bodyMsMax);
        response.on('data', (chunk: Buffer) => {
          if (bytes < responseBytesKept) chunks.push(chunk.subarray(0, responseBytesKept - bytes));
          bytes += chunk.length;
          if (bytes <= responseBytesMax) return;
          finish();
          sent.destroy();
        });
        response.on('end', finish);
        response.on('error', finish);
        response.on('close', finish);
      });
      sent.end(body);
    });
  }
}

function describe(error: NodeJS.ErrnoException): string {
  // With several addresses tried, the parts say what happened.
  const inner = error instanceof AggregateError ? (error.errors[0] as NodeJS.ErrnoException) : error;
  return (inner.message || inner.code || 'the connection failed').slice(0, 300);
}
