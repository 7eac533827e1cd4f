/** npm run race -- [--processes 4] [--things 200] [--ops 200000] [--seed 1] [--minutes 60]: compiles and runs test/race/main.ts. */
import { buildRace, install, main, requireNode, run } from './steps.js';

await main(async () => {
  requireNode();
  await install();
  await buildRace();
  const args = ['--enable-source-maps', 'dist-race/test/race/main.js', ...process.argv.slice(2)];
  process.exitCode = await run(process.execPath, args);
});
