import { parseArgs } from 'node:util';
import { rulesMissing, rulesReached } from './rules.ts';
import { simulate } from './simulate.ts';

/** npm run sim -- [--seed 1] [--commands 5000000] [--minutes 60] */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    commands: { type: 'string', default: '5000000' },
    minutes: { type: 'string', default: '600' },
  },
});
const started = Date.now();
let told = 0;
const result = await simulate(
  {
    seed: Number(values.seed),
    commands: Number(values.commands),
    until: started + Number(values.minutes) * 60_000,
  },
  ({ commands, seed }) => {
    if (Date.now() - told < 10_000) return;
    told = Date.now();
    const perSecond = Math.round((commands * 1000) / (Date.now() - started));
    console.error(`${commands} commands, seed ${seed}, ${perSecond} a second`);
  },
);
const seconds = Math.round((Date.now() - started) / 1000);
console.log(
  `${result.sequences} sequences from seed ${values.seed}: ${result.commands} commands, ${result.operations} operations, ${seconds} s`,
);
console.log(`Rules reached: ${rulesReached(result.reached).join(' ')}`);
console.log(`Never reached: ${rulesMissing(result.reached).join(' ') || 'none'}`);
if (result.failure !== null) {
  console.log(result.failure);
  process.exitCode = 1;
} else console.log('Model and system agree.');
