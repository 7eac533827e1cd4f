/** npm run race -- [--processes 4] [--things 200] [--parallel 32] [--ops 200000] [--clients 16] [--kill 10] [--seed 1] [--minutes 60] */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbedded } from '../../src/store/embedded/start.ts';
import { migrate } from '../../src/store/postgres/migrate.ts';
import { databaseUrl } from '../support/database.ts';
import { openMarket, randomFrom } from '../support/load.ts';
import { builtBeside } from '../support/paths.ts';
import { check } from './check.ts';
import { exactlyOnce, misses, tallyTable } from './exactly-once.ts';
import { Fleet } from './fleet.ts';
import { trade } from './traffic.ts';

const { values } = parseArgs({
  options: {
    processes: { type: 'string', default: '4' },
    things: { type: 'string', default: '200' },
    parallel: { type: 'string', default: '32' },
    ops: { type: 'string', default: '200000' },
    clients: { type: 'string', default: '16' },
    // Seconds between two kills, about; 0 for none.
    kill: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '60' },
  },
});
const [processes, things, parallel, operations, clients, kill, seed, minutes] = [
  values.processes,
  values.things,
  values.parallel,
  values.ops,
  values.clients,
  values.kill,
  values.seed,
  values.minutes,
].map(Number) as [number, number, number, number, number, number, number, number];

let stopped = false;
// Ends with the verdict on what was done so far.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    stopped = true;
  });
}
const directory = await mkdtemp(join(tmpdir(), 'ek-race-'));
// PostgreSQL never runs as root: the user it runs as instead must be able to enter.
await chmod(directory, 0o755);
const embedded = await startEmbedded(join(directory, 'pg'));
const url = databaseUrl({ ...embedded, template: null }, embedded.database);
const wrong: string[] = [];
try {
  await migrate({ url });
  const fleet = await Fleet.start(builtBeside, url, processes);
  try {
    if (things > 0) {
      const tallies = await exactlyOnce(fleet, { things, parallel });
      console.log(tallyTable(tallies));
      wrong.push(...tallies.flatMap(misses));
    }
    if (operations > 0) {
      const market = await openMarket(fleet.next(), 4, { opening: 50_000, hasBanks: false });
      const started = Date.now();
      let told = started;
      const traffic = await trade({
        fleet,
        market,
        random: randomFrom(seed),
        operations,
        clients,
        killEveryMs: kill === 0 ? null : kill * 1000,
        isOver: () => stopped || Date.now() > started + minutes * 60_000,
        onProgress(done) {
          if (Date.now() - told < 10_000) return;
          told = Date.now();
          console.error(`${done} operations, ${Math.round((done * 1000) / (told - started))} a second`);
        },
      });
      const { writes, reads, twins, kills } = traffic;
      const of = (became: string) => writes.filter((write) => write.became === became).length;
      console.log(
        `${processes} processes, ${clients} clients, seed ${seed}: ${reads.length} reads, ${writes.length} writes ` +
          `(${of('ok')} done, ${of('refused')} refused, ${of('info')} without an answer, ${twins} sent twice at once), ` +
          `${kills} kills, ${Math.round((Date.now() - started) / 1000)} s`,
      );
      wrong.push(...traffic.wrong, ...check(await fleet.journal(market.platform), traffic));
    }
    wrong.push(...(await fleet.audit()));
  } finally {
    await fleet.stop();
  }
} finally {
  await embedded.stop();
  await rm(directory, { recursive: true, force: true });
}
for (const line of wrong.slice(0, 50)) console.log(line);
console.log(
  wrong.length === 0 ? 'Everything happened once, in one order; the audit is clean.' : `${wrong.length} wrong`,
);
process.exitCode = wrong.length === 0 ? 0 : 1;
