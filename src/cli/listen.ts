import { once } from 'node:events';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Config } from '../config.ts';
import { type Client, platformClient } from './client.ts';

export interface ListenOptions {
  readonly forwardTo?: string;
  /** Where events of connected accounts go instead. */
  readonly forwardConnectTo?: string;
  /** Names of types, between commas. */
  readonly events?: string;
  readonly printJson?: boolean;
  readonly printSecret?: boolean;
}

interface Session {
  readonly websocket_url: string;
  readonly reconnect_delay: number;
  readonly secret: string;
}

interface EventFrame {
  readonly type: string;
  readonly event_payload: string;
  readonly http_headers: Readonly<Record<string, string>>;
  readonly webhook_conversation_id: string;
  readonly webhook_id: string;
}

interface ListenedEvent {
  readonly id: string;
  readonly type: string;
  readonly account?: string;
}

const protocol = 'stripecli-devproxy-v1';
const retryMs = 1000;
/** The server gives a sign of life every fifteen seconds. */
const silenceMs = 45_000;
const forwardMs = 30_000;
const answerLengthMax = 5000;

/** `evenkeel listen`: shows events as they happen, and sends them on, until it is interrupted. */
export async function listen(config: Config, options: ListenOptions): Promise<number> {
  const client = platformClient(config);
  const session = await openSession(client, options);
  if (options.printSecret) {
    console.log(session.secret);
    return 0;
  }
  const over = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => over.abort());
  console.error(`Listening at ${config.serverUrl}. The signing secret is ${session.secret} (^C to end)`);
  const forward = forwarding(options);
  let current: Session | null = session;
  while (!over.signal.aborted) {
    try {
      current ??= await openSession(client, options);
      if ((await follow(current, forward, over.signal)) === 'ended') current = null;
    } catch {
      // The server is away.
    }
    await sleep(retryMs, undefined, { signal: over.signal }).catch(() => {});
  }
  return 0;
}

const openSession = async (client: Client, { forwardTo, forwardConnectTo }: ListenOptions): Promise<Session> =>
  (await client.post('/v1/stripecli/sessions', {
    device_name: hostname(),
    'websocket_features[]': 'webhooks',
    ...(forwardTo !== undefined && { forward_to_url: forwardTo }),
    ...(forwardConnectTo !== undefined && { forward_connect_to_url: forwardConnectTo }),
  })) as unknown as Session;

type Forward = (frame: EventFrame) => Promise<object | null>;

/**
 * One connection long.
 *
 * @returns 'ended' when the session is over and a new one must be asked for
 */
async function follow(session: Session, forward: Forward, over: AbortSignal): Promise<'ended' | 'broken'> {
  const socket = new WebSocket(session.websocket_url, protocol);
  const close = () => socket.terminate();
  over.addEventListener('abort', close);
  const renewal = setTimeout(() => socket.close(), session.reconnect_delay * 1000);
  let silence = setTimeout(close, silenceMs);
  let isRefused = false;
  // In order: an event sets out when the one before it was answered.
  let last = Promise.resolve();
  socket.on('unexpected-response', () => {
    isRefused = true;
    socket.terminate();
  });
  socket.on('error', close);
  socket.on('ping', () => {
    clearTimeout(silence);
    silence = setTimeout(close, silenceMs);
  });
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as EventFrame;
    if (frame.type !== 'webhook_event') return;
    const { webhook_conversation_id, webhook_id } = frame;
    const { id } = JSON.parse(frame.event_payload) as ListenedEvent;
    socket.send(JSON.stringify({ type: 'event_ack', event_id: id, webhook_conversation_id, webhook_id }));
    last = last.then(async () => {
      const answered = await forward(frame);
      if (answered === null || socket.readyState !== WebSocket.OPEN) return;
      socket.send(JSON.stringify({ type: 'webhook_response', ...answered, webhook_conversation_id, webhook_id }));
    });
  });
  const began = Date.now();
  try {
    await once(socket, 'close');
  } finally {
    clearTimeout(renewal);
    clearTimeout(silence);
    over.removeEventListener('abort', close);
    await last;
  }
  return isRefused || Date.now() - began >= session.reconnect_delay * 1000 ? 'ended' : 'broken';
}

/** Shows events, and sends those that are wanted to where they go. Never throws: what goes wrong is shown. */
function forwarding({ forwardTo, forwardConnectTo, events, printJson }: ListenOptions): Forward {
  const wanted = events === undefined ? null : new Set(events.split(',').map((name) => name.trim()));
  return async ({ event_payload: body, http_headers: headers }) => {
    const event = JSON.parse(body) as ListenedEvent;
    if (wanted !== null && !wanted.has('*') && !wanted.has(event.type)) return null;
    const whose = event.account === undefined ? '' : `  ${event.account}`;
    console.log(printJson ? body : `${time()}  ${event.type}  ${event.id}${whose}`);
    const url = event.account === undefined ? forwardTo : (forwardConnectTo ?? forwardTo);
    if (url === undefined) return null;
    try {
      const signal = AbortSignal.timeout(forwardMs);
      const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
      const text = await response.text();
      console.error(`${time()}    ${response.status}  ${url}  ${event.id}`);
      return {
        forward_url: url,
        status: response.status,
        http_headers: Object.fromEntries(response.headers),
        body: text.slice(0, answerLengthMax),
        request_headers: headers,
        request_body: body,
        notification_id: event.id,
      };
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      console.error(`${time()}    no answer  ${url}  ${event.id}  ${cause instanceof Error ? cause.message : cause}`);
      return null;
    }
  };
}

const time = (): string => new Date().toISOString().slice(0, 19).replace('T', ' ');
