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

const integers = (values: readonly number[]): string => `{${values.join(',')}}`;
/** The database's clock: one for all servers, whatever their machines think. */
const now = '(extract(epoch from clock_timestamp()) * 1000)::bigint';

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
  sent: number | null;
}

export class PostgresOutbox implements OutboxStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async booksToTell(): Promise<readonly number[]> {
    const { rows } = await this.#pool.query<{ book: number }>({
      name: 'books_to_tell',
      text: `select e.book
             from (select distinct book from objects where kind = 53 and ref1 = 'enabled') e
             cross join lateral (select version from books where book = e.book limit 1) b
             left join lateral (select seq from notification_cursors where book = e.book limit 1) c on true
             where c.seq is null or c.seq < b.version`,
    });
    return rows.map((row) => row.book);
  }

  async notificationFeed(book: number): Promise<NotificationFeed | null> {
    const { rows } = await this.#pool.query<{
      version: number;
      through: number | null;
      seq: number;
      pos: number;
      changed: number;
    }>({
      name: 'notification_feed',
      text: `select b.version, c.seq as through, o.seq, o.pos, o.changed
             from (select seq, pos, changed from objects where book = $1 and kind = 53 and ref1 = 'enabled' limit 1) o
             cross join lateral (select version from books where book = $1 limit 1) b
             left join lateral (select seq from notification_cursors where book = $1 limit 1) c on true`,
      values: [book],
    });
    const [row] = rows;
    if (row === undefined) return null;
    const { version, through, seq, pos, changed } = row;
    return { version, through, setting: { seq, pos }, changed };
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
        ? `insert into notification_cursors (book, seq) select $1, $3 where $2::bigint is null on conflict do nothing returning ${now} as at`
        : `update notification_cursors set seq = $3 where book = $1 and seq = $2 returning ${now} as at`;
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
               select book, seq, pos from messages where status = 0 and next_at <= ${now}
               order by next_at limit $1 for update skip locked
             )
             update messages m set next_at = ${now} + $2, tries = m.tries + 1 from due
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
        text: `update messages set status = 1, next_at = null, error = null, sent = ${now}
               where book = $1 and seq = $2 and pos = $3 and status = 0`,
        values: place,
      });
      return;
    }
    await this.#pool.query({
      name: 'message_not_sent',
      text: `update messages set error = $4, status = case when $5::bigint is null then 2 else 0 end,
                    next_at = case when $5::bigint is null then null else ${now} + $5 end
             where book = $1 and seq = $2 and pos = $3 and status = 0`,
      values: [...place, result.error.replaceAll('\0', '').slice(0, 1000), result.retryAfterMs],
    });
  }

  async messages(query: MessageQuery): Promise<{ readonly items: readonly Message[]; readonly hasMore: boolean }> {
    const values: unknown[] = [query.book];
    const value = (one: unknown) => `$${values.push(one)}`;
    const conditions = ['book = $1'];
    const beyond = (sign: '<' | '>', { seq, pos }: Birth) =>
      conditions.push(`(seq, pos) ${sign} (${value(seq)}::bigint, ${value(pos)}::integer)`);
    if (query.after) beyond('<', query.after);
    if (query.before) beyond('>', query.before);
    if (query.account !== undefined) conditions.push(`account = ${value(query.account)}`);
    if (query.status) conditions.push(`status = ${value(messageStatuses.indexOf(query.status))}`);
    const order = query.before ? 'asc' : 'desc';
    const { rows } = await this.#pool.query<MessageRow>(
      `select * from messages where ${conditions.join(' and ')}
       order by seq ${order}, pos ${order} limit ${value(query.limit + 1)}`,
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
  sent: seconds(row.sent),
  nextTry: seconds(row.next_at),
});
