import fs from 'node:fs';
import path from 'node:path';
import { EmbeddedError } from './error.ts';
import { sleep, startOf } from './process.ts';

const fileIn = (home: string): string => path.join(home, 'evenkeel.pid');

const read = (file: string): string => {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

/**
 * Makes this process the one Evenkeel that works in `home`; a dead owner is succeeded silently.
 *
 * PostgreSQL's own lock cannot do this: a server that outlived its Evenkeel is adopted, so a second Evenkeel would
 * adopt the server of a live one, and stop it under its feet.
 *
 * @returns what gives the directory free again
 */
export async function claim(home: string): Promise<() => void> {
  const file = fileIn(home);
  const mine = `${process.pid}\n${startOf(process.pid)}\n`;
  const release = () => {
    if (read(file) === mine) fs.rmSync(file, { force: true });
  };
  try {
    fs.writeFileSync(file, mine, { flag: 'wx' });
    return release;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const refuseLive = (text: string): void => {
    const [pid = '', start = ''] = text.split('\n');
    const now = startOf(Number(pid));
    if (now !== null && (now === start || now === 'unknown')) {
      throw new EmbeddedError(`another Evenkeel (pid ${pid}) uses this data directory: ${home}`);
    }
  };
  refuseLive(read(file));
  const draft = `${file}.${process.pid}`;
  fs.writeFileSync(draft, mine);
  fs.renameSync(draft, file);
  // Two may have found the dead owner at the same moment; the last to write wins, and the other one sees it here.
  await sleep(30);
  const winner = read(file);
  if (winner !== mine) refuseLive(winner);
  return release;
}
