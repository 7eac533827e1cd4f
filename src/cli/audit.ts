import type { Config } from '../config.ts';
import { allKinds } from '../registry.ts';
import { audit } from '../store/postgres/audit.ts';
import { helpersHere } from '../store/postgres/audit-crew.ts';
import { openDatabase } from './database.ts';

/** `evenkeel audit`: proves the books from the tables; says what is broken and ends with status 1 when something is. */
export async function runAudit(config: Config): Promise<number> {
  const opened = await openDatabase(config, { shared: true, existing: true });
  try {
    const started = performance.now();
    const report = await audit(opened.database, allKinds, helpersHere());
    const seconds = (performance.now() - started) / 1000;
    for (const { promise, book, row, says } of report.findings)
      console.log(`${promise}  book ${book}  ${row}: ${says}`);
    if (report.truncated) console.log('… and more');
    const verdict = report.findings.length === 0 ? 'clean' : `${report.findings.length} findings`;
    const speed = seconds > 0.5 ? `, ${Math.round(report.postings / seconds)} postings a second` : '';
    console.log(
      `audit: ${verdict}: ${report.books} books, ${report.operations} operations, ${report.postings} postings in ${seconds.toFixed(2)} s${speed}`,
    );
    return report.findings.length === 0 ? 0 : 1;
  } finally {
    await opened.close();
  }
}
