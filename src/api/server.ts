import { type IncomingMessage, maxHeaderSize, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import type { Engine } from '../engine/engine.ts';
import type { Kind, StoredObject } from '../kernel/kind.ts';
import { type Refusal, refuse } from '../kernel/refusal.ts';
import type { KeyStore, ReadStore } from '../store/reader.ts';
import type { Store } from '../store/store.ts';
import { Answering, type Incoming } from './answering.ts';
import { AccountAccess, Authentication } from './auth.ts';
import { errorBody, failureOf, isAway, Refused } from './errors.ts';
import type { Feature } from './feature.ts';
import { type EngineNumbers, Metrics } from './health.ts';
import { InFlight } from './idempotency.ts';
import { Log, reasonOf } from './log.ts';
import { withoutSecrets } from './mask.ts';
import type { OtherBook } from './other-mode.ts';
import { Permissions } from './permissions.ts';
import { requestId } from './request-id.ts';
import { type Answer, defaultVersion, type Exchange, refusalAnswer, respond } from './respond.ts';
import type { Route } from './route.ts';
import { type ApplicationName, type LineView, Views } from './views.ts';

export interface ServerOptions {
  readonly engine: Engine;
  readonly store: ReadStore;
  readonly keys: KeyStore;
  /** Where our own routes make and open books. */
  readonly books: Store;
  readonly features: readonly Feature[];
  // biome-ignore lint/suspicious/noExplicitAny: a kind of whatever accounts are
  readonly accountsKind: Kind<any>;
  /** Whether a platform's key may act as this account: it is connected and not deleted. */
  readonly accountAccess: (account: StoredObject) => boolean;
  /** How balance transactions are shown where `expand` asks for one. */
  readonly lineView?: LineView;
  /** What the platform calls its application, which `expand` shows in place of a ca_ id. */
  readonly applicationName?: ApplicationName;
  /** Without it no platform has another mode. */
  readonly otherBook?: OtherBook;
  /** null: our own routes answer platforms' keys alone. */
  readonly adminKey?: string | null;
  readonly log?: Log;
  /** Told of every answer as it goes out. Must not throw. */
  readonly onAnswered?: (exchange: Exchange, answer: Answer, ip: string) => void;
  /** For `/readyz`: whether requests are served as they should be. Without it, whether overdue work is done. */
  readonly isReady?: () => boolean | Promise<boolean>;
  readonly engineNumbers?: () => EngineNumbers;
  /** How large a file may be that is uploaded. */
  readonly fileBytesMax?: number;
  /** Requests a second that a key may send to this process; 0, as without it: any number. */
  readonly rateLimit?: number;
  /** In place of `patienceDefault`. */
  readonly patience?: typeof patienceDefault;
  /** Milliseconds that only go forward, for what is remembered for a while. */
  readonly ticks?: () => number;
}

const bodyBytesMax = 1024 * 1024;
const fileBytesMaxDefault = 10 * 1024 * 1024;
// Clients hold connections open, and one that is reset under a request is repeated.
const keepAliveMs = 72_000;
const discardBytesMax = 64 * 1024 * 1024;
const discardMs = 5_000;
const readyMsMax = 2000;
/** How slowly a request may come: its head, all of it, and how often that is looked at. Milliseconds. */
const patienceDefault = { headers: 20_000, request: 60_000, check: 5000 };
const idLengthMax = 1000;

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** The HTTP server: all routes of the features, and the answers to everything else in the same form. */
export function buildServer(options: ServerOptions): FastifyInstance {
  const ticks = options.ticks ?? (() => performance.now());
  const patience = options.patience ?? patienceDefault;
  const { engine, store, keys, books, features } = options;
  const log = options.log ?? new Log('silent', () => {});
  const metrics = new Metrics(options.engineNumbers);
  const answering = new Answering({
    engine,
    store,
    keys,
    books,
    views: new Views(features, options.lineView ?? null, options.applicationName ?? null),
    authentication: new Authentication(keys, options.adminKey ?? null, ticks, options.rateLimit),
    permissions: new Permissions(features),
    access: new AccountAccess(store, options.accountsKind, options.accountAccess, ticks),
    inFlight: new InFlight(),
    otherBook: options.otherBook ?? (async () => null),
  });
  let closing = false;

  const app = fastify({
    logger: false,
    bodyLimit: bodyBytesMax,
    keepAliveTimeout: keepAliveMs,
    requestTimeout: patience.request,
    // A request without a host is answered as any other, and slow ones are looked for often enough to be told in time.
    http: { requireHostHeader: false, connectionsCheckingInterval: patience.check },
    // While we close, what arrives on open connections is still answered, and the connection ends with it.
    return503OnClosing: false,
    routerOptions: { maxParamLength: idLengthMax },
    clientErrorHandler: malformed,
    frameworkErrors: (_error, request, reply) => {
      finish(
        request,
        reply,
        '',
        performance.now(),
        newExchange(request),
        unrecognized(request.method, pathOf(request)),
      );
    },
  });
  app.server.headersTimeout = patience.headers;
  // Whatever else a client expects of us, it gets an answer.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
  app.addHook('preClose', async () => {
    closing = true;
  });

  // What a body is, the route says; so all are taken as they are.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.addContentTypeParser('multipart/form-data', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  // What stands in the path of a page lets its reader in, so the log has no more than where it begins.
  const pages = new Set(
    features.flatMap(({ routes = [] }) =>
      routes.flatMap(({ kind, path }) => (kind === 'page' && !path.startsWith('/v1/') ? [headOf(path)] : [])),
    ),
  );
  const shownPath = ({ path }: Exchange): string => {
    const head = headOf(path);
    return pages.has(head) ? `/${head}/…` : withoutSecrets(path);
  };

  const finish = (
    request: FastifyRequest,
    reply: FastifyReply,
    route: string,
    started: number,
    exchange: Exchange,
    answer: Answer,
    extra?: readonly string[],
  ): FastifyReply => {
    reply.hijack();
    try {
      // The rest of a body that is too large is never read, so the connection is of no more use.
      respond(reply.raw, exchange, answer, closing || answer.status === 413, extra);
    } catch (error) {
      // A header that cannot be written must not leave the client waiting.
      respond(reply.raw, exchange, failed(error, exchange), true);
    }
    const ms = performance.now() - started;
    metrics.count(request.method, route, answer.status, ms);
    options.onAnswered?.(exchange, answer, request.ip);
    if (log.writes('info')) {
      log.info('request', {
        method: exchange.method,
        path: shownPath(exchange),
        status: answer.status,
        ms: Math.round(ms * 100) / 100,
        request_id: exchange.id,
        account: exchange.account,
      });
    }
    return reply;
  };

  /** The answer to a request that was thrown out of; faults are told to the log alone. */
  const failed = (error: unknown, exchange: Exchange): Answer => {
    const { refusal, fault } = failureOf(error);
    const where = () => ({
      method: exchange.method,
      path: shownPath(exchange),
      request_id: exchange.id,
      account: exchange.account,
    });
    // Where we stood when the database went away tells nobody anything; why it is away does.
    if (isAway(fault)) log.warn(refusal.error.message, { ...where(), error: reasonOf(fault) });
    else if (fault !== null) log.error(refusal.error.message, fault, where());
    return refusalAnswer(refusal);
  };

  const serve = (route: Route): Handler => {
    const hasNames = route.path.includes(':');
    return async (request, reply) => {
      const started = performance.now();
      const exchange = newExchange(request);
      let answer: Answer;
      try {
        const incoming = incomingOf(request, exchange);
        if (hasNames && Object.values(incoming.names).includes('')) {
          await answering.authenticate(incoming, null);
          answer = unrecognized(exchange.method, exchange.path);
        } else answer = await answering.answer(route, incoming);
      } catch (error) {
        answer = failed(error, exchange);
      }
      return finish(request, reply, route.path, started, exchange, answer);
    };
  };

  /** Before a large body is taken in: nobody without a key makes us hold it. What is left of it is never read. */
  const admitTo =
    (route: Route) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      const exchange = newExchange(request);
      try {
        await answering.authenticate(incomingOf(request, exchange), route);
      } catch (error) {
        finish(request, reply, 'refused', performance.now(), exchange, failed(error, exchange), [
          'Connection',
          'close',
        ]);
      }
    };

  for (const route of features.flatMap((feature) => feature.routes ?? [])) {
    const takesFiles = route.kind === 'command' && route.keep !== null;
    // What stands beside the file has the room of any other body.
    const bodyLimit = bodyBytesMax + (takesFiles ? (options.fileBytesMax ?? fileBytesMaxDefault) : 0);
    app.route({
      method: route.method,
      url: route.path,
      bodyLimit,
      handler: serve(route),
      ...(takesFiles && { onRequest: admitTo(route) }),
    });
  }

  app.setNotFoundHandler(async (request, reply) => {
    const started = performance.now();
    const exchange = newExchange(request);
    let answer = unrecognized(exchange.method, exchange.path);
    try {
      if (/^\/(?:v1|v2|evenkeel)\//.test(exchange.path))
        await answering.authenticate(incomingOf(request, exchange), null);
    } catch (error) {
      answer = failed(error, exchange);
    }
    return finish(request, reply, 'unrecognized', started, exchange, answer);
  });

  app.setErrorHandler(async (error, request, reply) => {
    const exchange = newExchange(request);
    await discarded(request.raw);
    return finish(
      request,
      reply,
      'refused',
      performance.now(),
      exchange,
      failed(ofFramework(error, request), exchange),
    );
  });

  app.options('*', async (request, reply) => {
    const asked = request.headers['access-control-request-headers'];
    const extra = asked === undefined ? [] : ['Access-Control-Allow-Headers', asked];
    const answer = { status: 200, body: '{}\n' };
    return finish(request, reply, 'options', performance.now(), newExchange(request), answer, extra);
  });

  const isReady = async (): Promise<boolean> => {
    if (closing) return false;
    // A database that hangs is as good as none, and whoever asks does not wait for it.
    const late = new AbortController();
    const hangs = sleep(readyMsMax, false, { signal: late.signal }).catch(() => false);
    try {
      return await Promise.race([hangs, options.isReady ? options.isReady() : engine.caughtUp]);
    } catch {
      return false;
    } finally {
      late.abort();
    }
  };
  app.get('/healthz', async (_request, reply) => reply.send({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const ready = await isReady();
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready' });
  });
  app.get('/metrics', async (_request, reply) =>
    reply.header('content-type', metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
  return app;
}

/** `links` of `/links/x`. */
const headOf = (path: string): string => path.split('/', 2)[1] ?? '';

function pathOf({ url }: { readonly url: string }): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

const newExchange = (request: FastifyRequest): Exchange => ({
  id: requestId(),
  method: request.method,
  path: pathOf(request),
  version: defaultVersion,
  idempotencyKey: null,
  namedAccount: null,
  account: null,
});

function incomingOf(request: FastifyRequest, exchange: Exchange): Incoming {
  const { url } = request;
  return {
    exchange,
    headers: request.headers,
    names: request.params as Record<string, string>,
    query: url.length === exchange.path.length ? '' : url.slice(exchange.path.length + 1),
    body: typeof request.body === 'string' ? request.body : '',
    multipart: Buffer.isBuffer(request.body) ? request.body : null,
    ip: request.ip,
  };
}

const unrecognized = (method: string, path: string): Answer =>
  refusalAnswer(refuse(path.endsWith('/') ? 'unrecognized_url_trailing_slash' : 'unrecognized_url', { method, path }));

/**
 * Reads on what is left of a body that was refused, up to a point: who is still sending does not look for an answer, and
 * would find the connection reset instead of it.
 */
async function discarded(request: IncomingMessage): Promise<void> {
  if (request.readableEnded || request.destroyed) return;
  const enough = new AbortController();
  const timer = setTimeout(() => enough.abort(), discardMs);
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > discardBytesMax) enough.abort();
  });
  await finished(request, { writable: false, signal: enough.signal }).catch(() => {});
  clearTimeout(timer);
}

/** What the framework refuses by itself, in our words. */
function ofFramework(error: unknown, request: FastifyRequest): unknown {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return error;
  const status = error.statusCode;
  if (status === 413) {
    return new Refused(refuse('body_too_large', { maximum: request.routeOptions.bodyLimit ?? bodyBytesMax }));
  }
  return typeof status === 'number' && status < 500 ? new Refused(refuse('invalid_body')) : error;
}

/** Why what arrived is no request. */
function refuseMalformed(code: string | undefined): Refusal {
  if (code === 'HPE_HEADER_OVERFLOW') return refuse('head_too_large', { maximum: maxHeaderSize });
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return refuse('request_too_slow');
  return refuse('invalid_body');
}

/** What is no HTTP, or comes too slowly: there is no request to answer to, but even so the answer is JSON. */
function malformed(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const refusal = refuseMalformed(error.code);
  const { status } = refusal;
  const body = errorBody(refusal);
  if (socket.writable) {
    socket.write(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json\r\nRequest-Id: ${requestId()}\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }
  socket.destroySoon();
}
