/**
 * Rounds of failover: a primary, a standby that confirms every commit, sixteen clients that write; the primary is killed or
 * stands still, the standby is promoted, and Evenkeel, which is never started again, must find it by itself.
 */
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { allKinds } from '../../src/registry.ts';
import { newServerUser } from '../../src/store/embedded/user.ts';
import { audit } from '../../src/store/postgres/audit.ts';
import { openMarket, randomFrom } from '../support/load.ts';
import { adminKey } from '../support/paths.ts';
import { freePort, runServer, type TestServer } from '../support/process.ts';
import { faultsOf, Traffic } from '../support/traffic.ts';
import { databaseName, PostgresNode, roleName } from './node.ts';

export const allEnds = [
  'the primary is killed',
  'the primary stands still, and wakes',
  'the standby is killed',
] as const;
export type End = (typeof allEnds)[number];

export interface Pair {
  primary: PostgresNode;
  standby: PostgresNode;
  /** Names both. */
  readonly url: string;
  stop(): Promise<void>;
}

/** @param binaries where PostgreSQL's programs are */
export async function startPair(binaries: string): Promise<Pair> {
  const directory = await mkdtemp(join(tmpdir(), 'ek-failover-'));
  const user = newServerUser(null);
  await chmod(directory, 0o700);
  if (user) await chown(directory, user.uid, user.gid);
  const place = { binaries, user, directory };
  const primary = await PostgresNode.named('anna', place);
  const standby = await PostgresNode.named('bert', place);
  const hosts = [primary, standby].map(({ port }) => `127.0.0.1:${port}`).join(',');
  const stop = async () => {
    for (const node of [primary, standby]) {
      node.thaw();
      await node.kill();
    }
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await primary.create();
    await standby.follow(primary);
  } catch (error) {
    await stop();
    throw error;
  }
  const url = `postgres://${roleName}@${hosts}/${databaseName}?target_session_attrs=read-write`;
  return { primary, standby, url, stop };
}

export async function serveOn({ url }: Pair, main: string, logLevel = 'fatal'): Promise<TestServer> {
  const port = await freePort();
  const env = {
    PORT: String(port),
    HOST: '127.0.0.1',
    DATABASE_URL: url,
    EVENKEEL_ADMIN_KEY: adminKey,
    LOG_LEVEL: logLevel,
  };
  return runServer({ main, port, env, cleanUp: async () => {} });
}

export interface FailoverOptions {
  /** The built `main.js`. */
  readonly main: string;
  readonly binaries: string;
  readonly seed: number;
  readonly rounds: number;
  readonly ends?: readonly End[];
  readonly isOver?: () => boolean;
  readonly onRound?: (report: FailoverReport) => void;
}

export interface FailoverReport {
  rounds: number;
  acknowledged: number;
  /** Writes whose first request had no answer, or one that left it open, and that a later one under the same key settled. */
  unknown: number;
  /**
   * Of each round: milliseconds from the end until the first write is acknowledged that was asked for after it, and how many of
   * them had gone by when somebody helped.
   */
  readonly outages: { readonly end: End; readonly ms: number; readonly helpAfterMs: number }[];
  readonly faults: string[];
}

const sellerCount = 4;

export async function failover(options: FailoverOptions): Promise<FailoverReport> {
  const { main, binaries, seed, rounds, ends = allEnds, isOver = () => false, onRound } = options;
  const report: FailoverReport = { rounds: 0, acknowledged: 0, unknown: 0, outages: [], faults: [] };
  const random = randomFrom(seed);
  const pair = await startPair(binaries);
  try {
    const server = await serveOn(pair, main);
    try {
      const { pid } = server;
      while (report.rounds < rounds && !isOver()) {
        await round(server, pair, ends[report.rounds % ends.length] as End, random, report);
        report.rounds++;
        if (server.pid !== pid) report.faults.push('the server did not go on by itself');
        onRound?.(report);
      }
    } finally {
      await server.stop();
    }
  } finally {
    await pair.stop();
  }
  return report;
}

async function round(
  server: TestServer,
  pair: Pair,
  end: End,
  random: () => number,
  report: FailoverReport,
): Promise<void> {
  const faults: string[] = [];
  const market = await openMarket(server, sellerCount, { frozenTime: Math.floor(Date.now() / 1000) });
  const traffic = new Traffic(server, market, { random, all: true });
  try {
    await sleep(500 + random() * 1000);
    const ended = performance.now();
    const helpAfterMs = await fail(server, pair, end, random, faults);
    await traffic.untilAcknowledgedSince(ended);
    report.outages.push({ end, ms: performance.now() - ended, helpAfterMs });
    await becomes(server, 200, faults);
    if (end === 'the primary stands still, and wakes') await wake(pair.standby, faults);
    if (end !== 'the standby is killed') await pair.standby.follow(pair.primary);
    await sleep(500);
  } finally {
    await traffic.stop();
  }
  report.acknowledged += traffic.acknowledged.length;
  report.unknown += traffic.acknowledged.filter(({ attempts }) => attempts > 1).length;
  faults.push(
    ...traffic.unanswered.map((what) => `not answered: ${what}`),
    ...(await faultsOf(server, market, traffic.acknowledged)),
  );
  const { findings } = await audit({ url: pair.primary.url }, allKinds);
  faults.push(...findings.map(({ promise, row, says }) => `audit: ${promise}: ${row}: ${says}`));
  report.faults.push(...faults.map((fault) => `${fault} (${end})`));
}

/** Ends one of the two, and does what an operator would. @returns milliseconds until then */
async function fail(server: TestServer, pair: Pair, end: End, random: () => number, faults: string[]): Promise<number> {
  const { primary, standby } = pair;
  const begun = performance.now();
  if (end === 'the standby is killed') await standby.kill();
  else if (end === 'the primary is killed') await primary.kill();
  else primary.freeze();
  // Nothing can be written until somebody helps, and that must be told.
  await becomes(server, 503, faults);
  await sleep(random() * 1000);
  const helpAfterMs = performance.now() - begun;
  if (end === 'the standby is killed') {
    await standby.restart();
  } else {
    await standby.promote();
    pair.primary = standby;
    pair.standby = primary;
  }
  return helpAfterMs;
}

const saidMsMax = 10_000;

/** Waits until `/readyz` says so. */
async function becomes(server: TestServer, status: number, faults: string[]): Promise<void> {
  for (const deadline = Date.now() + saidMsMax; Date.now() < deadline; await sleep(50)) {
    if ((await fetch(`${server.url}/readyz`)).status === status) return;
  }
  faults.push(`/readyz did not become ${status} within ${saidMsMax} ms`);
}

/** The old primary goes on where it stood, for a while: whatever is written on it waits for a standby that left it. */
async function wake(old: PostgresNode, faults: string[]): Promise<void> {
  old.thaw();
  const client = await old.connect();
  const answered = client.query('create table late ()').then(
    () => true,
    () => false,
  );
  if (await Promise.race([answered, sleep(2000).then(() => false)])) {
    faults.push('the old primary acknowledged a write');
  }
  await old.kill();
  await client.end().catch(() => {});
}
