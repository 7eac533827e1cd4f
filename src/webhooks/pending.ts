import { assert } from '../kernel/assert.ts';
import { birthOf } from '../kernel/id.ts';
import type { DeliveryStore } from '../store/deliveries.ts';
import type { RecordedEvent } from '../store/reader.ts';
import { Histories } from './histories.ts';
import { recipientsOf } from './recipients.ts';

type Store = Pick<DeliveryStore, 'feed' | 'history' | 'waiting'>;

/** How many enabled endpoints have not taken an event yet: what `pending_webhooks` says. */
export class PendingWebhooks {
  readonly #store: Store;
  readonly #histories: Histories;

  constructor(store: Store) {
    this.#store = store;
    this.#histories = new Histories(store);
  }

  /** Of events of one book, in their order. */
  async of(book: number, events: readonly RecordedEvent[]): Promise<readonly number[]> {
    if (events.length === 0) return [];
    // Asked for first: what is dispatched between the two questions is then counted by who will get it, and not twice.
    const feed = await this.#store.feed(book);
    const births = events.map(({ id }) => {
      const birth = birthOf(id, book);
      assert(birth !== null, 'an event was born in its book');
      return birth;
    });
    const through = feed === null ? Number.POSITIVE_INFINITY : (feed.through ?? 0);
    const histories =
      feed !== null && births.some(({ seq }) => seq > through)
        ? await Promise.all(feed.endpoints.map(({ birth, changed }) => this.#histories.of(book, birth, changed)))
        : [];
    const waiting = await this.#store.waiting(book, births);
    return events.map(({ type, account }, i) => {
      const seq = births[i]?.seq ?? 0;
      return seq > through ? recipientsOf(book, { seq, type, account }, histories).length : (waiting[i] ?? 0);
    });
  }
}
