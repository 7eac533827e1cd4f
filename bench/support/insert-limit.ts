/**
 * What the same PostgreSQL can take when nobody thinks: the rows that charges left, inserted again many at a time into
 * tables of the same shape with the same keys and indexes, and committed with the same fsync.
 */
import pg from 'pg';

const tables = ['operations', 'idempotency_keys', 'objects', 'balance_transactions', 'account_operations'] as const;
const chargesPerBatch = 64;
const connections = 4;

interface Column {
  readonly name: string;
  readonly type: string;
}

async function columnsOf(client: pg.Client, table: string): Promise<Column[]> {
  const { rows } = await client.query<Column>(
    `select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
    [table],
  );
  return rows;
}

/** Every batch is the same but for the numbers of its operations, and keys, which are random in life as well. */
function spell({ name, type }: Column): string {
  if (name === 'key_hash') return 'gen_random_uuid()';
  if (['seq', 'changed', 'source_seq'].includes(name)) return `${name} + $1::bigint`;
  // Arrays within arrays must be of one length, so these travel as text.
  return type.endsWith('[]') ? `${name}::${type}` : name;
}

interface Statement {
  readonly text: string;
  readonly values: readonly string[];
}

/** One statement that inserts what `chargesPerBatch` charges wrote; `$1` is added to their numbers. */
async function batchOf(client: pg.Client, book: number, command: string): Promise<Statement> {
  const { rows: seqs } = await client.query<{ seq: string }>(
    `select seq from operations where book = $1 and command = $2 and status = 200 order by seq desc limit ${chargesPerBatch}`,
    [book, command],
  );
  if (seqs.length < chargesPerBatch) throw new Error(`fewer than ${chargesPerBatch} charges to measure by`);
  const values: string[] = [];
  const inserts: string[] = [];
  for (const table of tables) {
    const columns = await columnsOf(client, table);
    // Arrays come from PostgreSQL in the spelling in which they go back.
    const list = columns.map(({ name, type }) => `array_agg(${name}${type.endsWith('[]') ? '::text' : ''})::text`);
    const { rows } = await client.query<string[]>({
      text: `select ${list.join(', ')} from ${table} where book = $1 and seq = any($2::bigint[])`,
      values: [book, seqs.map((row) => row.seq)],
      rowMode: 'array',
    });
    const first = values.length + 2;
    values.push(...(rows[0] ?? []));
    const arrays = columns.map(({ type }, i) => `$${first + i}::${type.endsWith('[]') ? 'text' : type}[]`);
    inserts.push(
      `insert into insert_limit.${table} select ${columns.map(spell).join(', ')}
       from unnest(${arrays.join(', ')}) as r(${columns.map(({ name }) => name).join(', ')})`,
    );
  }
  const last = inserts.pop();
  return { text: `with ${inserts.map((insert, i) => `t${i} as (${insert})`).join(', ')} ${last}`, values };
}

/**
 * @param command  the name that the charges' operations stand under
 * @returns charges a second whose rows were made durable
 */
export async function measureInsertLimit(
  url: string,
  { book, command, seconds }: { book: number; command: string; seconds: number },
): Promise<number> {
  const clients = Array.from({ length: connections }, () => new pg.Client({ connectionString: url }));
  await Promise.all(clients.map((client) => client.connect()));
  const [first] = clients as [pg.Client];
  try {
    await first.query('create schema insert_limit');
    for (const table of tables) {
      await first.query(`create table insert_limit.${table} (like ${table} including all)`);
    }
    const batch = await batchOf(first, book, command);
    let batches = 0;
    let next = 1;
    const send = async (until: number) => {
      batches = 0;
      await Promise.all(
        clients.map(async (client) => {
          while (performance.now() < until) {
            const offset = String(next++ * 1_000_000);
            await client.query({ name: 'insert', text: batch.text, values: [offset, ...batch.values] });
            batches++;
          }
        }),
      );
    };
    await send(performance.now() + 500);
    const started = performance.now();
    await send(started + seconds * 1000);
    return (batches * chargesPerBatch * 1000) / (performance.now() - started);
  } finally {
    await first.query('drop schema if exists insert_limit cascade');
    await Promise.all(clients.map((client) => client.end()));
  }
}
