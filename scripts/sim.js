/** npm run sim -- [--store memory] [--seed 1] [--commands 5000000] [--minutes 60]: compiles and runs test/simulation/main.ts. */
import { buildSim, install, main, requireNode, run } from './steps.js';

await main(async () => {
  requireNode();
  await install();
  await buildSim();
  const args = ['--enable-source-maps', 'dist-sim/test/simulation/main.js', ...process.argv.slice(2)];
  process.exitCode = await run(process.execPath, args);
});
