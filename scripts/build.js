/** npm run build: installs what is missing and compiles src to dist. */
import { build, install, main, requireNode } from './steps.js';

await main(async () => {
  requireNode();
  await install();
  await build();
});
