/**
 * Rounds of sudden death: sixteen clients write, something is killed without warning at a random moment, comes back, and
 * every promise is checked. A round has a platform of its own, ten rounds share a database.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { allKinds } from '../../src/registry.ts';
import { audit } from '../../src/store/postgres/audit.ts';
import { openMarket, randomFrom } from '../support/load.ts';
import { adminKey } from '../support/paths.ts';
import { freePort, runServer, type TestServer } from '../support/process.ts';
import { faultsOf, Traffic } from '../support/traffic.ts';
import { Receiver } from '../webhooks/receiver.ts';
import { MortalDatabase } from './database.ts';
import { arriveMsMax, deliveriesOf, type Listening, listen } from './webhooks.ts';

export const allDeaths = [
  'the server',
  'all of PostgreSQL',
  'the postmaster',
  'a session',
  'both, PostgreSQL first',
  'both, the server first',
] as const;
export type Death = (typeof allDeaths)[number];

export interface CrashOptions {
  /** The built `main.js`. */
  readonly main: string;
  readonly seed: number;
  readonly rounds: number;
  /** Further settings of PostgreSQL, such as `['-c', 'synchronous_commit=off']`. */
  readonly flags?: readonly string[];
  /** Which are drawn; all unless said. */
  readonly deaths?: readonly Death[];
  readonly isOver?: () => boolean;
  readonly onRound?: (report: CrashReport) => void;
}

export interface CrashReport {
  rounds: number;
  readonly deaths: Map<Death, number>;
  acknowledged: number;
  /** Writes whose first request had no answer, or one that left it open, and that a later one under the same key settled. */
  unknown: number;
  /** Milliseconds from the start of a process until it takes requests. */
  readonly serverMs: number[];
  /** Milliseconds from its start, or from the death of a session, until PostgreSQL takes sessions. */
  readonly postgresMs: number[];
  /** Milliseconds from the death until the first write is acknowledged that was asked for after it. */
  readonly outageMs: number[];
  events: number;
  eventsAgain: number;
  readonly faults: string[];
}

const roundsPerDatabase = 10;
const sellerCount = 4;

export async function crash(options: CrashOptions): Promise<CrashReport> {
  const { rounds, seed, deaths = allDeaths, isOver = () => false } = options;
  const report: CrashReport = {
    rounds: 0,
    deaths: new Map(),
    acknowledged: 0,
    unknown: 0,
    serverMs: [],
    postgresMs: [],
    outageMs: [],
    events: 0,
    eventsAgain: 0,
    faults: [],
  };
  const random = randomFrom(seed);
  const draw = inTurn(deaths, random);
  while (report.rounds < rounds && !isOver()) await onOneDatabase(options, report, random, draw);
  return report;
}

/** Each as often as the others, in an order that no one knows. */
function inTurn(deaths: readonly Death[], random: () => number): () => Death {
  let left: Death[] = [];
  return () => {
    if (left.length === 0) left = [...deaths];
    return left.splice(Math.floor(random() * left.length), 1)[0] as Death;
  };
}

async function onOneDatabase(
  { main, rounds, flags, isOver = () => false, onRound }: CrashOptions,
  report: CrashReport,
  random: () => number,
  draw: () => Death,
): Promise<void> {
  const database = await MortalDatabase.start(flags);
  try {
    const receiver = await Receiver.start();
    try {
      const server = await serveOn(database, main);
      try {
        const listening: Listening[] = [];
        for (let n = 0; n < roundsPerDatabase && report.rounds < rounds && !isOver(); n++) {
          listening.push(await round(server, database, receiver, report, random, draw()));
          report.rounds++;
          onRound?.(report);
        }
        for (const each of listening) {
          // What was lost is never sent: no need to wait for it.
          const patienceMs = report.faults.length > 0 ? 1000 : arriveMsMax;
          const { events, again, faults } = await deliveriesOf(server, each, receiver, patienceMs);
          report.events += events;
          report.eventsAgain += again;
          report.faults.push(...faults);
        }
      } finally {
        await server.stop();
      }
    } finally {
      await receiver.close();
    }
  } finally {
    await database.stop();
  }
}

async function serveOn(database: MortalDatabase, main: string): Promise<TestServer> {
  const port = await freePort();
  const env = {
    PORT: String(port),
    HOST: '127.0.0.1',
    DATABASE_URL: database.url,
    EVENKEEL_ADMIN_KEY: adminKey,
    EVENKEEL_WEBHOOKS_PRIVATE: '1',
    LOG_LEVEL: 'fatal',
  };
  return runServer({ main, port, env, cleanUp: async () => {} });
}

async function round(
  server: TestServer,
  database: MortalDatabase,
  receiver: Receiver,
  report: CrashReport,
  random: () => number,
  death: Death,
): Promise<Listening> {
  const market = await openMarket(server, sellerCount, { frozenTime: Math.floor(Date.now() / 1000) });
  const listening = await listen(server, market, receiver);
  const traffic = new Traffic(server, market, { random, all: true });
  try {
    await sleep(200 + random() * 800);
    const died = performance.now();
    await die(death, server, database, report, random);
    await traffic.untilAcknowledgedSince(died);
    report.outageMs.push(performance.now() - died);
    await sleep(200);
  } finally {
    await traffic.stop();
  }
  const { acknowledged } = traffic;
  report.deaths.set(death, (report.deaths.get(death) ?? 0) + 1);
  report.acknowledged += acknowledged.length;
  report.unknown += acknowledged.filter(({ attempts }) => attempts > 1).length;
  const { findings } = await audit({ url: database.url }, allKinds);
  report.faults.push(
    ...traffic.unanswered.map((what) => `not answered: ${what} (killed: ${death})`),
    ...(await faultsOf(server, market, acknowledged)).map((fault) => `${fault} (killed: ${death})`),
    ...findings.map(({ promise, row, says }) => `audit: ${promise}: ${row}: ${says} (killed: ${death})`),
  );
  return listening;
}

/** Kills, and starts again what does not come back by itself. */
async function die(
  death: Death,
  server: TestServer,
  database: MortalDatabase,
  { serverMs, postgresMs }: CrashReport,
  random: () => number,
): Promise<void> {
  const restartServer = async () => {
    const started = performance.now();
    await server.restart();
    serverMs.push(performance.now() - started);
  };
  switch (death) {
    case 'the server':
      await server.kill9();
      return restartServer();
    case 'all of PostgreSQL':
    case 'the postmaster':
      death === 'the postmaster' ? database.killPostmaster() : database.killAll();
      postgresMs.push(await database.restart());
      return;
    case 'a session':
      await database.killSession(random);
      postgresMs.push(await database.recovered());
      return;
    case 'both, PostgreSQL first':
      database.killAll();
      await server.kill9();
      break;
    case 'both, the server first':
      await server.kill9();
      database.killAll();
      break;
  }
  postgresMs.push(await database.restart());
  return restartServer();
}
