/** npm run failover -- [--patroni] [--rounds 10] [--seed 1] [--minutes 60] */
import { parseArgs } from 'node:util';
import { builtBeside } from '../support/paths.ts';
import { findBinaries, findPatroni, howToInstall, howToInstallPatroni } from './binaries.ts';
import { failover, type RunOptions } from './failover.ts';
import { pairEnds, startPair } from './pair.ts';
import { patroniEnds, startPatroni } from './patroni.ts';
import { times } from './patroni-node.ts';
import { tellFailover } from './tell.ts';

const { values } = parseArgs({
  options: {
    patroni: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '60' },
  },
});
function cannot(why: string): never {
  console.error(`evenkeel: failover cannot be tried here: ${why}`);
  process.exit(1);
}
const binaries = findBinaries() ?? cannot(howToInstall);
const patroni = values.patroni ? (findPatroni() ?? cannot(howToInstallPatroni)) : null;
const started = Date.now();
let stopped = false;
// Ends with the report of what was seen so far.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    stopped = true;
  });
}
const options: RunOptions = {
  main: builtBeside,
  seed: Number(values.seed),
  rounds: Number(values.rounds),
  isOver: () => stopped || Date.now() > started + Number(values.minutes) * 60_000,
  onRound({ rounds, acknowledged, unknown, faults }) {
    console.error(`${rounds} rounds, ${acknowledged} writes, ${unknown} settled by a retry, ${faults.length} faults`);
  },
};
const report = patroni
  ? await failover({ ...options, ends: patroniEnds, start: () => startPatroni(binaries, patroni) })
  : await failover({ ...options, ends: pairEnds, start: () => startPair(binaries) });
console.log(tellFailover(report));
const seconds = Object.entries(times).map(([name, value]) => `${name} ${value}`);
const promoted = patroni ? `, Patroni with ${seconds.join(', ')}` : '';
console.log(
  `Seed ${values.seed}, ${Math.round((Date.now() - started) / 1000)} s, PostgreSQL of ${binaries}${promoted}`,
);
if (report.faults.length > 0) process.exitCode = 1;
