/** npm run dev: compiles at every change and restarts the server with what came out. */
import { spawn } from 'node:child_process';
import { build, forgetBuild, install, main, requireNode, root, run, tool } from './steps.js';

await main(async () => {
  requireNode();
  await install();
  await build();
  forgetBuild();
  const watch = [tool('tsc'), '-p', 'tsconfig.json', '--watch', '--preserveWatchOutput'];
  const compiler = spawn(process.execPath, watch, { cwd: root, stdio: 'inherit' });
  try {
    process.exitCode = await run(process.execPath, ['--watch', '--watch-preserve-output', 'dist/main.js', 'serve']);
  } finally {
    compiler.kill();
  }
});
