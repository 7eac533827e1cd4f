import type pg from 'pg';
import type { ContentStore } from '../contents.ts';

export class PostgresContents implements ContentStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async putPart(book: number, content: string, part: number, bytes: Uint8Array): Promise<void> {
    await this.#pool.query({
      name: 'put_file_part',
      text: 'insert into file_contents (book, content, part, bytes) values ($1, $2, $3, $4) on conflict do nothing',
      values: [book, content, part, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)],
    });
  }

  async part(book: number, content: string, part: number): Promise<Uint8Array | null> {
    const { rows } = await this.#pool.query<{ bytes: Buffer }>({
      name: 'file_part',
      text: 'select bytes from file_contents where book = $1 and content = $2 and part = $3',
      values: [book, content, part],
    });
    return rows[0]?.bytes ?? null;
  }

  async dropContent(book: number, content: string): Promise<void> {
    await this.#pool.query('delete from file_contents where book = $1 and content = $2', [book, content]);
  }
}
