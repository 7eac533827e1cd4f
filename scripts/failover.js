/** npm run failover -- [--rounds 10] [--seed 1] [--minutes 60]: compiles and runs test/failover/main.ts. */
import { build, buildCrash, install, main, requireNode, run } from './steps.js';

await main(async () => {
  requireNode();
  await install();
  await build();
  await buildCrash();
  const args = ['--enable-source-maps', 'dist-crash/test/failover/main.js', ...process.argv.slice(2)];
  process.exitCode = await run(process.execPath, args);
});
