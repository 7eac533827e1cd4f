import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FromGenerator, Load, LoadReport } from './generator.ts';
import type { Measured, Meter } from './meter.ts';

const generatorFile = fileURLToPath(new URL('./generator.js', import.meta.url));

/** A run may take this much longer than it was told to. */
const lateMsMax = 40_000;

/** Runs a load from a process of its own. */
export async function runLoad(load: Load, meter: Meter): Promise<LoadReport & Measured> {
  const child = fork(generatorFile, [], { execArgv: [] });
  const late = setTimeout(() => child.kill('SIGKILL'), (load.warmUpSeconds + load.seconds) * 1000 + lateMsMax);
  try {
    child.send(load);
    const report = await new Promise<LoadReport>((resolve, reject) => {
      child.on('exit', (code, signal) => reject(new Error(`the load generator ended early: ${signal ?? code}`)));
      child.on('message', (message: FromGenerator) => {
        if (message.kind === 'done') resolve(message.report);
        else meter.start().then(() => child.send('go'), reject);
      });
    });
    return { ...report, cost: await meter.read() };
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
