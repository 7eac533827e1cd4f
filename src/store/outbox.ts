import type { Birth } from '../kernel/id.ts';
import type { UnixSeconds } from '../kernel/time.ts';
import type { EndpointVersion } from './deliveries.ts';

/**
 * What telling people by e-mail needs of a database. Messages are written in the same statement that moves a book's cursor, so
 * each is written once, whoever does it; sending is a matter of its own, and happens at least once.
 */
export interface OutboxStore {
  /** Books that want their people told and went on since their cursor. */
  booksToTell(): Promise<readonly number[]>;
  /** Null when the book does not want it. */
  notificationFeed(book: number): Promise<NotificationFeed | null>;
  /**
   * Moves the cursor and writes the messages.
   *
   * @param from where the cursor is; null where there is none
   * @returns false when it is not there any more: somebody else did it, and nothing was written
   */
  tell(told: {
    readonly book: number;
    readonly from: number | null;
    readonly to: number;
    readonly messages: readonly NewMessage[];
  }): Promise<boolean>;
  /** Takes messages that are due; after `leaseMs` without a result they are due again. */
  claimMessages(limit: number, leaseMs: number): Promise<readonly ClaimedMessage[]>;
  /** Says what came of sending one. `retryAfterMs`: null when it is not tried again. */
  recordMessage(
    message: Pick<ClaimedMessage, 'book' | 'event'>,
    result:
      | { readonly sent: true }
      | { readonly sent: false; readonly error: string; readonly retryAfterMs: number | null },
  ): Promise<void>;
  /** Messages, the newest event first. */
  messages(query: MessageQuery): Promise<{ readonly items: readonly Message[]; readonly hasMore: boolean }>;
}

export interface NotificationFeed {
  /** The last operation. */
  readonly version: number;
  /** The last operation whose events were looked at; null before the first. */
  readonly through: number | null;
  /** The setting, and which operation made the version that stands. */
  readonly setting: Birth;
  readonly changed: number;
}

/** Since when without interruption a setting has been on: see `DeliveryStore.history`. */
export type SettingVersion = EndpointVersion;

/**
 * What becomes of a message: it waits to be sent, was sent, could not be sent, was only kept because there is nothing to send
 * with, or has nobody to go to.
 */
export const messageStatuses = ['waiting', 'sent', 'failed', 'kept', 'unaddressed'] as const;
export type MessageStatus = (typeof messageStatuses)[number];

/** At most one for each event. */
export interface NewMessage {
  readonly event: Birth;
  readonly type: number;
  /** The number of the account whose owner is told. */
  readonly account: number;
  readonly to: string | null;
  readonly subject: string;
  readonly text: string;
  readonly status: Extract<MessageStatus, 'waiting' | 'kept' | 'unaddressed'>;
}

export interface ClaimedMessage {
  readonly book: number;
  readonly event: Birth;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** How often it was tried, this time included. */
  readonly tries: number;
}

export interface Message extends Omit<NewMessage, 'status'> {
  /** When its event was, by the clock of the book; all other times are the machine's, which sends it. */
  readonly occurred: UnixSeconds;
  readonly status: MessageStatus;
  readonly tries: number;
  readonly error: string | null;
  readonly created: UnixSeconds;
  readonly sent: UnixSeconds | null;
  readonly nextTry: UnixSeconds | null;
}

export interface MessageQuery {
  readonly book: number;
  readonly limit: number;
  readonly after?: Birth;
  readonly before?: Birth;
  readonly account?: number;
  readonly status?: MessageStatus;
}
