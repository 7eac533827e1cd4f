/** npm start: on a fresh clone installs and builds, then serves. Arguments go to `evenkeel serve`. */

import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, install, main, requireNode, root } from './steps.js';

await main(async () => {
  requireNode();
  await install();
  await build();
});

// In this process, not in another one: a second Node costs time at the start, and signals and exit code need no passing on.
const entry = path.join(root, 'dist/main.js');
process.argv = [process.execPath, entry, 'serve', ...process.argv.slice(2)];
await import(pathToFileURL(entry).href);
