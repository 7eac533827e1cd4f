/** What the tables say, behind the server's back: what a request has changed, and whether it could have. */
import { Client } from 'pg';

export class Tables {
  readonly #client: Client;

  private constructor(client: Client) {
    this.#client = client;
  }

  static async open(databaseUrl: string): Promise<Tables> {
    const client = new Client({ connectionString: databaseUrl });
    await client.connect();
    return new Tables(client);
  }

  close(): Promise<void> {
    return this.#client.end();
  }

  /** Changes with every operation of a book. */
  async journal(book: number): Promise<string> {
    const { rows } = await this.#client.query('select version, hash, next_due from books where book = $1', [book]);
    return JSON.stringify(rows);
  }

  /** Objects, money, rows, news and plans of a book; not the keys of requests that were refused. */
  async contents(book: number): Promise<string> {
    const { rows } = await this.#client.query(
      `select
        (select row(count(*), max(changed), sum(changed))::text from objects where book = $1) objects,
        (select string_agg(b::text, ';' order by account, currency) from balances b where book = $1) balances,
        (select string_agg(m::text, ';' order by account, currency, day) from maturing m where book = $1) maturing,
        (select count(*) from balance_transactions where book = $1) lines,
        (select count(*) from account_operations where book = $1) news,
        (select row(count(*), sum(at))::text from schedule where book = $1) plans,
        (select row(frozen_time, advance_to, settled_through)::text from books where book = $1) clock`,
      [book],
    );
    return JSON.stringify(rows[0]);
  }

  async books(): Promise<number> {
    const { rows } = await this.#client.query<{ count: string }>('select count(*) from books');
    return Number(rows[0]?.count);
  }

  /** Whether a text stands anywhere in the journal. */
  async journalHas(text: string): Promise<boolean> {
    const { rows } = await this.#client.query(
      "select 1 from operations where strpos(changes || coalesce(body, ''), $1) > 0 limit 1",
      [text],
    );
    return rows.length > 0;
  }
}
