import Stripe from 'stripe';
import { validateHeaders } from './headers.ts';
import type { TestServer } from './process.ts';
import { validateResponse } from './schema.ts';

/** The answer of `POST /evenkeel/v1/platforms`. */
export interface TestPlatform {
  readonly id: string;
  readonly object: 'platform';
  readonly secret_key: string;
  readonly test_clock: string | null;
}

export interface NewPlatform {
  readonly country?: string;
  readonly default_currency?: string;
  readonly created?: number; // unix; decides whether the platform has reserves
  readonly reserves_enabled?: boolean;
  readonly payout_interval?: string;
  readonly livemode?: boolean;
  readonly email?: string;
  /** The same platform in the other mode. */
  readonly other_mode?: string;
  readonly test_clock?: { readonly frozen_time: number };
}

/** Our own routes answered an error. */
export class AdminError extends Error {
  readonly status: number;
  readonly body: { error?: { code?: string; param?: string; message?: string } };

  constructor(request: string, status: number, body: AdminError['body']) {
    super(`${request}: ${status} ${body.error?.message ?? JSON.stringify(body)}`);
    this.name = 'AdminError';
    this.status = status;
    this.body = body;
  }
}

/** Who our own routes are asked of. */
export type Admin = Pick<TestServer, 'url' | 'adminKey' | 'violations'>;

/**
 * A JSON request to `/evenkeel/v1/…`.
 *
 * @param key  a platform's secret key, or the server's admin key
 * @throws AdminError for a refusal, Error for an answer of the wrong shape
 */
export async function admin<Answer>(
  server: Admin,
  key: string,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<Answer> {
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const request = `${method} ${path}`;
  const violations = validateResponse(method, path.replace(/\?.*/, ''), response.status, text, []);
  if (violations.length > 0) {
    server.violations.push(...violations.map((violation) => `${request}: ${violation}`));
    throw new Error(`${request} (${response.status}): ${violations.join('; ')}`);
  }
  const answer = JSON.parse(text) as Answer;
  if (response.status >= 400) throw new AdminError(request, response.status, answer as AdminError['body']);
  return answer;
}

/** A platform of its own for one test: nothing that others do can be seen from it. */
export function createPlatform(server: Admin, body: NewPlatform = {}): Promise<TestPlatform> {
  return admin(server, server.adminKey, 'POST', '/evenkeel/v1/platforms', body);
}

/** The `expand` of a request, wherever the client put it. */
function requestExpand(url: URL, body: unknown): string[] {
  const form = new URLSearchParams(typeof body === 'string' ? body : '');
  return [...url.searchParams, ...form].filter(([name]) => /^expand\[\d*\]$/.test(name)).map(([, value]) => value);
}

const lowerCased = (headers: Headers): Map<string, string> => new Map([...headers]);

/**
 * Looks at every answer before the client does. A client that hid the violation behind an error of its own would tell
 * nothing, so the violations go to it as a server error whose message lists them.
 */
function examining(server: TestServer): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    const text = await response.text();
    const method = init?.method ?? 'GET';
    const url = new URL(String(input));
    const answered = { status: response.status, headers: lowerCased(response.headers) };
    const violations = [
      ...validateResponse(method, url.pathname, response.status, text, requestExpand(url, init?.body)),
      ...validateHeaders({ method, headers: lowerCased(new Headers(init?.headers)) }, answered, server.seenRequestIds),
    ];
    if (violations.length === 0) return new Response(text, { status: response.status, headers: response.headers });
    const request = `${method} ${url.pathname} (${response.status})`;
    server.violations.push(...violations.map((violation) => `${request}: ${violation}`));
    const message = `${request} breaks the wire contract:\n${violations.join('\n')}\nbody: ${text.slice(0, 2000)}`;
    return Response.json(
      { error: { type: 'api_error', message } },
      { status: 500, headers: { 'stripe-should-retry': 'false' } },
    );
  };
}

/**
 * Stripe's own client, pointed at the server. Every answer is checked by `validateResponse` and `validateHeaders`; one
 * that breaks them becomes a StripeAPIError that lists the violations, and is remembered in `server.violations`.
 * Nothing is retried unless `config` says so, so that a test sees the first answer.
 */
export function stripeFor(
  server: TestServer,
  platform: { readonly secret_key: string },
  config: { readonly maxNetworkRetries?: number } = {},
): Stripe {
  return new Stripe(platform.secret_key, {
    protocol: 'http',
    host: '127.0.0.1',
    port: server.port,
    httpClient: Stripe.createFetchHttpClient(examining(server)),
    maxNetworkRetries: config.maxNetworkRetries ?? 0,
  });
}

const advanceMsMax = 60_000;

/**
 * Moves the platform's test clock and waits until everything that was due has happened.
 *
 * @param to  unix seconds
 */
export async function advanceClock(stripe: Stripe, clock: string, to: number): Promise<void> {
  const deadline = Date.now() + advanceMsMax;
  let state = await stripe.testHelpers.testClocks.advance(clock, { frozen_time: to });
  while (state.status === 'advancing') {
    if (Date.now() > deadline) throw new Error(`test clock ${clock} is still advancing after ${advanceMsMax} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
    state = await stripe.testHelpers.testClocks.retrieve(clock);
  }
  if (state.status !== 'ready') throw new Error(`test clock ${clock} is ${state.status}`);
}

/** What Stripe's client throws for `work`; anything else it throws is thrown on. */
export const refusalOf = async (work: Promise<unknown>): Promise<Stripe.errors.StripeError> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};
