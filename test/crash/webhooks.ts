/** The endpoints of a market at a real receiver, and what must be true of what they heard. */
import { setTimeout as sleep } from 'node:timers/promises';
import Stripe from 'stripe';
import { listAll, type Market, write } from '../support/load.ts';
import type { TestServer } from '../support/process.ts';
import type { Receiver } from '../webhooks/receiver.ts';

interface Endpoint {
  readonly path: string;
  readonly secret: string;
  /** Whose events it gets: the sellers', or the platform's. */
  readonly connect: boolean;
}

export interface Listening {
  readonly market: Market;
  readonly endpoints: readonly Endpoint[];
  /** Events from before there was an endpoint. */
  readonly before: ReadonlySet<string>;
}

interface EventWire {
  readonly id: string;
  readonly type: string;
}

const eventsOf = async (server: TestServer, market: Market, accounts: readonly (string | undefined)[]) =>
  (await Promise.all(accounts.map((one) => listAll<EventWire>(server, market.key, '/v1/events', one)))).flat();

export async function listen(server: TestServer, market: Market, receiver: Receiver): Promise<Listening> {
  const endpoints: Endpoint[] = [];
  const before = new Set((await eventsOf(server, market, [undefined, ...market.sellers])).map(({ id }) => id));
  for (const connect of [false, true]) {
    const path = `/${market.platform}/${connect ? 'sellers' : 'platform'}`;
    const form = { url: receiver.url(path), 'enabled_events[]': '*', connect: String(connect) };
    const made = await write(server, market.key, { path: '/v1/webhook_endpoints', form, key: path });
    if (made.status !== 200) throw new Error(`no endpoint: ${made.text}`);
    endpoints.push({ path, secret: (JSON.parse(made.text) as { secret: string }).secret, connect });
  }
  return { market, endpoints, before };
}

export interface Deliveries {
  /** Events that had to be told. */
  readonly events: number;
  /** Requests beyond the first for an event. */
  readonly again: number;
  readonly faults: readonly string[];
}

/** Another server's queues are taken over ten seconds after its death. */
export const arriveMsMax = 120_000;

/** Waits until everything has arrived, then looks at every request. */
export async function deliveriesOf(
  server: TestServer,
  { market, endpoints, before }: Listening,
  receiver: Receiver,
  patienceMs = arriveMsMax,
): Promise<Deliveries> {
  const faults: string[] = [];
  let [events, again] = [0, 0];
  for (const { path, secret, connect } of endpoints) {
    const all = await eventsOf(server, market, connect ? market.sellers : [undefined]).catch((error) => {
      faults.push(`webhook: the events for ${path} cannot be read: ${error}`);
      return [];
    });
    const expected = all.filter(({ id }) => !before.has(id));
    const missing = () => {
      const heard = new Set(receiver.ids(path));
      return expected.filter(({ id }) => !heard.has(id));
    };
    for (const deadline = Date.now() + patienceMs; missing().length > 0 && Date.now() < deadline; ) await sleep(100);
    for (const { id, type } of missing()) faults.push(`webhook: ${type} ${id} was never sent to ${path}`);
    const heard = receiver.at(path);
    const ids = new Set(receiver.ids(path));
    events += ids.size;
    again += heard.length - ids.size;
    for (const { body, headers, at } of heard) {
      try {
        Stripe.webhooks.constructEvent(body, String(headers['stripe-signature']), secret, 300, undefined, at);
      } catch (error) {
        faults.push(`webhook: ${path} got a request that its secret did not sign: ${(error as Error).message}`);
      }
    }
  }
  return { events, again, faults };
}
