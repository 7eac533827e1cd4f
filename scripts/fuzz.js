/** npm run fuzz -- [--seed 1] [--requests 1000000] [--minutes 60]: compiles and runs test/fuzz/main.ts. */
import { buildFuzz, install, main, requireNode, run } from './steps.js';

await main(async () => {
  requireNode();
  await install();
  await buildFuzz();
  const args = ['--enable-source-maps', 'dist-fuzz/test/fuzz/main.js', ...process.argv.slice(2)];
  process.exitCode = await run(process.execPath, args);
});
