/** npm run bench -- NAME [arguments]: compiles and runs bench/NAME.ts; without a name lists what there is. */
import fs from 'node:fs';
import path from 'node:path';
import { build, buildBench, install, main, requireNode, root, run, StepError } from './steps.js';

await main(async () => {
  const [name, ...args] = process.argv.slice(2);
  const dir = path.join(root, 'bench');
  const names = fs.existsSync(dir)
    ? fs
        .readdirSync(dir)
        .filter((file) => /^[^.]+\.ts$/.test(file))
        .map((file) => path.basename(file, '.ts'))
    : [];
  if (!names.includes(name)) {
    throw new StepError(`name one of these: npm run bench -- ${names.join(' | ')}`, 2);
  }
  requireNode();
  await install();
  await build();
  await buildBench();
  process.exitCode = await run(process.execPath, ['--enable-source-maps', `dist-bench/bench/${name}.js`, ...args]);
});
