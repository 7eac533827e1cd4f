import { once } from 'node:events';
import { WebSocket } from 'ws';
import { validateObject } from '../support/schema.ts';
import type { TestServer } from '../support/server.ts';

/** An event as the socket brings it. */
export interface HeardEvent {
  readonly id: string;
  readonly type: string;
  readonly account?: string;
  readonly data: { readonly object: { readonly id?: string; readonly object: string } };
}

interface Frame {
  readonly type: string;
  readonly event_payload: string;
  readonly webhook_conversation_id?: string;
  readonly webhook_id?: string;
  readonly http_headers?: Readonly<Record<string, string>>;
}

export interface Session {
  readonly websocket_id: string;
  readonly websocket_url: string;
  readonly websocket_authorized_feature: string;
  readonly secret: string;
  readonly reconnect_delay: number;
}

export async function openSession(server: TestServer, key: string, form: Record<string, string>): Promise<Session> {
  const answer = await fetch(`${server.url}/v1/stripecli/sessions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ device_name: 'test', ...form }).toString(),
  });
  const session = await answer.json();
  if (answer.status !== 200) throw new Error(JSON.stringify(session));
  return session as Session;
}

const protocol = 'stripecli-devproxy-v1';

/** A command line that only listens: whatever the server says to it, checked against the shapes of the API. */
export class Ear {
  readonly events: HeardEvent[] = [];
  readonly frames: Frame[] = [];
  readonly violations: string[] = [];
  readonly socket: WebSocket;

  private constructor(socket: WebSocket, acknowledges: boolean) {
    this.socket = socket;
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as Frame;
      this.frames.push(frame);
      if (frame.type !== 'webhook_event') return;
      const event = JSON.parse(frame.event_payload) as HeardEvent;
      this.violations.push(...validateObject(event as unknown as Record<string, unknown>));
      this.events.push(event);
      const { webhook_conversation_id, webhook_id } = frame;
      if (!acknowledges) return;
      socket.send(JSON.stringify({ type: 'event_ack', event_id: event.id, webhook_conversation_id, webhook_id }));
    });
  }

  static async open({ websocket_url: url }: Session, acknowledges = true): Promise<Ear> {
    const socket = new WebSocket(url, protocol);
    const ear = new Ear(socket, acknowledges);
    await once(socket, 'open');
    return ear;
  }

  get types(): string[] {
    return this.events.map(({ type }) => type);
  }

  async close(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    this.socket.close();
    await once(this.socket, 'close');
  }
}
