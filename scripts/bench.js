/**
 * npm run bench [-- NAME [arguments]]: compiles and runs bench/NAME.ts; without a name all of them, one after the other, each
 * with its defaults. `--list` says which there are.
 */
import fs from 'node:fs';
import path from 'node:path';
import { build, buildBench, install, installBeside, main, requireNode, root, run, StepError, say } from './steps.js';

const dir = path.join(root, 'bench');
const names = fs
  .readdirSync(dir)
  .filter((file) => /^[^.]+\.ts$/.test(file))
  .map((file) => path.basename(file, '.ts'));

/** The question that the head of a benchmark asks. */
const questionOf = (name) =>
  /^\/\*\*\n(.*?)\n \*(?:\n|\/)/s
    .exec(fs.readFileSync(path.join(dir, `${name}.ts`), 'utf8'))?.[1]
    .replace(/\n? \* ?/g, ' ')
    .trim() ?? '';

/** @returns {Promise<number>} its exit code */
async function runBench(name, args) {
  // What a benchmark alone needs is in a folder of its name, with a lock of its own.
  const folder = path.join('bench', name);
  if (fs.existsSync(path.join(root, folder, 'package.json')) && !(await installBeside(folder))) {
    throw new StepError(`what ${name} needs could not be installed: npm ci --prefix ${folder}`, 1);
  }
  return run(process.execPath, ['--enable-source-maps', `dist-bench/bench/${name}.js`, ...args]);
}

await main(async () => {
  const [name, ...args] = process.argv.slice(2);
  if (name === '--list') {
    for (const each of names) console.log(`${each.padEnd(14)}${questionOf(each)}`);
    return;
  }
  if (name !== undefined && !names.includes(name)) {
    throw new StepError(`name one of these, or none to run all: npm run bench -- ${names.join(' | ')}`, 2);
  }
  requireNode();
  await install();
  await build();
  await buildBench();
  for (const each of name === undefined ? names : [name]) {
    if (name === undefined) say(`${each}: ${questionOf(each)}`);
    const code = await runBench(each, args);
    // The others are asked all the same; an interrupt is meant for all.
    if (code >= 128) process.exit(code);
    if (code !== 0) process.exitCode = code;
  }
});
