/** A few rounds of `npm run crash`; and that its checks see what they are there to see. */
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allKinds } from '../../src/registry.ts';
import { audit } from '../../src/store/postgres/audit.ts';
import { type Market, openMarket, randomFrom } from '../support/load.ts';
import { builtMain } from '../support/paths.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { type Acknowledged, faultsOf, Traffic } from '../support/traffic.ts';
import { Receiver } from '../webhooks/receiver.ts';
import { crash } from './crash.ts';
import { spread, tellCrash } from './tell.ts';
import { deliveriesOf, listen } from './webhooks.ts';

const seed = randomInt(2 ** 31);

test(`nothing is lost and nothing happens twice, seed ${seed}`, { timeout: 180_000 }, async () => {
  const report = await crash({ main: builtMain, seed, rounds: 2 });
  expect(report.faults, `npm run crash -- --seed ${seed}\n${tellCrash(report)}`).toEqual([]);
  expect(report.rounds).toBe(2);
  expect(report.acknowledged).toBeGreaterThan(20);
  expect(report.events).toBeGreaterThan(20);
});

test('a database that answers before its log is on the disk is found out', { timeout: 180_000 }, async () => {
  // What is in PostgreSQL's memory only is gone with it; what the system has to write to the disk would outlive a kill.
  const flags = ['-c', 'synchronous_commit=off', '-c', 'wal_writer_delay=10s', '-c', 'wal_writer_flush_after=1GB'];
  const report = await crash({ main: builtMain, seed, rounds: 1, flags, deaths: ['both, PostgreSQL first'] });
  expect(report.faults.filter((fault) => fault.startsWith('lost: '))).not.toEqual([]);
  expect(tellCrash(report)).toContain('(killed: both, PostgreSQL first)');
});

describe('the checks', () => {
  let server: TestServer;
  let market: Market;
  let acknowledged: readonly Acknowledged[];
  let receiver: Receiver;

  beforeAll(async () => {
    server = await startServer({ env: { EVENKEEL_CHECK_INVARIANTS: '0' } });
    receiver = await Receiver.start();
    market = await openMarket(server, 2, { frozenTime: Math.floor(Date.now() / 1000) });
    const listening = await listen(server, market, receiver);
    const traffic = new Traffic(server, market, { random: randomFrom(seed), all: true });
    await sleep(1500);
    acknowledged = await traffic.stop();
    expect((await deliveriesOf(server, listening, receiver)).faults).toEqual([]);
  });
  afterAll(async () => {
    await receiver?.close();
    await server?.stop();
  });

  const indexOf = (kind: Acknowledged['kind']) => acknowledged.findIndex((each) => each.kind === kind);

  test('find nothing where nothing is wrong', async () => {
    expect(await faultsOf(server, market, acknowledged)).toEqual([]);
    expect(new Set(acknowledged.map(({ kind }) => kind)).size).toBe(6);
  });

  test('find an answer that is not what is there', async () => {
    const tampered = acknowledged.map((each, i) =>
      i === indexOf('transfer') ? { ...each, text: each.text.replace('"usd"', '"eur"') } : each,
    );
    const faults = await faultsOf(server, market, tampered);
    expect(faults.map((fault) => fault.split(':')[0]).sort()).toEqual(['lost', 'not repeated']);
  });

  test('find an effect that nobody was told of', async () => {
    const fewer = acknowledged.filter((_, i) => i !== indexOf('payout'));
    expect(await faultsOf(server, market, fewer)).toEqual([expect.stringMatching(/^twice: payout po_\w+ is there/)]);
  });

  test('find two keys with one effect', async () => {
    const first = acknowledged[indexOf('transfer')] as Acknowledged;
    const faults = await faultsOf(server, market, [...acknowledged, { ...first, key: 'another key' }]);
    expect(faults).toContain('lost: two keys were answered with the same transfer');
  });

  test('find a webhook that was not sent, and one with a wrong signature', async () => {
    const other = await openMarket(server, 1);
    const { endpoints, ...listening } = await listen(server, other, receiver);
    const seller = endpoints.map((each) => ({ ...each, path: `/${market.platform}/sellers` }));
    const { faults } = await deliveriesOf(server, { ...listening, endpoints: seller }, receiver);
    expect(faults).toContainEqual(expect.stringContaining('got a request that its secret did not sign'));
    const unheard = endpoints.map((each) => ({ ...each, path: '/nobody' }));
    const told = await deliveriesOf(server, { market: other, before: new Set(), endpoints: unheard }, receiver, 500);
    expect(told.faults).toContainEqual(expect.stringContaining('was never sent to /nobody'));
  });

  // Last: the books are broken by it.
  test('find a row that is gone from the journal', { timeout: 60_000 }, async () => {
    const url = server.env.DATABASE_URL as string;
    const client = new Client({ connectionString: url });
    await client.connect();
    const { key } = acknowledged[indexOf('debit')] as Acknowledged;
    const { rowCount } = await client.query('delete from operations where key = $1', [key]);
    await client.end();
    expect(rowCount).toBe(1);
    const { findings } = await audit({ url }, allKinds);
    expect(findings).not.toEqual([]);
    expect(await faultsOf(server, market, acknowledged)).toContainEqual(expect.stringMatching(/^lost: debit/));
  });
});

test('times are told by their spread', () => {
  expect(spread([])).toBe('never');
  expect(spread(Array.from({ length: 200 }, (_, i) => i + 1))).toBe('p50 100 ms, p99 198 ms (200 times)');
});
