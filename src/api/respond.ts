import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Refusal, refuse } from '../kernel/refusal.ts';
import { errorBody, Refused } from './errors.ts';

export const defaultVersion = '2026-10-28.endive';

/** One request and what is known of it so far; what the headers of its answer are made from. */
export interface Exchange {
  readonly id: string;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  version: string;
  /** The key of a POST, once it is known to be one. */
  idempotencyKey: string | null;
  /** The account that a header named, once access is granted. */
  namedAccount: string | null;
  /** For the log. */
  account: string | null;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  /** The req_ id of the first request under the key, when this is a repetition. */
  readonly original?: string;
  /** Of what is no JSON; the other headers that it needs, name and value in turn. */
  readonly page?: { readonly type: string; readonly headers: readonly string[] };
  /** Sent in place of `body`: bytes that are read while they are sent, `size` of them. */
  readonly bytes?: { readonly size: number; readonly parts: AsyncIterable<Uint8Array> };
}

export const refusalAnswer = (refusal: Refusal, body: string = errorBody(refusal)): Answer => ({
  status: refusal.status,
  body,
});

// What every answer has, as writeHead takes it: name and value in turn. The type comes first: pages have another.
const always: readonly string[] = [
  'Content-Type',
  'application/json',
  'Cache-Control',
  'no-cache, no-store',
  'Vary',
  'Origin',
  'X-Content-Type-Options',
  'nosniff',
  'Access-Control-Allow-Origin',
  '*',
  'Access-Control-Allow-Credentials',
  'true',
  'Access-Control-Allow-Methods',
  'GET, HEAD, PUT, PATCH, POST, DELETE',
  'Access-Control-Max-Age',
  '300',
  'Access-Control-Expose-Headers',
  'Request-Id, Stripe-Manage-Version, Stripe-Should-Retry, X-Stripe-External-Auth-Required, X-Stripe-Privileged-Session-Required',
];

const retryAfterSeconds = '1';

/**
 * Clients obey Stripe-Should-Retry over their own rules, so it is sent only where we are sure. 409 and 429 say nothing of
 * the request itself: the same one may succeed in a moment.
 */
function shouldRetry(method: string, status: number): string | null {
  if (status === 409 || status === 429) return 'true';
  return method === 'POST' && status < 500 ? 'false' : null;
}

/**
 * Writes an answer with the headers that every answer has.
 *
 * @param closes the connection ends with this answer
 * @param extra  further headers: name and value in turn
 */
export function respond(
  response: ServerResponse,
  exchange: Exchange,
  answer: Answer,
  closes = false,
  extra: readonly string[] = [],
): void {
  const { status, body } = answer;
  const headers = always.slice();
  if (answer.page) {
    headers[1] = answer.page.type;
    headers.push(...answer.page.headers);
  }
  headers.push('Request-Id', exchange.id, 'Stripe-Version', exchange.version);
  headers.push('Content-Length', String(answer.bytes?.size ?? Buffer.byteLength(body)));
  if (exchange.namedAccount !== null) headers.push('Stripe-Account', exchange.namedAccount);
  if (exchange.idempotencyKey !== null) {
    headers.push('Idempotency-Key', exchange.idempotencyKey, 'Original-Request', answer.original ?? exchange.id);
    if (answer.original !== undefined) headers.push('Idempotent-Replayed', 'true');
  }
  const retry = shouldRetry(exchange.method, status);
  if (retry !== null) headers.push('Stripe-Should-Retry', retry);
  if (status === 401) {
    const scheme = exchange.path.startsWith('/oauth/') ? 'Bearer' : 'Basic';
    headers.push('WWW-Authenticate', `${scheme} realm="Stripe"`);
  }
  if (status === 429 || status === 503) headers.push('Retry-After', retryAfterSeconds);
  if (closes) headers.push('Connection', 'close');
  if (extra.length > 0) headers.push(...extra);
  response.writeHead(status, headers);
  if (answer.bytes === undefined || exchange.method === 'HEAD') response.end(body);
  // Whoever went away, or a database that did: the connection ends before the promised length.
  else pipeline(Readable.from(answer.bytes.parts), response).catch(() => {});
}

// Clients send one version or two, so they are looked at once.
const wellFormed = new Set<string>([defaultVersion]);

/** The version that the answer follows. There is one shape, so any well-formed version is served and echoed. */
export function versionOf(requested: string | undefined): string {
  if (requested === undefined) return defaultVersion;
  if (wellFormed.has(requested)) return requested;
  if (!/^\d{4}-\d{2}-\d{2}(\.[a-z0-9_]+)?(;\s*[a-z0-9_]+=v\d+)*$/i.test(requested)) {
    throw new Refused(refuse('invalid_api_version', { version: requested }));
  }
  if (wellFormed.size < 1000) wellFormed.add(requested);
  return requested;
}
