import type { Birth } from '../kernel/id.ts';
import type { DeliveryStore, EndpointVersion } from '../store/deliveries.ts';
import { isEnabled } from './endpoint.ts';
import { Known } from './known.ts';

const kept = 5000;

/** An endpoint with what it was at which time, newest first, as far back as it was enabled; empty when it is not. */
export type History = readonly EndpointVersion[];

/** How the queue of an endpoint is called within a process. */
export const queueKey = (book: number, { seq, pos }: Birth): string => `${book}.${seq}.${pos}`;

/** Endpoints hardly ever change, and a version never does. */
export class Histories {
  readonly #store: Pick<DeliveryStore, 'history'>;
  readonly #known = new Known<History>(kept);

  constructor(store: Pick<DeliveryStore, 'history'>) {
    this.#store = store;
  }

  /** @param changed the operation that made the version that stands */
  of(book: number, endpoint: Birth, changed: number): Promise<History> {
    return this.#known.get(`${queueKey(book, endpoint)} ${changed}`, () =>
      this.#store.history(book, endpoint, changed, isEnabled),
    );
  }
}
