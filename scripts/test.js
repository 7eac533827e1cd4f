/**
 * npm test: everything that must hold, on a fresh clone too. Installs what is missing, asks what is known of the packages
 * that people run (where the registry answers), checks format, lint and types, builds, runs every test. Stops at the first step that fails. Arguments go to vitest.
 *
 * The last line is always `N passed, N failed`; a check that fails counts as one failed test.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { audit, build, install, installVendorCli, must, requireNode, run, StepError, say, tool } from './steps.js';

/** Passed and failed tests in vitest's JSON report. A file that does not even load counts as one failed test. */
function count(report) {
  const unloaded = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  return { passed: report.numPassedTests, failed: report.numFailedTests + unloaded.length };
}

async function check(what, name, args) {
  say(what);
  await must(what, process.execPath, [tool(name), ...args]);
}

async function runTests(args) {
  say('Tests');
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'evenkeel-test-'));
  const file = path.join(dir, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const code = await run(process.execPath, [tool('vitest'), 'run', ...reporters, ...args]);
    if (!fs.existsSync(file)) throw new StepError('vitest gave no report', code || 1);
    const result = count(JSON.parse(fs.readFileSync(file, 'utf8')));
    // An error outside of every test, such as a promise that nobody awaited, fails the run without failing a test.
    return code !== 0 && result.failed === 0 ? { ...result, failed: 1 } : result;
  } finally {
    fs.rmSync(dir, { recursive: true, force: true });
  }
}

let result;
try {
  requireNode();
  await install();
  await installVendorCli();
  await audit();
  await check('Format and lint', 'biome', ['check', '--error-on-warnings']);
  await check('Types', 'tsc', ['--noEmit', '-p', 'tsconfig.json']);
  await check('Types of tests', 'tsc', ['--noEmit', '-p', 'tsconfig.test.json']);
  await build();
  result = await runTests(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof StepError ? `evenkeel: ${error.message}` : error);
  result = { passed: 0, failed: 1 };
}
console.log(`${result.passed} passed, ${result.failed} failed`);
process.exitCode = result.failed === 0 ? 0 : 1;
