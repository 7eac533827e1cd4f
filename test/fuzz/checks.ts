/** What must be true of every answer, whatever the request was. */
import { validateHeaders } from '../support/headers.ts';
import { validateResponse } from '../support/schema.ts';
import type { RawAnswer } from './connection.ts';
import { type Drawn, whoActs } from './draw.ts';
import { bytesOf, saidIn } from './request.ts';
import { canaryPattern, idPattern, type Tenant, toldFrom } from './world.ts';

/** Something that must not be: the kind of it, by which like ones are told, and what was seen. */
export interface Fault {
  readonly kind: string;
  readonly says: string;
}

const serves = /^\/(?:setup|express|authenticate|links|oauth)\/|\/contents$/;

const feePayer = /Application fee from application \S+ for [^(]{0,300} \(acct_\w+\)/g;

const headBytesMax = 16 * 1024;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const types = new Set(['api_error', 'card_error', 'idempotency_error', 'invalid_request_error']);

/** The form of an answer, looked at quickly. */
export function formFault({ request, route }: Drawn, { status, headers, text }: RawAnswer): Fault | null {
  if (status >= 500) return { kind: `status ${status}`, says: text.slice(0, 400) };
  if (status < 200 || status > 499) {
    if (status !== 303 || route?.kind !== 'page') return { kind: `status ${status}`, says: text.slice(0, 400) };
  }
  if (!/^req_[A-Za-z0-9]{14}$/.test(headers.get('request-id') ?? '')) {
    return { kind: 'no Request-Id', says: JSON.stringify([...headers]) };
  }
  if (headers.has('x-injected') || headers.has('set-cookie')) {
    return { kind: 'an injected header', says: JSON.stringify([...headers]) };
  }
  if (request.method === 'HEAD' || serves.test(request.path)) return null;
  if (headers.get('content-type') !== 'application/json') {
    return { kind: 'no JSON', says: headers.get('content-type') ?? 'no content type' };
  }
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { kind: 'no JSON', says: text.slice(0, 400) };
  }
  if (!isObject(body)) return { kind: 'no object', says: text.slice(0, 400) };
  if (status < 400) return null;
  const { error } = body;
  if (!isObject(error) || typeof error.message !== 'string' || !types.has(String(error.type))) {
    return { kind: 'not the form of an error', says: text.slice(0, 400) };
  }
  if (/\bat .*\.[jt]s:\d|\bselect \b|\binsert into\b|postgres/i.test(error.message)) {
    return { kind: 'an error tells of the inside', says: error.message.slice(0, 400) };
  }
  return null;
}

/** The form of an answer by the description of the API: thorough, and slow. */
export function wireFault({ request, expand }: Drawn, answer: RawAnswer): Fault | null {
  const { method, path } = request;
  // What only Stripe's command line asks for is not described.
  if (!path.startsWith('/v1/') || path.startsWith('/v1/stripecli/') || !['GET', 'POST', 'DELETE'].includes(method)) {
    return null;
  }
  const sent = new Map(request.headers.map(([name, value]) => [name.toLowerCase(), value]));
  // An id that names nothing stays one, and so do those of accounts that are others' to see.
  const violations = validateResponse(method, path, answer.status, answer.text, expand).filter(
    (violation) => !violation.includes(': not expanded'),
  );
  // What was sent twice, or is no text, comes back as it was understood; a head that is too long is not even read.
  const isPlain =
    request.headers.length === sent.size &&
    [...sent.values()].every((value) => /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value)) &&
    bytesOf({ ...request, body: null }).length < headBytesMax;
  if (isPlain) violations.push(...validateHeaders({ method, headers: sent }, answer, new Set()));
  const [first] = violations;
  return first === undefined
    ? null
    : {
        kind: `wire: ${first.replace(/'[^']*'|"[^"]*"|\d+/g, '…').slice(0, 90)}`,
        says: violations.slice(0, 5).join('; '),
      };
}

/** Where a platform acting as itself reads what belongs to its accounts. */
const isOfAccounts = (path: string, expand: readonly string[]): boolean =>
  expand.length > 0 ||
  /^\/v1\/(?:accounts?|account_links|account_sessions|events|reporting|files)\b|^\/(?:evenkeel|setup|express|links|authenticate)\//.test(
    path,
  );

/** Whether an answer shows anybody what is another's. */
export function leakFault(
  { request, tenant, expand }: Drawn,
  { status, text }: RawAnswer,
  tenants: readonly Tenant[],
): Fault | null {
  let said: string | null = null;
  const isSaid = (what: string): boolean => {
    said ??= saidIn(request);
    return said.includes(what);
  };
  const acts = whoActs(request.headers, tenant);
  const mayRead = (canary: string, n: number): boolean => {
    if (acts === null) return n === 0 || n > toldFrom || isOfAccounts(request.path, expand);
    // A payment leads to the transfer and the charge that it came from.
    return canary === acts.canary || canary === acts.told || (n === 0 && expand.length > 0);
  };
  // Who paid a fee stands in its row, and is said to the platform alone.
  for (const [canary, owner, n] of text.replaceAll(feePayer, '').matchAll(canaryPattern)) {
    const isOwn = owner === tenant.name && mayRead(canary, Number(n));
    if (!isOwn && !isSaid(canary)) {
      const whose = owner === tenant.name ? 'another account' : 'another platform';
      return {
        kind: `leak of ${whose}'s text`,
        says: `${canary} in an answer to ${acts?.canary ?? tenant.platform.canary}: ${around(text, canary)}`,
      };
    }
  }
  if (status >= 400) return null;
  const books = new Set(tenants.filter((other) => other !== tenant).map(({ book }) => book));
  // An invoice keeps whom it was said to be on behalf of, and is refused when it is paid.
  const told = text.replace(/"on_behalf_of": "acct_\w+"/g, '');
  for (const [id, book] of told.matchAll(idPattern)) {
    if (books.has(book as string) && !isSaid(id)) {
      return { kind: "leak of another platform's id", says: around(text, id) };
    }
  }
  if (acts === null) return null;
  for (const { id } of tenant.sellers) {
    if (id !== acts.id && told.includes(id) && !isSaid(id)) {
      return { kind: "leak of a sibling's id", says: `${id} in an answer to ${acts.id}: ${around(text, id)}` };
    }
  }
  return null;
}

function around(text: string, what: string): string {
  const at = text.indexOf(what);
  return text.slice(Math.max(0, at - 120), at + what.length + 60).replace(/\s+/g, ' ');
}
