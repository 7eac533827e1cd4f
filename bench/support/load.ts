import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FromGenerator, Load, LoadReport } from './generator.ts';
import type { Gauge } from './meter.ts';

const generatorFile = fileURLToPath(new URL('./generator.js', import.meta.url));

/** A run may take this much longer than it was told to. */
const lateMsMax = 40_000;

/** A generator in a process of its own: warms up, waits for the word, sends, reports, ends. */
class Running {
  readonly warm: Promise<void>;
  readonly report: Promise<LoadReport>;
  readonly #child: ChildProcess;
  readonly #late: NodeJS.Timeout;

  constructor(load: Load) {
    const child = fork(generatorFile, [], { execArgv: [] });
    this.#child = child;
    this.#late = setTimeout(() => child.kill('SIGKILL'), (load.warmUpSeconds + load.seconds) * 1000 + lateMsMax);
    const heard = <Kind extends FromGenerator['kind']>(kind: Kind) =>
      new Promise<Extract<FromGenerator, { kind: Kind }>>((resolve, reject) => {
        child.on('exit', (code, signal) => reject(new Error(`the load generator ended early: ${signal ?? code}`)));
        child.on('message', (message: FromGenerator) => {
          if (message.kind === kind) resolve(message as Extract<FromGenerator, { kind: Kind }>);
        });
      });
    this.warm = heard('warm').then(() => {});
    this.report = heard('done').then(({ report }) => report);
    // Whoever waits for the warm-up hears of it; until then nobody waits for the report.
    this.report.catch(() => {});
    child.send(load);
  }

  go(): void {
    this.#child.send('go');
  }

  async end(): Promise<void> {
    clearTimeout(this.#late);
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    // It ends by itself after its report.
    const ended = once(this.#child, 'exit');
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), 2000);
    await ended;
    clearTimeout(kill);
  }
}

/** Runs loads at the same time, each from a process of its own; the gauge begins when all have warmed up. */
export async function runLoads<Reading>(
  loads: readonly Load[],
  gauge: Gauge<Reading>,
): Promise<{ readonly reports: readonly LoadReport[]; readonly cost: Reading }> {
  const running = loads.map((load) => new Running(load));
  try {
    await Promise.all(running.map(({ warm }) => warm));
    await gauge.start();
    for (const each of running) each.go();
    const reports = await Promise.all(running.map(({ report }) => report));
    return { reports, cost: await gauge.read() };
  } finally {
    await Promise.all(running.map((each) => each.end()));
  }
}

/** Runs a load from a process of its own. */
export async function runLoad<Reading>(
  load: Load,
  gauge: Gauge<Reading>,
): Promise<LoadReport & { readonly cost: Reading }> {
  const { reports, cost } = await runLoads([load], gauge);
  return { ...(reports[0] as LoadReport), cost };
}

/** Keeps a server busy before anything is measured: one whose functions are not compiled yet is several times slower. */
export async function warmUp(load: Pick<Load, 'port' | 'key' | 'requestsPerKey' | 'asks'>, seconds = 5): Promise<void> {
  const nothing = { start: async () => {}, read: async () => {} };
  await runLoad({ ...load, connections: 64, warmUpSeconds: 0, seconds }, nothing);
}
