import type pg from 'pg';
import type { Birth } from '../../kernel/id.ts';
import {
  type ClaimedMessage,
  type Message,
  type MessageQuery,
  messageStatuses,
  type NewMessage,
  type NotificationFeed,
  type OutboxStore,
} from '../outbox.ts';
import { booksBehind, type Followed, readFeed } from './feed.ts';
import { integers, nowMs } from './sql.ts';

/** A book has one setting. */
const settings: Followed = { what: 'notification', kind: 53, cursors: 'notification_cursors' };

interface MessageRow {
  seq: number;
  pos: number;
  type: number;
  account: number;
  recipient: string | null;
  subject: string;
  body: string;
  status: number;
  tries: number;
  error: string | null;
  next_at: number | null;
  created: number;
  occurred: number;
  sent: number | null;
}

export class PostgresOutbox implements OutboxStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async booksToTell(): Promise<readonly number[]> {
    return booksBehind(this.#pool, settings);
  }

  async notificationFeed(book: number): Promise<NotificationFeed | null> {
    const feed = await readFeed(this.#pool, settings, book);
    const [setting] = feed?.enabled ?? [];
    return feed && setting
      ? { version: feed.version, through: feed.through, setting: setting.birth, changed: setting.changed }
      : null;
  }

  async tell({
    book,
    from,
    to,
    messages,
  }: {
    readonly book: number;
    readonly from: number | null;
    readonly to: number;
    readonly messages: readonly NewMessage[];
  }): Promise<boolean> {
    const moved =
      from === null
        ? `insert into notification_cursors (book, seq) select $1, $3 where $2::bigint is null on conflict do nothing returning ${nowMs} as at`
        : `update notification_cursors set seq = $3 where book = $1 and seq = $2 returning ${nowMs} as at`;
    const { rows } = await this.#pool.query<{ moved: number }>({
      name: from === null ? 'tell_first' : 'tell',
      text: `with moved as (${moved}), made as (
               insert into messages (book, seq, pos, type, account, recipient, subject, body, status, next_at, created, seal)
               select $1, m.seq, m.pos, m.type, m.account, m.recipient, m.subject, m.body, m.status,
                      case when m.status = 0 then moved.at end, moved.at,
                      message_seal($1, m.seq, m.pos, m.type, m.account, m.recipient, m.subject, m.body, moved.at)
               from moved, unnest($4::bigint[], $5::integer[], $6::smallint[], $7::bigint[], $8::text[], $9::text[], $10::text[], $11::smallint[])
                 as m(seq, pos, type, account, recipient, subject, body, status)
               on conflict do nothing
             )
             select count(*)::integer as moved from moved`,
      values: [
        book,
        from,
        to,
        integers(messages.map(({ event }) => event.seq)),
        integers(messages.map(({ event }) => event.pos)),
        integers(messages.map(({ type }) => type)),
        integers(messages.map(({ account }) => account)),
        messages.map((message) => message.to),
        messages.map(({ subject }) => subject),
        messages.map(({ text }) => text),
        integers(messages.map(({ status }) => messageStatuses.indexOf(status))),
      ],
    });
    return rows[0]?.moved === 1;
  }

  async claimMessages(limit: number, leaseMs: number): Promise<readonly ClaimedMessage[]> {
    const { rows } = await this.#pool.query<MessageRow & { book: number; recipient: string }>({
      name: 'claim_messages',
      text: `with due as (
               select book, seq, pos from messages where status = 0 and next_at <= ${nowMs}
               order by next_at limit $1 for update skip locked
             )
             update messages m set next_at = ${nowMs} + $2, tries = m.tries + 1 from due
             where m.book = due.book and m.seq = due.seq and m.pos = due.pos
             returning m.book, m.seq, m.pos, m.recipient, m.subject, m.body, m.tries`,
      values: [limit, leaseMs],
    });
    return rows.map(({ book, seq, pos, recipient, subject, body, tries }) => ({
      book,
      event: { seq, pos },
      to: recipient,
      subject,
      text: body,
      tries,
    }));
  }

  async recordMessage(
    { book, event }: { readonly book: number; readonly event: Birth },
    result:
      | { readonly sent: true }
      | { readonly sent: false; readonly error: string; readonly retryAfterMs: number | null },
  ): Promise<void> {
    const place = [book, event.seq, event.pos];
    if (result.sent) {
      await this.#pool.query({
        name: 'message_sent',
        text: `update messages set status = 1, next_at = null, error = null, sent = ${nowMs}
               where book = $1 and seq = $2 and pos = $3 and status = 0`,
        values: place,
      });
      return;
    }
    await this.#pool.query({
      name: 'message_not_sent',
      text: `update messages set error = $4, status = case when $5::bigint is null then 2 else 0 end,
                    next_at = case when $5::bigint is null then null else ${nowMs} + $5 end
             where book = $1 and seq = $2 and pos = $3 and status = 0`,
      values: [...place, result.error.replaceAll('\0', '').slice(0, 1000), result.retryAfterMs],
    });
  }

  async messages(query: MessageQuery): Promise<{ readonly items: readonly Message[]; readonly hasMore: boolean }> {
    const values: unknown[] = [query.book];
    const value = (one: unknown) => `$${values.push(one)}`;
    const conditions = ['m.book = $1'];
    const beyond = (sign: '<' | '>', { seq, pos }: Birth) =>
      conditions.push(`(m.seq, m.pos) ${sign} (${value(seq)}::bigint, ${value(pos)}::integer)`);
    if (query.after) beyond('<', query.after);
    if (query.before) beyond('>', query.before);
    if (query.account !== undefined) conditions.push(`m.account = ${value(query.account)}`);
    if (query.status) conditions.push(`m.status = ${value(messageStatuses.indexOf(query.status))}`);
    const order = query.before ? 'asc' : 'desc';
    const { rows } = await this.#pool.query<MessageRow>(
      `select m.*, op.time as occurred
       from messages m
       -- One by one, and not beside the whole journal.
       cross join lateral (select time from operations where book = m.book and seq = m.seq limit 1) op
       where ${conditions.join(' and ')}
       order by m.seq ${order}, m.pos ${order} limit ${value(query.limit + 1)}`,
      values,
    );
    const items = rows.slice(0, query.limit).map(toMessage);
    return { items: query.before ? items.reverse() : items, hasMore: rows.length > query.limit };
  }
}

const seconds = (ms: number | null): number | null => (ms === null ? null : Math.floor(ms / 1000));

const toMessage = (row: MessageRow): Message => ({
  event: { seq: row.seq, pos: row.pos },
  type: row.type,
  account: row.account,
  to: row.recipient,
  subject: row.subject,
  text: row.body,
  status: messageStatuses[row.status] ?? 'failed',
  tries: row.tries,
  error: row.error,
  created: Math.floor(row.created / 1000),
  occurred: row.occurred,
  sent: seconds(row.sent),
  nextTry: seconds(row.next_at),
});
