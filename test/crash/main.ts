/** npm run crash -- [--rounds 200] [--seed 1] [--minutes 60] */
import { parseArgs } from 'node:util';
import { builtBeside } from '../support/paths.ts';
import { crash } from './crash.ts';
import { tellCrash } from './tell.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '60' },
  },
});
const started = Date.now();
let told = started;
let stopped = false;
// Ends with the report of what was seen so far.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    stopped = true;
  });
}
const report = await crash({
  main: builtBeside,
  seed: Number(values.seed),
  rounds: Number(values.rounds),
  isOver: () => stopped || Date.now() > started + Number(values.minutes) * 60_000,
  onRound({ rounds, acknowledged, unknown, faults }) {
    if (Date.now() - told < 10_000) return;
    told = Date.now();
    console.error(`${rounds} rounds, ${acknowledged} writes, ${unknown} settled by a retry, ${faults.length} faults`);
  },
});
console.log(tellCrash(report));
console.log(`Seed ${values.seed}, ${Math.round((Date.now() - started) / 1000)} s`);
if (report.faults.length > 0) process.exitCode = 1;
