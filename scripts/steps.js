/** What the other scripts share. Runs before anything is installed, so it uses only what Node brings. */
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const at = (...names) => path.join(root, ...names);

export class StepError extends Error {
  /** @param {string} message  @param {number} exitCode */
  constructor(message, exitCode) {
    super(message);
    this.exitCode = exitCode;
  }
}

export const say = (line) => console.error(`> ${line}`);

/** Ends the process with one line instead of a stack when a step has failed. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    console.error(`evenkeel: ${error.message}`);
    process.exit(error.exitCode);
  }
}

/**
 * Runs a program in this terminal until it ends. SIGINT and SIGTERM are passed on, so that nothing stays behind.
 *
 * @returns {Promise<number>} its exit code, 128 + n after signal n
 */
export function run(file, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: root, stdio: 'inherit' });
    const pass = (signal) => child.kill(signal);
    const done = () => {
      process.off('SIGINT', pass);
      process.off('SIGTERM', pass);
    };
    process.on('SIGINT', pass);
    process.on('SIGTERM', pass);
    child.on('error', (error) => {
      done();
      reject(new StepError(`${file} does not start: ${error.message}`, 1));
    });
    child.on('close', (code, signal) => {
      done();
      resolve(code ?? (signal === 'SIGINT' ? 130 : 143));
    });
  });
}

/** Like `run`, but a program that fails ends the script. */
export async function must(what, file, args) {
  const code = await run(file, args);
  if (code !== 0) throw new StepError(`${what} failed`, code);
}

/** The script of an installed program, for the Node we run on. */
export const tool = (name) => {
  const entries = { tsc: 'typescript/bin/tsc', biome: '@biomejs/biome/bin/biome', vitest: 'vitest/vitest.mjs' };
  return at('node_modules', entries[name]);
};

export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new StepError(`Node ${process.versions.node} is too old: install Node 20.19 or newer`, 1);
}

const read = (file) => {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

/** A stamp only saves time; a tree that belongs to another user is used as it is. */
const stamp = (file, text) => {
  try {
    fs.writeFileSync(file, text);
  } catch {}
};

const sha = (text) => createHash('sha256').update(text).digest('hex');

/** Whether somebody ran `npm ci` by hand: npm notes what it installed. Packages for other systems are rightly absent. */
function isInstalled(lock) {
  const note = read(at('node_modules', '.package-lock.json'));
  if (note === '') return false;
  const { packages } = JSON.parse(note);
  return Object.entries(JSON.parse(lock).packages).every(
    ([where, { version, optional }]) => where === '' || optional || packages[where]?.version === version,
  );
}

/** The npm that runs us, or the one on the path. */
const npmCommand = () =>
  process.env.npm_execpath?.endsWith('npm-cli.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];

/** Installs the locked packages unless they are there. */
export async function install() {
  const lock = read(at('package-lock.json'));
  const file = at('node_modules', '.evenkeel-lock');
  if (read(file) === sha(lock)) return;
  if (!isInstalled(lock)) {
    say('Installing packages (once)');
    const npm = npmCommand();
    // The compiler is a development package and PostgreSQL an optional one, so production settings must not skip them.
    const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
    await must('npm ci', npm[0], [...npm.slice(1), ...args]);
  }
  stamp(file, sha(lock));
}

/**
 * Installs what `folder` alone needs, from a lock of its own, unless it is there.
 *
 * @returns {Promise<boolean>} whether it is there now
 */
export async function installBeside(folder) {
  const hash = sha(read(at(folder, 'package-lock.json')));
  const file = at(folder, 'node_modules', '.evenkeel-lock');
  if (read(file) === hash) return true;
  say(`Installing packages for ${folder} (once)`);
  const npm = npmCommand();
  const patience = ['--fetch-retries=1', '--fetch-timeout=30000'];
  const args = ['ci', '--prefix', folder, '--no-audit', '--no-fund', ...patience];
  const code = await run(npm[0], [...npm.slice(1), ...args]).catch(() => null);
  if (code === 0) stamp(file, hash);
  return code === 0;
}

/**
 * The vendor's command line, for the tests in test/cli: it is large, and there is one for linux-x64 alone. Where it cannot
 * be had, the tests that need it are skipped, and say so.
 */
export async function installVendorCli() {
  if (process.platform === 'linux' && process.arch === 'x64') await installBeside(path.join('test', 'cli'));
}

/** Every file below `dir` but installed packages, relative to the root, in a fixed order. */
const filesIn = (dir) =>
  fs
    .readdirSync(at(dir), { withFileTypes: true })
    .flatMap((entry) => {
      const file = path.join(dir, entry.name);
      if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesIn(file);
      return entry.isFile() ? [file] : [];
    })
    .sort();

const isTest = (file) => file.endsWith('.test.ts');

/** By content: a fresh clone and a branch switch give files times that say nothing. */
const auditMsMax = 15_000;

/**
 * What an answer of `npm audit --json` says of packages that people run.
 *
 * @param {string} text
 * @returns {{ found: string[] } | { unknown: string }} advisories of high or critical severity, or why there is no answer
 */
export function auditVerdict(text) {
  let answer;
  try {
    answer = JSON.parse(text);
  } catch {
    return { unknown: 'npm audit gave no answer' };
  }
  if (answer.metadata?.vulnerabilities === undefined) return { unknown: answer.message ?? 'npm audit gave no answer' };
  const grave = Object.values(answer.vulnerabilities ?? {}).filter(({ severity }) =>
    /^(?:high|critical)$/.test(severity),
  );
  return { found: grave.map(({ name, severity, range }) => `${name} ${range} (${severity})`) };
}

/** Asks the registry what is known of our packages. Without an answer, as offline, that is said and nothing fails. */
export async function audit() {
  const npm = npmCommand();
  const args = [...npm.slice(1), 'audit', '--omit=dev', '--audit-level=high', '--json'];
  const text = await new Promise((resolve) => {
    const options = { cwd: root, timeout: auditMsMax, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 * 1024 };
    execFile(npm[0], args, options, (_error, stdout) => resolve(stdout));
  });
  const { found, unknown } = auditVerdict(text);
  if (unknown !== undefined) say(`Known vulnerabilities: not checked (${unknown})`);
  else if (found.length > 0) throw new StepError(`known vulnerabilities: ${found.join(', ')}`, 1);
  else say('Known vulnerabilities: none');
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(fs.readFileSync(at(file)))
      .update('\0');
  return hash.digest('hex');
}

/**
 * Compiles `project` into `outDir` unless that holds the same sources' result already. What is not TypeScript in
 * `src` (SQL, pages) is copied beside the compiled files, and `data` to where it stands in the tree.
 *
 * It compiles into a new directory that then takes the old one's place, so nobody sees half of a build, nor files whose
 * source is gone.
 */
async function compile({ project, outDir, sources, assetsTo, data = [] }) {
  const files = [...sources.flatMap(filesIn), ...data].filter((file) => !isTest(file));
  const hash = hashOf(['package-lock.json', 'tsconfig.json', project, ...files]);
  const done = path.join(outDir, '.stamp');
  if (read(at(done)) === hash) return;
  say(`Building ${outDir}`);
  const fresh = at(`${outDir}.new-${process.pid}`);
  try {
    await must('The build', process.execPath, [tool('tsc'), '-p', project, '--outDir', fresh]);
    for (const file of files.filter((each) => each.startsWith('src/') && !each.endsWith('.ts'))) {
      const target = path.join(fresh, assetsTo, path.relative('src', file));
      fs.mkdirSync(path.dirname(target), { recursive: true });
      fs.copyFileSync(at(file), target);
    }
    for (const file of data) {
      fs.mkdirSync(path.dirname(path.join(fresh, file)), { recursive: true });
      fs.copyFileSync(at(file), path.join(fresh, file));
    }
    fs.writeFileSync(path.join(fresh, '.stamp'), hash);
    fs.rmSync(at(outDir), { recursive: true, force: true });
    fs.renameSync(fresh, at(outDir));
  } finally {
    fs.rmSync(fresh, { recursive: true, force: true });
  }
}

export const build = () => compile({ project: 'tsconfig.json', outDir: 'dist', sources: ['src'], assetsTo: '.' });

/** For those who change `dist` by other means: the next build will not trust it. */
export const forgetBuild = () => fs.rmSync(at('dist/.stamp'), { force: true });

/** Benchmarks with the sources they import; Node 20 runs no TypeScript. */
export const buildBench = () =>
  compile({ project: 'tsconfig.bench.json', outDir: 'dist-bench', sources: ['src', 'bench'], assetsTo: 'src' });

/** The long programmes of test/ with the server that they attack, and the description of the API that they read. */
export const buildPrograms = () =>
  compile({
    project: 'tsconfig.programs.json',
    outDir: 'dist-programs',
    sources: ['src', 'test/crash', 'test/failover', 'test/fuzz', 'test/race', 'test/simulation', 'test/support'],
    assetsTo: 'src',
    data: ['package.json', 'test/data/openapi-shapes.json'],
  });
