import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { PostgresDeliveries } from '../../src/store/postgres/deliveries.ts';
import { PostgresStore } from '../../src/store/postgres/postgres.ts';
import { createDatabase, databaseUrl, dropDatabase } from '../support/database.ts';
import { fail, hang, pause, Receiver, reset, until } from './receiver.ts';
import { Rig } from './rig.ts';

const postgres = inject('postgres');
const database = `webhooks_crowd_${process.pid}`;
const url = databaseUrl(postgres, database);
let store: PostgresStore;
let deliveries: PostgresDeliveries;

beforeAll(async () => {
  await createDatabase(postgres, database);
  store = new PostgresStore({ url });
  deliveries = new PostgresDeliveries({ url });
});
afterAll(async () => {
  await deliveries.close();
  await store.close();
  await dropDatabase(postgres, database);
});

const accountCount = 7;
const endpointsEach = 16;
const eventsEach = 15;
const roundMs = 200;
/** How long an endpoint that hangs is waited for; whoever stood behind one in a queue would be later than that. */
const hangMs = 20_000;

/** Of 20 endpoints 8 are well, and 12 are ill in one of these ways. */
const illnesses: readonly (readonly [number, Parameters<Receiver['behave']>[1]])[] = [
  [4, fail],
  [2, hang],
  [2, reset],
  [
    2,
    (response) => {
      // A head that never comes to its end.
      response.socket?.write('HTTP/1.1 200 OK\r\n');
      const dripping = setInterval(() => response.socket?.write('X-A: a\r\n'), 200);
      response.socket?.on('close', () => clearInterval(dripping));
    },
  ],
  [1, (response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end()],
  [1, (response) => response.writeHead(410).end()],
];
const ill = illnesses.flatMap(([count, behaviour]) => Array.from({ length: count }, () => behaviour));

test('of a hundred endpoints most are ill, and the others do not notice', async () => {
  const receiver = await Receiver.start();
  const rig = await Rig.open(store, deliveries, accountCount);
  const well: { path: string; account: number }[] = [];
  for (const [account, id] of rig.accounts.entries()) {
    for (let i = 0; i < endpointsEach; i++) {
      const number = account * endpointsEach + i;
      const path = `/${number}`;
      const behaviour = ill[(number * 7) % 20];
      if (behaviour) receiver.behave(path, behaviour);
      else well.push({ path, account });
      await rig.endpoint(receiver.url(path), { account: id });
    }
  }
  const worker = rig.work({ timeoutMs: hangMs, pauses: { test: [60], live: [] } });
  const happened = new Map<string, number>();
  try {
    for (let i = 0; i < eventsEach; i++) {
      await Promise.all(
        rig.accounts.map(async (account) => {
          const [note] = await rig.happen(1, account);
          happened.set(note ?? '', Date.now());
        }),
      );
      worker.wake(rig.book);
      await pause(roundMs);
    }
    const heard = () => well.reduce((sum, { path }) => sum + receiver.at(path).length, 0);
    await until(
      () => heard() >= well.length * eventsEach,
      () => `heard ${heard()}`,
      25_000,
    );
    const delays: number[] = [];
    for (const { path } of well) {
      expect(new Set(receiver.ids(path)).size).toBe(eventsEach);
      for (const { body, at } of receiver.at(path)) {
        const { id } = JSON.parse(body).data.object as { id: string };
        delays.push(at - (happened.get(id) ?? Number.NaN));
      }
    }
    delays.sort((a, b) => a - b);
    expect(well.length).toBeGreaterThan(40);
    expect(delays[Math.floor(delays.length * 0.99)]).toBeLessThan(hangMs / 2);
    expect(receiver.heard.some(({ path }) => path.includes('169'))).toBe(false);
  } finally {
    await worker.stop();
    await receiver.close();
  }
});
