import { randomBytes } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { systemClock, type UnixSeconds } from '../../kernel/time.ts';
import type { ReadStore, RecordedEvent } from '../../store/reader.ts';
import type { Book } from '../../store/store.ts';
import { type AnsweredRequest, requestFilter } from './filters.ts';
import { requestFrame } from './frames.ts';
import { Listener, type ListenerParts, type Position } from './listener.ts';
import { type CliFeature, cliSecret, readTicket, type Ticket, ticketId } from './ticket.ts';
import { isWebSocket, refuseUpgrade, serveWithoutUpgrade } from './upgrade.ts';

/**
 * Sessions of command lines that listen: `stripe listen`, `stripe logs tail`, and our own.
 *
 *     open ─▶ ticket ─ upgrade ─▶ socket ─▶ a listener that follows the journal, or a filter over answered requests
 *
 * Any process may be asked for either step. A listener hears of whatever is written in its book, by whichever process; of
 * requests it hears those that this process answers.
 */
export interface CliSessionsOptions extends Omit<ListenerParts, 'clock' | 'onError'> {
  readonly reader: Pick<ReadStore, 'statementHead'>;
  readonly onError?: (error: unknown) => void;
  readonly clock?: () => UnixSeconds;
  /** How often books are looked at that other processes may have written in. */
  readonly pollMs?: number;
  readonly sessionsMax?: number;
}

export interface OpenedSession {
  readonly id: string;
  readonly secret: string;
  /** Seconds until the command line shall ask for a new session. */
  readonly renewAfter: number;
}

/** Where the socket of a session is asked for. */
export const subscribePath = '/v1/stripecli/subscribe/';

const protocol = 'stripecli-devproxy-v1';
const renewSeconds = 3600;
/** A machine that slept through the renewal gets in once more, and is then told to ask for a new session. */
const graceSeconds = 3600;
/** Between being let in and the first connection. */
const newSeconds = 60;
/** A session that comes back within this time goes on where it was. */
const rememberedMs = 900_000;
const rememberedMax = 1000;
const messageBytesMax = 8 * 1024 * 1024;
/** Nobody waits for a log line that is this late. */
const lagBytesMax = 1024 * 1024;
const beatMs = 15_000;

interface Connected {
  readonly ticket: Ticket;
  readonly socket: WebSocket;
  readonly livemode: boolean;
  readonly listener: Listener | null;
  readonly wants: (request: AnsweredRequest) => boolean;
  isAlive: boolean;
}

interface Remembered {
  readonly position: Position;
  left: number;
}

export class CliSessions {
  readonly #options: CliSessionsOptions;
  readonly #parts: ListenerParts;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: messageBytesMax,
    handleProtocols: (offered) => (offered.has(protocol) ? protocol : false),
  });
  /** By book, by the session's id. */
  readonly #connected = new Map<number, Map<string, Connected>>();
  readonly #remembered = new Map<string, Remembered>();
  readonly #started: UnixSeconds;
  #timers: NodeJS.Timeout[] = [];
  #stopped = false;

  constructor(options: CliSessionsOptions) {
    this.#options = options;
    const { books, deliveries, render } = options;
    this.#parts = {
      books,
      deliveries,
      render,
      clock: options.clock ?? systemClock,
      onError: options.onError ?? (() => {}),
    };
    this.#started = this.#parts.clock();
  }

  /** Lets a command line in. Null: the book has too many. */
  async open(book: number, feature: CliFeature, filters = ''): Promise<OpenedSession | null> {
    const row = await this.#parts.books.openBook(book);
    if (row === null || (this.#connected.get(book)?.size ?? 0) >= (this.#options.sessionsMax ?? 32)) return null;
    const until = this.#parts.clock() + renewSeconds + graceSeconds;
    const salt = randomBytes(6).toString('base64url');
    const ticket: Ticket = { book, feature, until, since: row.version, filters, salt };
    return { id: ticketId(ticket, row.secret), secret: cliSecret(row.secret), renewAfter: renewSeconds };
  }

  /** Takes the upgrades of an HTTP server. What asks for another protocol than ours is answered without it. */
  attach(server: Server): void {
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const path = (request.url ?? '').split('?')[0] ?? '';
      if (!isWebSocket(request) || !path.startsWith(subscribePath)) {
        serveWithoutUpgrade(server, request, socket, head);
        return;
      }
      socket.on('error', () => socket.destroy());
      this.#admit(request, socket, head, path.slice(subscribePath.length)).catch((error) => {
        this.#parts.onError(error);
        refuseUpgrade(socket, 503, 'The server cannot be reached right now.');
      });
    });
    this.#timers = [
      setInterval(() => this.#pokeAll(), this.#options.pollMs ?? 1000),
      setInterval(() => this.#beat(), beatMs),
    ];
    for (const timer of this.#timers) timer.unref();
  }

  /** Something was committed in a book. Costs nothing when nobody listens there. */
  wake(book: number): void {
    for (const { listener } of this.#connected.get(book)?.values() ?? []) listener?.poke();
  }

  /** A request was answered in a book. Costs nothing when nobody looks. */
  answered(book: number, request: () => AnsweredRequest): void {
    const connected = this.#connected.get(book);
    if (connected === undefined) return;
    let made: AnsweredRequest | null = null;
    for (const { ticket, socket, wants, livemode } of connected.values()) {
      if (ticket.feature !== 'request_logs' || socket.bufferedAmount > lagBytesMax) continue;
      made ??= request();
      if (wants(made)) socket.send(requestFrame(made, livemode));
    }
  }

  /** Tells an event again to all that listen in its book. */
  resend(book: number, event: RecordedEvent): void {
    for (const { listener } of this.#connected.get(book)?.values() ?? []) void listener?.tell(event);
  }

  /** Ends all connections: the command lines come back to whoever serves next. */
  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) clearInterval(timer);
    for (const sessions of this.#connected.values()) {
      for (const { socket } of sessions.values()) {
        socket.close(1012, 'the server stops');
        // Whoever does not answer the closing is not waited for: the port is wanted by the next process.
        setTimeout(() => socket.terminate(), 500).unref();
      }
    }
  }

  async #admit(request: IncomingMessage, socket: Duplex, head: Buffer, id: string): Promise<void> {
    const read = readTicket(id);
    const book = read && (await this.#parts.books.openBook(read.ticket.book));
    const isKnown = book && read.isGenuine(book.secret) && read.ticket.until > this.#parts.clock();
    if (this.#stopped || !isKnown) {
      // These very words make the vendor's command line ask for a new session.
      refuseUpgrade(socket, 404, 'Unknown WebSocket ID.');
      return;
    }
    const position = await this.#positionOf(id, read.ticket, book);
    this.#sockets.handleUpgrade(request, socket, head, (opened) =>
      this.#connect(id, read.ticket, { book, position }, opened),
    );
  }

  #connect(
    id: string,
    ticket: Ticket,
    { book, position }: { readonly book: Book; readonly position: Position },
    socket: WebSocket,
  ): void {
    const sessions = this.#connected.get(ticket.book) ?? new Map<string, Connected>();
    this.#connected.set(ticket.book, sessions);
    // A command line that lost its connection knows so before we do.
    sessions.get(id)?.socket.terminate();
    const { livemode } = book;
    const listener =
      ticket.feature === 'webhooks'
        ? new Listener(socket, { book: ticket.book, livemode, secret: cliSecret(book.secret) }, position, this.#parts)
        : null;
    const connected: Connected = {
      ticket,
      socket,
      livemode,
      listener,
      wants: requestFilter(ticket.filters),
      isAlive: true,
    };
    sessions.set(id, connected);
    const live = () => {
      connected.isAlive = true;
    };
    for (const sign of ['ping', 'pong', 'message'] as const) socket.on(sign, live);
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      if (sessions.get(id) !== connected) return;
      sessions.delete(id);
      if (sessions.size === 0 && this.#connected.get(ticket.book) === sessions) this.#connected.delete(ticket.book);
      if (listener) this.#remember(id, listener.position);
    });
    listener?.start();
  }

  /**
   * Where a session goes on: where it was, or at its beginning. Of one that another process knew, what that one told is not
   * known here: it goes on where this process began, or, when this process was there before, now.
   */
  async #positionOf(id: string, ticket: Ticket, { book, frozenTime, version }: Book): Promise<Position> {
    const known = this.#connected.get(book)?.get(id)?.listener?.position ?? this.#remembered.get(id)?.position;
    if (known) return known;
    const begun = ticket.until - renewSeconds - graceSeconds;
    let through = this.#parts.clock() - begun < newSeconds ? ticket.since : version;
    if (begun < this.#started) through = Math.max(ticket.since, await this.#versionAtStart(book, frozenTime, version));
    return { through, unacknowledged: new Map() };
  }

  /** The last operation before this process began. A test clock does not tell, so there it is the last of all. */
  async #versionAtStart(book: number, frozenTime: UnixSeconds | null, version: number): Promise<number> {
    if (frozenTime !== null) return version;
    const anyPlace = { book, account: 0, currency: 'usd' } as const;
    return (await this.#options.reader.statementHead(anyPlace, this.#started - 1)).through;
  }

  #remember(id: string, position: Position): void {
    this.#remembered.set(id, { position, left: Date.now() });
    for (const [other, { left }] of this.#remembered) {
      if (this.#remembered.size <= rememberedMax && Date.now() - left < rememberedMs) break;
      this.#remembered.delete(other);
    }
  }

  #pokeAll(): void {
    for (const book of this.#connected.keys()) this.wake(book);
  }

  #beat(): void {
    for (const connected of [...this.#connected.values()].flatMap((sessions) => [...sessions.values()])) {
      if (connected.isAlive) connected.socket.ping();
      else connected.socket.terminate();
      connected.isAlive = false;
    }
  }
}
