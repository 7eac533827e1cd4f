/**
 * Whether the server's memory is bounded: it must not grow with what it has done.
 *
 *     npm run bench -- memory [--charges 200000] [--accounts 1000]
 *
 * Destination charges on one platform from 64 connections, all through one server; what it holds in memory is noted ten
 * times a second.
 */
import { parseArgs } from 'node:util';
import { asksOf, destinationCharge } from './support/charges.ts';
import { bench, type Found, type Stage, say } from './support/frame.ts';
import { serve } from './support/instance.ts';
import { runLoad } from './support/load.ts';
import type { Gauge } from './support/meter.ts';
import { foundPlatform, makeAccounts } from './support/platform.ts';
import { residentMegabytes } from './support/processor.ts';
import { table } from './support/results.ts';

const connections = 64;
const parts = 10;
/** The slowest machine that would be waited for. */
const chargesPerSecondMin = 100;

const { values: options } = parseArgs({
  options: { charges: { type: 'string', default: '200000' }, accounts: { type: 'string', default: '1000' } },
});
const charges = Number(options.charges);

/** Notes what a process holds, with how much of the work was done. */
class MemoryGauge implements Gauge<readonly number[]> {
  readonly #pid: number;
  readonly #samples: number[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(pid: number) {
    this.#pid = pid;
  }

  async start(): Promise<void> {
    this.#timer = setInterval(() => this.#samples.push(residentMegabytes(this.#pid)), 100);
  }

  async read(): Promise<readonly number[]> {
    clearInterval(this.#timer);
    return this.#samples;
  }
}

async function measure({ database }: Stage): Promise<Found> {
  const server = await serve(database);
  try {
    const idle = residentMegabytes(server.pid);
    const platform = await foundPlatform(server);
    const accounts = await makeAccounts(server, platform, Number(options.accounts));
    const load = {
      port: server.port,
      key: platform.key,
      asks: asksOf(destinationCharge, accounts),
      connections,
      warmUpSeconds: 0,
      seconds: charges / chargesPerSecondMin,
      requestsMax: charges,
    };
    const { cost: samples, count, seconds, errors, firstError } = await runLoad(load, new MemoryGauge(server.pid));
    if (firstError !== null) say(`the first error was: ${firstError}`);
    const rows = Array.from({ length: parts }, (_, i) => {
      const part = samples.slice(
        Math.floor((samples.length * i) / parts),
        Math.floor((samples.length * (i + 1)) / parts),
      );
      const mean = part.reduce((sum, each) => sum + each, 0) / part.length;
      return [String(Math.round((charges * (i + 1)) / parts)), mean.toFixed(0), Math.max(...part).toFixed(0)];
    });
    const text = [
      `${count} charges in ${seconds.toFixed(0)} s. The server held ${idle.toFixed(0)} MB before the first, ${residentMegabytes(server.pid).toFixed(0)} MB after the last, at most ${Math.max(...samples).toFixed(0)} MB. What it held in each tenth of the time:`,
      '',
      table(['charges, about', 'MB on average', 'MB at most'], rows),
    ].join('\n');
    return { text, errors };
  } finally {
    await server.stop();
  }
}

await bench('memory', `${options.accounts} connected accounts, ${connections} connections`, measure);
