/**
 * Rounds of failover: several servers of PostgreSQL, of which one takes writes, sixteen clients that write; something is killed or
 * stands still, another server takes over, and Evenkeel, which is never started again, must find it by itself.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { allKinds } from '../../src/registry.ts';
import { audit } from '../../src/store/postgres/audit.ts';
import { openMarket, randomFrom } from '../support/load.ts';
import { adminKey } from '../support/paths.ts';
import { freePort, runServer, type TestServer } from '../support/process.ts';
import { faultsOf, Traffic } from '../support/traffic.ts';
import type { DatabaseServer } from './server.ts';

/** Servers of one database, what can end in them, and who helps then. */
export interface Cluster<End extends string> {
  /** Names all of them. */
  readonly url: string;
  /** Takes writes, as of the last `help`. */
  readonly primary: DatabaseServer;
  /** Whether an end stops all writes until help comes, so that it must be told. */
  stops(end: End): boolean;
  fail(end: End): Promise<void>;
  /** Returns when writes can be done again, with the moment at which help had come. */
  help(end: End, random: () => number): Promise<number>;
  /** Has all servers follow the primary again. @returns what was wrong */
  heal(end: End): Promise<readonly string[]>;
  stop(): Promise<void>;
}

export async function serveOn(url: string, main: string, logLevel = 'fatal'): Promise<TestServer> {
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

export interface RunOptions {
  /** The built `main.js`. */
  readonly main: string;
  readonly seed: number;
  readonly rounds: number;
  readonly isOver?: () => boolean;
  readonly onRound?: (report: FailoverReport) => void;
}

export interface FailoverOptions<End extends string> extends RunOptions {
  readonly start: () => Promise<Cluster<End>>;
  /** In turn. */
  readonly ends: readonly End[];
}

export interface Outage {
  readonly end: string;
  /** The longest time in which no write was acknowledged, milliseconds. */
  readonly ms: number;
  /** How much of it came after help. */
  readonly afterHelpMs: number;
}

export interface FailoverReport {
  rounds: number;
  acknowledged: number;
  /** Writes whose first request had no answer, or one that left it open, and that a later one under the same key settled. */
  unknown: number;
  /** Of each round. */
  readonly outages: Outage[];
  readonly faults: string[];
}

const sellerCount = 4;

export async function failover<End extends string>(options: FailoverOptions<End>): Promise<FailoverReport> {
  const { main, start, ends, seed, rounds, isOver = () => false, onRound } = options;
  const report: FailoverReport = { rounds: 0, acknowledged: 0, unknown: 0, outages: [], faults: [] };
  const random = randomFrom(seed);
  const cluster = await start();
  try {
    const server = await serveOn(cluster.url, main);
    try {
      const { pid } = server;
      while (report.rounds < rounds && !isOver()) {
        await round(server, cluster, ends[report.rounds % ends.length] as End, random, report);
        report.rounds++;
        if (server.pid !== pid) report.faults.push('the server did not go on by itself');
        onRound?.(report);
      }
    } finally {
      await server.stop();
    }
  } finally {
    await cluster.stop();
  }
  return report;
}

async function round<End extends string>(
  server: TestServer,
  cluster: Cluster<End>,
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
    await cluster.fail(end);
    if (cluster.stops(end)) await becomes(server, 503, faults);
    const helped = await cluster.help(end, random);
    await traffic.untilAcknowledgedSince(performance.now());
    const { from, to } = traffic.longestSilenceSince(ended);
    report.outages.push({ end, ms: to - from, afterHelpMs: Math.max(0, to - Math.max(from, helped)) });
    await becomes(server, 200, faults);
    faults.push(...(await cluster.heal(end)));
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
  const { findings } = await audit({ url: cluster.primary.url }, allKinds);
  faults.push(...findings.map(({ promise, row, says }) => `audit: ${promise}: ${row}: ${says}`));
  report.faults.push(...faults.map((fault) => `${fault} (${end})`));
}

const saidMsMax = 10_000;

/** Waits until `/readyz` says so. */
async function becomes(server: TestServer, status: number, faults: string[]): Promise<void> {
  for (const deadline = Date.now() + saidMsMax; Date.now() < deadline; await sleep(50)) {
    if ((await fetch(`${server.url}/readyz`)).status === status) return;
  }
  faults.push(`/readyz did not become ${status} within ${saidMsMax} ms`);
}
