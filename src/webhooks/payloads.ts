import type { Birth } from '../kernel/id.ts';
import type { DeliveryStore, DueDelivery, Queue } from '../store/deliveries.ts';
import type { RecordedEvent } from '../store/reader.ts';
import type { Endpoint } from './endpoint.ts';
import { type EventWire, payloadOf } from './payload.ts';

/** An event goes to several endpoints at about the same time, and is some kilobytes long. */
const kept = 1000;

/** The bytes to send, made once for all endpoints that get the same. */
export class Payloads {
  readonly #store: Pick<DeliveryStore, 'events'>;
  readonly #render: (event: RecordedEvent, book: { readonly book: number; readonly livemode: boolean }) => EventWire;
  readonly #known = new Map<string, string>();

  constructor(
    store: Pick<DeliveryStore, 'events'>,
    render: (event: RecordedEvent, book: { readonly book: number; readonly livemode: boolean }) => EventWire,
  ) {
    this.#store = store;
    this.#render = render;
  }

  /** In the order asked for; null where there is no such event. */
  async of(
    { book, livemode }: Queue,
    due: readonly DueDelivery[],
    endpoint: Endpoint,
  ): Promise<readonly (string | null)[]> {
    const form = `${endpoint.connect ? 'connect' : 'own'} ${endpoint.api_version ?? ''}`;
    const keyOf = ({ event, endpoints }: DueDelivery) => `${book}.${event.seq}.${event.pos} ${endpoints} ${form}`;
    const bodies = due.map((delivery) => this.#known.get(keyOf(delivery)) ?? null);
    const missing = due.filter((_, i) => bodies[i] === null);
    if (missing.length === 0) return bodies;
    const events = await this.#store.events(
      book,
      missing.map(({ event }): Birth => event),
    );
    const made = new Map(
      events.flatMap((event, i): [string, string][] => {
        const delivery = missing[i] as DueDelivery;
        if (event === null) return [];
        return [[keyOf(delivery), payloadOf(this.#render(event, { book, livemode }), endpoint, delivery.endpoints)]];
      }),
    );
    for (const [key, body] of made) this.#keep(key, body);
    return due.map((delivery, i) => bodies[i] ?? made.get(keyOf(delivery)) ?? null);
  }

  #keep(key: string, body: string): void {
    if (this.#known.size >= kept) {
      const [oldest] = this.#known.keys();
      if (oldest !== undefined) this.#known.delete(oldest);
    }
    this.#known.set(key, body);
  }
}
