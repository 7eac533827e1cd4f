/** npm run failover -- [--rounds 10] [--seed 1] [--minutes 60] */
import { parseArgs } from 'node:util';
import { builtBeside } from '../support/paths.ts';
import { findBinaries, howToInstall } from './binaries.ts';
import { failover } from './failover.ts';
import { tellFailover } from './tell.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '60' },
  },
});
const binaries = findBinaries();
if (binaries === null) {
  console.error(`evenkeel: failover cannot be tried here: ${howToInstall}`);
  process.exit(1);
}
const started = Date.now();
let stopped = false;
// Ends with the report of what was seen so far.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    stopped = true;
  });
}
const report = await failover({
  main: builtBeside,
  binaries,
  seed: Number(values.seed),
  rounds: Number(values.rounds),
  isOver: () => stopped || Date.now() > started + Number(values.minutes) * 60_000,
  onRound({ rounds, acknowledged, unknown, faults }) {
    console.error(`${rounds} rounds, ${acknowledged} writes, ${unknown} settled by a retry, ${faults.length} faults`);
  },
});
console.log(tellFailover(report));
console.log(`Seed ${values.seed}, ${Math.round((Date.now() - started) / 1000)} s, PostgreSQL of ${binaries}`);
if (report.faults.length > 0) process.exitCode = 1;
