import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Latencies, latenciesOf } from './latency.ts';

/** The machine and what runs on it, in one line. */
export function describeMachine(postgresVersion: string): string {
  const cpus = os.cpus();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  const model = cpus[0]?.model.trim() || os.arch();
  return `${cpus.length} cores ${model}, ${memory} GiB, ${os.type()} ${os.release()}, PostgreSQL ${postgresVersion}, Node ${process.versions.node}`;
}

const writes = 1000;
const blockBytes = 8192;

/** What one durable write of a database page costs on the disk of `directory`. */
export function measureSync(directory: string): Latencies {
  const file = path.join(directory, 'sync');
  const fd = fs.openSync(file, 'w');
  const block = randomBytes(blockBytes);
  const ms: number[] = [];
  try {
    for (let i = 0; i < writes; i++) {
      const started = performance.now();
      // The same places again and again, as a log that is recycled.
      fs.writeSync(fd, block, 0, blockBytes, (i % 64) * blockBytes);
      fs.fdatasyncSync(fd);
      ms.push(performance.now() - started);
    }
  } finally {
    fs.closeSync(fd);
    fs.rmSync(file);
  }
  return latenciesOf(ms.slice(64));
}
