/** npm run fuzz -- [--seed 1] [--requests 1000000] [--minutes 60] */
import { parseArgs } from 'node:util';
import { secretsOf } from '../../src/features/platforms/secrets.ts';
import { featuresWith } from '../../src/registry.ts';
import { builtBeside } from '../support/paths.ts';
import { attack } from './attack.ts';
import { startInstance } from './instance.ts';
import { LogWatch } from './secrets.ts';
import { memoryGrew, tellFinding, tellReport } from './tell.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    requests: { type: 'string', default: '1000000' },
    minutes: { type: 'string', default: '60' },
  },
});
const features = featuresWith(secretsOf({ adminKey: null, deterministicSeed: 1 }));
const log = new LogWatch();
const instance = await startInstance(builtBeside, log);
const started = Date.now();
let told = started;
let stopped = false;
// Ends with the report of what was seen so far.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    stopped = true;
  });
}
let report: Awaited<ReturnType<typeof attack>>;
try {
  report = await attack({
    target: instance,
    databaseUrl: instance.databaseUrl,
    routes: features.flatMap(({ routes = [] }) => routes),
    log,
    seed: Number(values.seed),
    requests: Number(values.requests),
    isOver: () => stopped || Date.now() > started + Number(values.minutes) * 60_000,
    onFinding: (finding) => console.error(tellFinding(finding)),
    onProgress(done) {
      if (Date.now() - told < 10_000) return;
      told = Date.now();
      console.error(`${done} requests, ${Math.round((done * 1000) / (told - started))} a second`);
    },
  });
  const { status, output } = await instance.audit();
  const grew = memoryGrew(report.heap);
  console.log(tellReport(report));
  if (grew !== null) console.log(`The memory is not flat: ${grew}`);
  console.log(status === 0 ? 'The audit is clean.' : `The audit says:\n${output}`);
  if (report.findings.length > 0 || status !== 0 || grew !== null) process.exitCode = 1;
} finally {
  await instance.stop();
}
