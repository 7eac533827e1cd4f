/**
 * The endpoints of a webhook benchmark, in a process of their own: /hang never answers, /fail answers 500, whatever else
 * takes what it is sent and remembers when each event came first.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type ToReceiver = { readonly kind: 'counts' } | { readonly kind: 'report' };

/** `arrivals`: path → event id → milliseconds since 1970. */
export type FromReceiver =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'counts'; readonly counts: Readonly<Record<string, number>>; readonly requests: number }
  | { readonly kind: 'report'; readonly arrivals: Readonly<Record<string, Readonly<Record<string, number>>>> };

const arrivals = new Map<string, Map<string, number>>();
let requests = 0;

const server = createServer((request, response) => {
  const at = performance.timeOrigin + performance.now();
  const path = request.url ?? '';
  requests++;
  if (path === '/hang') return void request.resume();
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (path === '/fail') response.statusCode = 500;
    const id = /"id": "(evt_\w+)"/.exec(Buffer.concat(chunks).toString('latin1').slice(0, 100))?.[1] ?? '';
    const known = arrivals.get(path) ?? new Map<string, number>();
    arrivals.set(path, known);
    if (!known.has(id)) known.set(id, at);
    response.end();
  });
});

const say = (message: FromReceiver) => process.send?.(message);

process.on('message', ({ kind }: ToReceiver) => {
  if (kind === 'counts') {
    const counts = Object.fromEntries([...arrivals].map(([path, known]) => [path, known.size]));
    say({ kind, counts, requests });
  } else {
    say({
      kind,
      arrivals: Object.fromEntries([...arrivals].map(([path, known]) => [path, Object.fromEntries(known)])),
    });
  }
});
// Whoever started us is gone.
process.on('disconnect', () => process.exit());

server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => say({ kind: 'listening', port: (server.address() as AddressInfo).port }));
