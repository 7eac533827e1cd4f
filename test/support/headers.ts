/** Browsers may call the API from anywhere. */
export const crossOrigin: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-allow-credentials': 'true',
  'access-control-allow-methods': 'GET, HEAD, PUT, PATCH, POST, DELETE',
  'access-control-max-age': '300',
  'access-control-expose-headers':
    'Request-Id, Stripe-Manage-Version, Stripe-Should-Retry, X-Stripe-External-Auth-Required, X-Stripe-Privileged-Session-Required',
};

/**
 * What must be true of every answer's headers under /v1. Pure, so that a test can say each promise.
 *
 * @param request.headers   as sent, names in lower case
 * @param response.headers  as received, names in lower case
 * @param seenRequestIds    the ids of earlier answers; the new one is added
 * @returns violations in words, empty if there are none
 */
export function validateHeaders(
  request: { readonly method: string; readonly headers: ReadonlyMap<string, string> },
  response: { readonly status: number; readonly headers: ReadonlyMap<string, string> },
  seenRequestIds: Set<string>,
): string[] {
  const violations: string[] = [];
  const expectHeader = (name: string, expected: string) => {
    const actual = response.headers.get(name);
    if (actual !== expected) violations.push(`header ${name}: ${JSON.stringify(actual)}, expected '${expected}'`);
  };

  const requestId = response.headers.get('request-id') ?? '';
  if (!/^req_[A-Za-z0-9]{14}$/.test(requestId)) violations.push(`header request-id: malformed '${requestId}'`);
  if (seenRequestIds.has(requestId)) violations.push(`header request-id: ${requestId} was given to an earlier answer`);
  seenRequestIds.add(requestId);

  const version = request.headers.get('stripe-version');
  // A malformed version is refused, so only a served one has to come back.
  if (version !== undefined && response.status < 400) expectHeader('stripe-version', version);
  else if (!response.headers.has('stripe-version')) violations.push('header stripe-version: missing');

  const key = request.headers.get('idempotency-key');
  if (request.method === 'POST' && key !== undefined && response.status < 400) {
    expectHeader('idempotency-key', key);
    const original = response.headers.get('original-request') ?? '';
    const replayed = response.headers.get('idempotent-replayed') === 'true';
    if (!/^req_[A-Za-z0-9]{14}$/.test(original)) violations.push(`header original-request: malformed '${original}'`);
    if (!replayed && original !== requestId) violations.push(`header original-request: ${original} on a first answer`);
    if (replayed && original === requestId) violations.push('header original-request: a replay names itself');
  }

  const shouldRetry = response.headers.get('stripe-should-retry');
  if (request.method === 'GET' && shouldRetry !== undefined && response.status < 429) {
    violations.push('header stripe-should-retry: not on GET');
  }
  if (request.method === 'POST' && response.status < 409) expectHeader('stripe-should-retry', 'false');

  const account = request.headers.get('stripe-account');
  if (account !== undefined && response.status < 400) expectHeader('stripe-account', account);

  expectHeader('cache-control', 'no-cache, no-store');
  expectHeader('x-content-type-options', 'nosniff');
  for (const [name, expected] of Object.entries(crossOrigin)) expectHeader(name, expected);
  const challenge = response.headers.get('www-authenticate');
  if (response.status === 401 && !/^(Basic|Bearer) realm="Stripe"$/.test(challenge ?? '')) {
    violations.push(`header www-authenticate: ${JSON.stringify(challenge)}`);
  }
  if (response.status === 409 || response.status === 429) expectHeader('stripe-should-retry', 'true');
  if (!(response.headers.get('vary') ?? '').split(/,\s*/).includes('Origin'))
    violations.push('header vary: lacks Origin');
  // stripe-node prints it as a warning of the process, other clients write it to stderr.
  if (response.headers.has('stripe-notice')) violations.push('header stripe-notice: never sent');
  return violations;
}
