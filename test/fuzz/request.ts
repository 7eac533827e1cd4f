/** A request as it is grown, sent, shrunk and shown. */
export type Pair = readonly [name: string, value: string];

export type Body =
  | { readonly kind: 'form'; readonly pairs: readonly Pair[] }
  | { readonly kind: 'json'; readonly value: Readonly<Record<string, unknown>> }
  /** Sent as it is. */
  | { readonly kind: 'raw'; readonly text: string };

export interface FuzzRequest {
  readonly method: string;
  /** As it stands in the request line, without the query. */
  readonly path: string;
  readonly query: readonly Pair[];
  readonly headers: readonly Pair[];
  readonly body: Body | null;
}

// Through UTF-8, which has no half of a pair of surrogates.
const encoded = (text: string): string => encodeURIComponent(Buffer.from(text).toString());

/** Brackets are left to be read. */
const spellName = (name: string): string => encoded(name).replaceAll('%5B', '[').replaceAll('%5D', ']');

export const spellPairs = (pairs: readonly Pair[]): string =>
  pairs.map(([name, value]) => `${spellName(name)}=${encoded(value)}`).join('&');

export const targetOf = ({ path, query }: FuzzRequest): string =>
  query.length === 0 ? path : `${path}?${spellPairs(query)}`;

export function bodyText({ body }: FuzzRequest): string | null {
  if (body === null) return null;
  if (body.kind === 'raw') return body.text;
  return body.kind === 'json' ? JSON.stringify(body.value) : spellPairs(body.pairs);
}

/** All that the client said, to tell an echo from a leak. */
export const saidIn = (request: FuzzRequest): string =>
  `${decoded(targetOf(request))} ${decoded(bodyText(request) ?? '')} ${request.headers.map(([, value]) => value).join(' ')}`;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @returns the bytes of the request, which keeps the connection */
export function bytesOf(request: FuzzRequest): Buffer {
  const text = bodyText(request);
  const has = (name: string) => request.headers.some(([header]) => header.toLowerCase() === name);
  const lines = [`${request.method} ${targetOf(request)} HTTP/1.1`];
  if (!has('host')) lines.push('Host: 127.0.0.1');
  for (const [name, value] of request.headers) lines.push(`${name}: ${value}`);
  if (text === null) return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  const body = Buffer.from(text, 'utf8');
  if (has('transfer-encoding')) {
    const chunk = Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')]);
    const chunks = body.length === 0 ? Buffer.from('0\r\n\r\n') : chunk;
    return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), chunks]);
  }
  lines.push(`Content-Length: ${body.length}`);
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}

const quoted = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a shell needs spelled out
  /[\x00-\x1f\x7f]/.test(text)
    ? // biome-ignore lint/suspicious/noControlCharactersInRegex: as above
      `$'${text.replace(/[\\']/g, '\\$&').replace(/[\x00-\x1f\x7f]/g, (sign) => `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`)}'`
    : `'${text.replaceAll("'", `'\\''`)}'`;

/** The request as a line for a shell. */
export function curlOf(request: FuzzRequest, url: string): string {
  const { method, headers } = request;
  const text = bodyText(request);
  return [
    'curl -g',
    ...(method === 'GET' && text === null ? [] : [`-X ${method}`]),
    quoted(url + targetOf(request)),
    ...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(text === null ? [] : [`--data-binary ${quoted(text)}`]),
  ].join(' ');
}
