import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbedded } from '../../src/store/embedded/start.ts';
import { migrate } from '../../src/store/postgres/migrate.ts';
import { RealDatabase } from './postgres.ts';
import { rulesMissing, rulesReached } from './rules.ts';
import { simulate } from './simulate.ts';

/** npm run sim -- [--store memory|postgres] [--seed 1] [--commands 5000000] [--minutes 60] */
const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'memory' },
    seed: { type: 'string', default: '1' },
    commands: { type: 'string', default: '5000000' },
    minutes: { type: 'string', default: '600' },
  },
});
const started = Date.now();
let told = 0;
if (!['memory', 'postgres'].includes(values.store)) throw new Error('--store is memory or postgres');
const real = values.store === 'postgres' ? await openReal(Number(values.seed)) : null;
const result = await simulate(
  {
    seed: Number(values.seed),
    commands: Number(values.commands),
    until: started + Number(values.minutes) * 60_000,
    ...(real && { database: real.database }),
  },
  ({ commands, seed }) => {
    if (Date.now() - told < 10_000) return;
    told = Date.now();
    const perSecond = Math.round((commands * 1000) / (Date.now() - started));
    console.error(`${commands} commands, seed ${seed}, ${perSecond} a second`);
  },
);
await real?.close();
const seconds = Math.round((Date.now() - started) / 1000);
console.log(
  `${result.sequences} sequences from seed ${values.seed}: ${result.commands} commands, ${result.operations} operations, ${seconds} s`,
);
if (real) console.log(`Broken on the way: ${JSON.stringify(real.database.broken)}`);
console.log(`Rules reached: ${rulesReached(result.reached).join(' ')}`);
console.log(`Never reached: ${rulesMissing(result.reached).join(' ') || 'none'}`);
if (result.failure !== null) {
  console.log(result.failure);
  process.exitCode = 1;
} else console.log('Model and system agree.');

/** A PostgreSQL of its own. What it writes need not outlive the machine, so it does not wait for the disk. */
async function openReal(seed: number): Promise<{ database: RealDatabase; close(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'ek-sim-'));
  // PostgreSQL never runs as root: the user it runs as instead must be able to enter.
  await chmod(directory, 0o755);
  const embedded = await startEmbedded(join(directory, 'pg'), { flags: ['-c', 'fsync=off'] });
  const { host, port, user, database: name } = embedded;
  const place = { host, port, user, database: name };
  await migrate(place);
  const database = await RealDatabase.open(place, seed);
  return {
    database,
    async close() {
      await database.close();
      await embedded.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
