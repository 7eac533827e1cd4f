import fs from 'node:fs';
import path from 'node:path';

/** Rows of text under headings, aligned; as Markdown it reads the same. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const spell = (cells: readonly string[]) =>
    `| ${widths.map((width, i) => (i === 0 ? (cells[i] ?? '').padEnd(width) : (cells[i] ?? '').padStart(width))).join(' | ')} |`;
  const rule = `|${widths.map((width, i) => (i === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [spell(headings), rule, ...rows.map(spell)].join('\n');
}

export const percent = (part: number): string => `${Math.round(part * 100)} %`;

const title = '# Results\n\nThe last run of each benchmark, written by the run itself.\n';

/** Puts a benchmark's section into bench/RESULTS.md in place of the one before. Run from the project's root. */
export function writeSection(name: string, text: string): void {
  const file = path.resolve('bench/RESULTS.md');
  const old = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : title;
  const [head = title, ...sections] = old.split(/^(?=## )/m);
  const others = sections.filter((section) => !section.startsWith(`## ${name}\n`));
  const all = [...others.map((section) => section.trim()), `## ${name}\n\n${text.trim()}`].sort();
  fs.writeFileSync(file, `${[head.trim(), ...all].join('\n\n')}\n`);
}
