import { validateHeaders } from './headers.ts';
import { validateResponse } from './schema.ts';
import type { TestServer } from './server.ts';

export interface WireRequest {
  readonly method?: string; // GET unless said
  readonly path: string; // with query
  /** A secret key; null sends no Authorization at all. */
  readonly key: string | null;
  readonly headers?: Readonly<Record<string, string>>; // names in lower case
  /** Form-encoded already: a test of spellings decides every byte. */
  readonly form?: string;
  /** Sent as it is, with the content type that `headers` says. */
  readonly raw?: string;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

/** The error of an answer; an empty one if it is none, so that a comparison shows what came instead. */
export const errorOf = ({ body }: Pick<WireAnswer, 'body'>): Record<string, unknown> =>
  (body.error as Record<string, unknown> | undefined) ?? {};

const form = 'application/x-www-form-urlencoded';

/**
 * A request without any client in between, for what clients never send or never show. The answer is checked like
 * every other; violations are thrown and remembered in `server.violations`.
 */
export async function send(server: TestServer, request: WireRequest): Promise<WireAnswer> {
  const method = request.method ?? 'GET';
  const sent = new Map<string, string>(Object.entries(request.headers ?? {}));
  if (request.key !== null && !sent.has('authorization')) sent.set('authorization', `Bearer ${request.key}`);
  const body = request.raw ?? request.form;
  if (body !== undefined && !sent.has('content-type')) sent.set('content-type', form);
  const response = await fetch(`${server.url}${request.path}`, {
    method,
    headers: Object.fromEntries(sent),
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  const headers = new Map([...response.headers]);
  const url = new URL(`${server.url}${request.path}`);
  const expand = [...url.searchParams, ...new URLSearchParams(request.form ?? '')]
    .filter(([name]) => /^expand\[\d*\]$/.test(name))
    .map(([, value]) => value);
  const violations = [
    ...validateResponse(method, url.pathname, response.status, text, expand),
    ...validateHeaders({ method, headers: sent }, { status: response.status, headers }, server.seenRequestIds),
  ];
  if (!/^application\/json\b/.test(headers.get('content-type') ?? '')) {
    violations.push(`header content-type: ${headers.get('content-type')}`);
  }
  if (violations.length > 0) {
    server.violations.push(...violations.map((violation) => `${method} ${request.path}: ${violation}`));
    throw new Error(`${method} ${request.path} (${response.status}): ${violations.join('\n')}\n${text.slice(0, 500)}`);
  }
  return { status: response.status, headers, text, body: JSON.parse(text) as Record<string, unknown> };
}
