/** npm run sim, fuzz, race, crash, failover: compiles and runs the main.ts of a folder in test/, which says what it takes. */
import { buildPrograms, install, main, requireNode, run } from './steps.js';

await main(async () => {
  const [folder, ...args] = process.argv.slice(2);
  requireNode();
  await install();
  await buildPrograms();
  process.exitCode = await run(process.execPath, [
    '--enable-source-maps',
    `dist-programs/test/${folder}/main.js`,
    ...args,
  ]);
});
