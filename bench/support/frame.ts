/** What every benchmark does before and after it measures. */
import pg from 'pg';
import { allKinds } from '../../src/registry.ts';
import { audit } from '../../src/store/postgres/audit.ts';
import { type BenchDatabase, startDatabase } from './instance.ts';
import { describeMachine } from './machine.ts';
import { writeSection } from './results.ts';

export interface Stage {
  readonly database: BenchDatabase;
  /** A connection of its own, for looking. */
  readonly sql: pg.Client;
}

export interface Found {
  /** What was found, as Markdown. */
  readonly text: string;
  /** Requests that were not answered as they should. */
  readonly errors: number;
}

export const say = (line: string): void => console.error(`> ${line}`);

/** A fresh database for as long as `work` takes. */
export async function onStage(work: (stage: Stage) => Promise<void>): Promise<void> {
  const database = await startDatabase();
  const sql = new pg.Client({ connectionString: database.url });
  try {
    await sql.connect();
    await work({ database, sql });
  } finally {
    await sql.end();
    await database.stop();
  }
}

/**
 * Measures on a fresh database, audits the books afterwards, prints it all and writes the benchmark's section of
 * bench/RESULTS.md. Errors and findings of the audit fail the process, and nothing is written then.
 *
 * @param setting  what the figures depend on besides the machine
 */
export function bench(name: string, setting: string, measure: (stage: Stage) => Promise<Found>): Promise<void> {
  return onStage(async (stage) => {
    const { text, errors } = await measure(stage);
    const { rows } = await stage.sql.query('show server_version');
    const books = await audit({ url: stage.database.url }, allKinds);
    const clean = books.findings.length === 0;
    const verdict = clean ? 'clean' : `${books.findings.length} findings`;
    const section = [
      `${new Date().toISOString().slice(0, 10)}, ${describeMachine(rows[0].server_version)}, fsync on. ${setting}.`,
      `    ${['npm run bench --', name, ...process.argv.slice(2)].join(' ')}`,
      text,
      `Errors: ${errors}. Audit afterwards: ${verdict} (${books.operations} operations, ${books.postings} postings).`,
    ].join('\n\n');
    console.log(`\n${section}`);
    if (errors > 0 || !clean) process.exitCode = 1;
    else writeSection(name, section);
  });
}
