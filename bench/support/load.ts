import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FromGenerator, Load, LoadReport } from './generator.ts';

const generatorFile = fileURLToPath(new URL('./generator.js', import.meta.url));

/** A run may take this much longer than it was told to. */
const lateMsMax = 40_000;

/**
 * Runs a load from a process of its own.
 *
 * @param onWarm  called between warm-up and measurement
 */
export async function runLoad(load: Load, onWarm: () => Promise<void>): Promise<LoadReport> {
  const child = fork(generatorFile, [], { execArgv: [] });
  const late = setTimeout(() => child.kill('SIGKILL'), (load.warmUpSeconds + load.seconds) * 1000 + lateMsMax);
  try {
    child.send(load);
    return await new Promise<LoadReport>((resolve, reject) => {
      child.on('exit', (code, signal) => reject(new Error(`the load generator ended early: ${signal ?? code}`)));
      child.on('message', (message: FromGenerator) => {
        if (message.kind === 'done') resolve(message.report);
        else onWarm().then(() => child.send('go'), reject);
      });
    });
  } finally {
    clearTimeout(late);
    if (child.exitCode === null && child.signalCode === null) {
      // It ends by itself after its report.
      const ended = once(child, 'exit');
      const kill = setTimeout(() => child.kill('SIGKILL'), 2000);
      await ended;
      clearTimeout(kill);
    }
  }
}
