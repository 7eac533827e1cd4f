/** The shortest request that still shows the same. */
import type { FuzzRequest, Pair } from './request.ts';

const triesMax = 80;

/** Requests that are a little shorter. */
function* shorter(request: FuzzRequest): Generator<FuzzRequest> {
  const { headers, query, body } = request;
  const without = <T>(list: readonly T[], at: number): T[] => list.filter((_, index) => index !== at);
  if (body?.kind === 'form') {
    const { pairs } = body;
    if (pairs.length > 3) {
      const half = Math.ceil(pairs.length / 2);
      yield { ...request, body: { ...body, pairs: pairs.slice(0, half) } };
      yield { ...request, body: { ...body, pairs: pairs.slice(half) } };
    }
    for (let at = 0; at < pairs.length; at++) yield { ...request, body: { ...body, pairs: without(pairs, at) } };
  }
  if (body?.kind === 'json') {
    for (const name of Object.keys(body.value)) {
      const { [name]: _, ...rest } = body.value;
      yield { ...request, body: { ...body, value: rest } };
    }
  }
  if (body !== null) yield { ...request, body: null };
  for (let at = 0; at < query.length; at++) yield { ...request, query: without(query, at) };
  for (let at = 0; at < headers.length; at++) {
    if (!/^authorization$/i.test((headers[at] as Pair)[0])) yield { ...request, headers: without(headers, at) };
  }
  if (body?.kind === 'form') {
    for (const [at, [name, value]] of body.pairs.entries()) {
      if (value.length < 40) continue;
      yield { ...request, body: { ...body, pairs: body.pairs.with(at, [name, value.slice(0, value.length / 2)]) } };
    }
  }
}

/** @returns null when the request alone does not show it */
export async function shrink(
  request: FuzzRequest,
  shows: (candidate: FuzzRequest) => Promise<boolean>,
): Promise<FuzzRequest | null> {
  // Under its key it would only be answered as before.
  let shortest: FuzzRequest = { ...request, headers: request.headers.filter(([name]) => name !== 'Idempotency-Key') };
  if (!(await shows(shortest))) {
    if (!(await shows(request))) return null;
    shortest = request;
  }
  let tries = 0;
  for (let changed = true; changed && tries < triesMax; ) {
    changed = false;
    for (const candidate of shorter(shortest)) {
      if (++tries > triesMax) break;
      if (!(await shows(candidate))) continue;
      shortest = candidate;
      changed = true;
      break;
    }
  }
  return shortest;
}
