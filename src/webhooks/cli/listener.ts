import type { WebSocket } from 'ws';
import type { UnixSeconds } from '../../kernel/time.ts';
import type { DeliveryStore } from '../../store/deliveries.ts';
import type { RecordedEvent } from '../../store/reader.ts';
import type { Store } from '../../store/store.ts';
import type { EventWire } from '../payload.ts';
import { acknowledged, eventFrame } from './frames.ts';

const operationsAtOnce = 100;
/** Events that were sent and not acknowledged, kept to be sent again when the connection breaks. */
const unacknowledgedMax = 1000;

export interface ListenerParts {
  readonly books: Pick<Store, 'openBook'>;
  readonly deliveries: Pick<DeliveryStore, 'news' | 'events'>;
  readonly render: (event: RecordedEvent, book: { readonly book: number; readonly livemode: boolean }) => EventWire;
  readonly clock: () => UnixSeconds;
  readonly onError: (error: unknown) => void;
}

/** How far a session was told: the last operation, and what before it has not arrived for certain. */
export interface Position {
  through: number;
  readonly unacknowledged: Map<string, RecordedEvent>;
}

/** Tells one command line of every event of its book, in order, one connection long. */
export class Listener {
  readonly #socket: WebSocket;
  readonly #parts: ListenerParts;
  readonly #book: { readonly book: number; readonly livemode: boolean; readonly secret: string };
  readonly position: Position;
  #telling = false;
  #again = false;

  /** @param book.secret of the session's signatures */
  constructor(
    socket: WebSocket,
    book: { readonly book: number; readonly livemode: boolean; readonly secret: string },
    position: Position,
    parts: ListenerParts,
  ) {
    this.#socket = socket;
    this.#book = book;
    this.position = position;
    this.#parts = parts;
    socket.on('message', (data) => {
      const id = acknowledged(String(data));
      if (id !== null) position.unacknowledged.delete(id);
    });
  }

  /** Tells what is new, after what the connection before this one may have lost. */
  start(): void {
    for (const event of [...this.position.unacknowledged.values()]) this.tell(event);
    this.poke();
  }

  /** Something may be new. */
  poke(): void {
    this.#again = true;
    if (this.#telling) return;
    this.#telling = true;
    const run = async () => {
      while (this.#again && this.#isOpen) {
        this.#again = false;
        await this.#tellNews();
      }
    };
    run()
      // The database is away: the next poke asks again, from where this one stopped.
      .catch(this.#parts.onError)
      .finally(() => {
        this.#telling = false;
      });
  }

  /** @returns when it has left this process: whoever reads slowly is told slowly */
  tell(event: RecordedEvent): Promise<void> {
    const { unacknowledged } = this.position;
    unacknowledged.set(event.id, event);
    if (unacknowledged.size > unacknowledgedMax) {
      const [oldest] = unacknowledged.keys();
      if (oldest !== undefined) unacknowledged.delete(oldest);
    }
    const body = JSON.stringify(this.#parts.render(event, this.#book), null, 2);
    const frame = eventFrame(event.id, body, this.#book.secret, this.#parts.clock());
    return new Promise((resolve) => this.#socket.send(frame, () => resolve()));
  }

  get #isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  async #tellNews(): Promise<void> {
    const { books, deliveries } = this.#parts;
    const { book } = this.#book;
    const upTo = (await books.openBook(book))?.version ?? 0;
    while (this.position.through < upTo && this.#isOpen) {
      const after = this.position.through;
      const news = await deliveries.news(book, { after, upTo, limit: operationsAtOnce });
      const births = news.flatMap(({ seq, events }) => events.map(({ pos }) => ({ seq, pos })));
      const events = births.length === 0 ? [] : await deliveries.events(book, births);
      for (const [index, event] of events.entries()) {
        if (!this.#isOpen) return;
        if (event !== null) await this.tell(event);
        this.position.through = Math.max(this.position.through, (births[index]?.seq ?? 0) - 1);
      }
      this.position.through = news.length < operationsAtOnce ? upTo : (news.at(-1)?.seq ?? upTo);
    }
  }
}
