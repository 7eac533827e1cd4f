import { type EventType, eventTypeNo } from '../data/event-types.ts';
import { type Birth, birthOf } from '../kernel/id.ts';
import type { StoredObject } from '../kernel/kind.ts';
import { accountNo } from '../ledger/chart.ts';
import type { DeliveryStore } from '../store/deliveries.ts';
import type { NewMessage, NotificationFeed, OutboxStore } from '../store/outbox.ts';
import type { RecordedEvent } from '../store/reader.ts';

/** What somebody is told. */
export interface Draft {
  /** The acct_ id whose owner is told. */
  readonly account: string;
  /** An e-mail address; null when the account has none. */
  readonly to: string | null;
  readonly subject: string;
  readonly text: string;
}

/** Turns events into messages. */
export interface Composer {
  /** Which events are looked at at all. */
  readonly types: readonly EventType[];
  /** @returns null for what nobody is told of */
  compose(event: RecordedEvent, book: number): Promise<Draft | null>;
  /** Whether a version of a book's setting says that people are to be told. */
  isEnabled(setting: StoredObject): boolean;
}

export interface FollowerOptions {
  readonly outbox: Pick<OutboxStore, 'booksToTell' | 'notificationFeed' | 'tell'>;
  /** The journal, as webhooks read it. */
  readonly journal: Pick<DeliveryStore, 'events' | 'history' | 'news'>;
  readonly composer: Composer;
  /** Whether messages can be sent; otherwise they are kept to be read. */
  readonly sends: boolean;
}

const operationsAtOnce = 200;

/** Turns what is new in a book's journal into messages. What happened while the setting was off is passed over. */
export class Follower {
  readonly #options: FollowerOptions;
  readonly #types: ReadonlySet<number>;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#types = new Set(options.composer.types.map(eventTypeNo));
  }

  /** Catches up with all books. */
  async poll(isStopped: () => boolean): Promise<void> {
    for (const book of await this.#options.outbox.booksToTell()) {
      for (let goesOn = true; goesOn && !isStopped(); ) goesOn = await this.#step(book);
    }
  }

  /** @returns whether there is more */
  async #step(book: number): Promise<boolean> {
    const { journal, outbox } = this.#options;
    const feed = await outbox.notificationFeed(book);
    if (feed === null || (feed.through !== null && feed.through >= feed.version)) return false;
    const since = await this.#enabledSince(book, feed);
    if (since === null) return false;
    const after = Math.min(Math.max(feed.through ?? 0, since), feed.version);
    const news = await journal.news(book, { after, upTo: feed.version, limit: operationsAtOnce });
    const to = news.length < operationsAtOnce ? feed.version : (news.at(-1)?.seq ?? feed.version);
    const births = news.flatMap(({ seq, events }) =>
      events.filter(({ type }) => this.#types.has(type)).map(({ pos }): Birth => ({ seq, pos })),
    );
    const events = births.length === 0 ? [] : await journal.events(book, births);
    const messages: NewMessage[] = [];
    for (const event of events) {
      const message = event && (await this.#message(book, event));
      if (message) messages.push(message);
    }
    const moved = await outbox.tell({ book, from: feed.through, to, messages });
    return moved && to < feed.version;
  }

  /** The operation that switched it on, if it was not switched off since. */
  async #enabledSince(book: number, { setting, changed }: NotificationFeed): Promise<number | null> {
    const { composer, journal } = this.#options;
    const versions = await journal.history(book, setting, changed, (object) => composer.isEnabled(object));
    return versions.at(-1)?.from ?? null;
  }

  async #message(book: number, event: RecordedEvent): Promise<NewMessage | null> {
    const { composer, sends } = this.#options;
    const draft = await composer.compose(event, book);
    const born = birthOf(event.id, book);
    if (draft === null || born === null) return null;
    const { account, to, subject, text } = draft;
    return {
      event: born,
      type: event.type,
      account: accountNo(account, book),
      to,
      subject,
      text,
      status: to === null ? 'unaddressed' : sends ? 'waiting' : 'kept',
    };
  }
}
