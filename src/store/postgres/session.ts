import type pg from 'pg';

/** Where questions may be asked. */
export interface Questions {
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<{ readonly rows: Row[] }>;
}

/** A connection that several share: what they ask waits until what was asked before is answered. */
export class Session implements Questions {
  readonly #client: pg.Client;
  #before: Promise<unknown> = Promise.resolve();

  constructor(client: pg.Client) {
    this.#client = client;
  }

  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<pg.QueryResult<Row>> {
    return this.inTurn((client) => client.query<Row>(text, values));
  }

  inTurn<T>(ask: (client: pg.Client) => Promise<T>): Promise<T> {
    const answer = this.#before.then(() => ask(this.#client));
    // One that fails is the business of who asked.
    this.#before = answer.catch(() => {});
    return answer;
  }
}
