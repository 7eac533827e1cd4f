/**
 * How fast we are beside what else one could take: servers that answer Stripe's API from memory, and the same charges
 * written the usual way, a transaction with row locks for each request.
 *
 *     npm run bench -- peers [--seconds 6] [--connections 1,16,64] [--accounts 1000]
 *
 * One load generator, one machine, one run. The two peers keep nothing and move no money; ours is on disk before it is
 * answered. `emulate` has no charges, so it gets a PaymentIntent; it ignores `confirm`, and lets a key ask 5,000 times an
 * hour, so keys change. 0.11.2 is its newest release that runs on Node 20.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { birthOf } from '../src/kernel/id.ts';
import { asksOf, commandOf, destinationCharge, plainCharge } from './support/charges.ts';
import { type Ask, Connection, post } from './support/connection.ts';
import { bench, type Found, type Stage, say } from './support/frame.ts';
import { measureInsertLimit } from './support/insert-limit.ts';
import { type BenchServer, serve, startServer } from './support/instance.ts';
import { runLoad, warmUp } from './support/load.ts';
import { ProcessorGauge } from './support/meter.ts';
import type { PlainSettings } from './support/plain-server.ts';
import { foundPlatform, makeAccounts, type Platform } from './support/platform.ts';
import { residentMegabytes } from './support/processor.ts';
import { table } from './support/results.ts';

const warmUpSeconds = 2;

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '6' },
    connections: { type: 'string', default: '1,16,64' },
    accounts: { type: 'string', default: '1000' },
  },
});
const seconds = Number(options.seconds);
const connectionCounts = options.connections.split(',').map(Number);

/** A server and what it is asked. */
interface Contender {
  readonly name: string;
  readonly asks: readonly Ask[];
  readonly key: string;
  readonly requestsPerKey?: number;
}

const inPeers = (file: string): string => path.resolve('bench/peers/node_modules', file);
const answersAtAll = { path: '/', isReady: () => true };

const peers: readonly (Contender & { start(): Promise<BenchServer> })[] = [
  {
    name: 'emulate 0.11.2, payment intent',
    asks: [{ path: '/v1/payment_intents', form: 'amount=2000&currency=usd&payment_method=pm_card_visa&confirm=true' }],
    key: 'sk_test_',
    requestsPerKey: 4000,
    start: () =>
      startServer(
        (port) => [inPeers('emulate/dist/index.js'), 'start', '--service', 'stripe', '--port', String(port)],
        () => ({}),
        answersAtAll,
      ),
  },
  {
    name: 'stripe-stateful-mock 0.0.16, charge',
    asks: [{ path: '/v1/charges', form: 'amount=2000&currency=usd&source=tok_visa' }],
    key: 'sk_test_bench',
    start: () =>
      startServer(
        () => [inPeers('stripe-stateful-mock/dist/cli.js')],
        (port) => ({ PORT: String(port), LOG_LEVEL: 'warn' }),
        answersAtAll,
      ),
  },
];

interface Result {
  readonly name: string;
  readonly connections: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly errors: number;
  /** Processor time of the server, and of the database where it has one, for each request. */
  readonly micros: number;
  readonly megabytes: number;
}

async function load(server: BenchServer, { name, ...contender }: Contender, others: readonly number[] = []) {
  const results: Result[] = [];
  await warmUp({ ...contender, port: server.port });
  for (const connections of connectionCounts) {
    const run = { ...contender, port: server.port, connections, warmUpSeconds, seconds };
    const gauge = new ProcessorGauge([server.pid, ...others]);
    const { count, errors, firstError, p50, p99, cost, ...report } = await runLoad(run, gauge);
    if (firstError !== null) say(`the first error was: ${firstError}`);
    const perSecond = count / report.seconds;
    const micros = (cost * 1e6) / count;
    const megabytes = residentMegabytes(server.pid);
    results.push({ name, connections, perSecond, p50, p99, errors, micros, megabytes });
    say(`${name}, ${connections} connections: ${Math.round(perSecond)} a second, ${errors} errors`);
  }
  return results;
}

interface Market {
  readonly platform: Platform;
  readonly accounts: readonly string[];
  /** A charge that everybody may copy. */
  readonly charge: PlainSettings['charge'];
}

async function setUp(server: BenchServer): Promise<Market> {
  const platform = await foundPlatform(server);
  const accounts = await makeAccounts(server, platform, Number(options.accounts));
  const connection = await Connection.open(server.port);
  const destination = accounts[0] as string;
  const ask = { path: destinationCharge.path, form: destinationCharge.form(destination) };
  const { status, body } = await connection.send(post(ask, platform.key, 'the charge to copy'));
  connection.close();
  if (status !== 200) throw new Error(`${status} ${body}`);
  const { id } = JSON.parse(body.toString()) as { id: string };
  const seq = birthOf(id, platform.book)?.seq ?? 0;
  return { platform, accounts, charge: { seq, destination, body: body.toString() } };
}

async function measure({ database }: Stage): Promise<Found> {
  const theirs: Result[] = [];
  for (const peer of peers) {
    const server = await peer.start();
    try {
      theirs.push(...(await load(server, peer)));
    } finally {
      await server.stop();
    }
  }

  const ours: Result[] = [];
  const server = await serve(database);
  let market: Market;
  try {
    market = await setUp(server);
    const { key } = market.platform;
    const { accounts } = market;
    const plain = { name: 'Evenkeel, charge', asks: asksOf(plainCharge, ['']), key };
    ours.push(...(await load(server, plain, [database.pid])));
    const destination = { name: 'Evenkeel, destination charge', asks: asksOf(destinationCharge, accounts), key };
    ours.push(...(await load(server, destination, [database.pid])));
  } finally {
    await server.stop();
  }

  const { platform, accounts, charge } = market;
  const { book } = platform;
  const usual = await startServer(
    (port) => [
      fileURLToPath(new URL('./support/plain-server.js', import.meta.url)),
      JSON.stringify({ url: database.url, port, book, charge } satisfies PlainSettings),
    ],
    () => ({}),
    answersAtAll,
  );
  try {
    const asks = asksOf(destinationCharge, accounts);
    ours.push(...(await load(usual, { name: 'row locks, destination charge', asks, key: '' }, [database.pid])));
  } finally {
    await usual.stop();
  }
  const limit = await measureInsertLimit(database.url, { book, command: commandOf(destinationCharge), seconds });

  const best = new Map(
    connectionCounts.map((connections) => [
      connections,
      Math.max(...theirs.filter((each) => each.connections === connections).map(({ perSecond }) => perSecond)),
    ]),
  );
  const all = [...theirs, ...ours];
  const rows = all.map(({ name, connections, perSecond, p50, p99, micros, megabytes, errors }) => [
    name,
    String(connections),
    String(Math.round(perSecond)),
    `${(perSecond / (best.get(connections) ?? Number.NaN)).toFixed(2)}`,
    p50.toFixed(1),
    p99.toFixed(1),
    micros.toFixed(0),
    megabytes.toFixed(0),
    String(errors),
  ]);
  const headings = [
    'what',
    'connections',
    'a second',
    'of the best peer',
    'p50 ms',
    'p99 ms',
    'CPU µs each',
    'MB',
    'errors',
  ];
  const text = [
    table(headings, rows),
    '',
    'The peers keep everything in memory and lose it with the process; they have no balances. `emulate` does not confirm what it makes. The server with row locks writes the rows of a destination charge in a transaction of its own, over 16 connections to the database.',
    '',
    `Multi-row INSERT of a destination charge's rows into the same PostgreSQL, batches of 64: ${Math.round(limit)} charges a second.`,
  ].join('\n');
  return { text, errors: all.reduce((sum, { errors }) => sum + errors, 0) };
}

const setting = `${options.accounts} connected accounts, load generator on the same machine`;
await bench('peers', setting, measure);
