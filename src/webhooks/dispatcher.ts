import { eventTypeNo, isEventType } from '../data/event-types.ts';
import { accountNo } from '../ledger/chart.ts';
import type { DeliveryStore, EndpointVersion, Feed, NewDelivery, NewsQuery } from '../store/deliveries.ts';
import type { Endpoint } from './endpoint.ts';
import { type Histories, type History, queueKey } from './histories.ts';
import { recipientsOf } from './recipients.ts';

const operationsAtOnce = 200;
/** How often somebody else may have moved the cursor before it is left to them. */
const attemptsMax = 3;

type Store = Pick<DeliveryStore, 'booksBehind' | 'feed' | 'startFeed' | 'news' | 'dispatch'>;

export interface DispatcherOptions {
  readonly deliveries: Store;
  readonly histories: Histories;
  /** Called when there is something new in queues. */
  readonly onQueued: (endpoints: readonly string[]) => void;
  readonly onError: (error: unknown) => void;
}

/**
 * Turns what is new in a book's journal into deliveries, one for each endpoint that wants the event.
 *
 * An endpoint gets the events that happened while it was enabled, chosen by what it asked for at that time, however long
 * after it this runs.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  /** Books that are being dispatched → whether there is more since. */
  readonly #running = new Map<number, boolean>();
  readonly #done = new Set<Promise<void>>();
  /** Books that were seen to have an endpoint. */
  readonly #listening = new Set<number>();
  #stopped = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /** @returns false for a book of which it is not known whether anybody listens: `poll` finds out */
  wake(book: number): boolean {
    if (!this.#listening.has(book)) return false;
    this.#start(book);
    return true;
  }

  /** Looks for books that went on, whichever process wrote to them. */
  async poll(): Promise<void> {
    for (const book of await this.#options.deliveries.booksBehind()) {
      this.#listening.add(book);
      this.#start(book);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#done);
  }

  #start(book: number): void {
    if (this.#stopped) return;
    if (this.#running.has(book)) {
      this.#running.set(book, true);
      return;
    }
    const run = async () => {
      do {
        this.#running.set(book, false);
        await this.#dispatch(book);
      } while (this.#running.get(book) && !this.#stopped);
    };
    const done = run()
      // Whatever is wrong is asked again at the next poll.
      .catch(this.#options.onError)
      .finally(() => {
        this.#running.delete(book);
        this.#done.delete(done);
      });
    this.#done.add(done);
  }

  async #dispatch(book: number): Promise<void> {
    const { deliveries } = this.#options;
    for (let attempts = 0; attempts < attemptsMax && !this.#stopped; ) {
      const feed = await deliveries.feed(book);
      if (feed === null) {
        this.#listening.delete(book);
        return;
      }
      const histories = await this.#historiesOf(book, feed);
      if (histories.length === 0) return;
      // Before the first of them was enabled, nobody was to be told anything.
      const since = Math.min(...histories.map((history) => (history.at(-1) as EndpointVersion).from));
      if (feed.through === null) {
        await deliveries.startFeed(book, since);
        continue;
      }
      if (feed.through >= feed.version) return;
      const after = Math.max(feed.through, Math.min(since, feed.version));
      const news = await deliveries.news(book, {
        after,
        upTo: feed.version,
        limit: operationsAtOnce,
        ...interestOf(book, histories),
      });
      const to = news.length < operationsAtOnce ? feed.version : (news.at(-1)?.seq ?? feed.version);
      const made = news.flatMap(({ seq, events }) =>
        events.flatMap((event) => deliveriesOf(book, { ...event, seq }, histories)),
      );
      if (await deliveries.dispatch({ book, from: feed.through, to, deliveries: made })) {
        attempts = 0;
        if (made.length > 0) this.#options.onQueued([...new Set(made.map(({ endpoint }) => queueKey(book, endpoint)))]);
        if (to >= feed.version) return;
      } else attempts++;
    }
  }

  async #historiesOf(book: number, { endpoints }: Feed): Promise<readonly History[]> {
    const { histories } = this.#options;
    const all = await Promise.all(endpoints.map(({ birth, changed }) => histories.of(book, birth, changed)));
    return all.filter((history) => history.length > 0);
  }
}

/** Whose news must be read at all: with a Connect endpoint everybody's. */
function interestOf(book: number, histories: readonly History[]): Pick<NewsQuery, 'accounts' | 'types'> {
  const versions = histories.flat().map(({ object }) => object as Endpoint);
  if (versions.some(({ connect }) => connect)) return {};
  const accounts = [...new Set(versions.map(({ account }) => accountNo(account, book)))];
  const names = new Set(versions.flatMap(({ enabled_events }) => enabled_events));
  if (names.has('*')) return { accounts };
  return { accounts, types: [...names].filter(isEventType).map(eventTypeNo) };
}

function deliveriesOf(
  book: number,
  event: { readonly seq: number; readonly pos: number; readonly type: number; readonly account: string },
  histories: readonly History[],
): NewDelivery[] {
  const endpoints = recipientsOf(book, event, histories);
  return endpoints.map((endpoint) => ({
    event: { seq: event.seq, pos: event.pos },
    endpoint,
    account: accountNo(event.account, book),
    type: event.type,
    endpoints: endpoints.length,
  }));
}
