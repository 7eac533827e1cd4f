/**
 * All worked examples side by side on one server that is killed after every step: what was acknowledged before the kill is
 * what the next step finds, to the cent.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { examples } from '../scenarios/examples/example.ts';
import { Telling } from '../scenarios/examples/run.ts';
import { auditClean } from '../support/audit.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
}, 60_000);

afterAll(() => server.stop(), 60_000);

test('42 examples survive a kill -9 after every step', { timeout: 240_000 }, async () => {
  const tellings = await Promise.all([...examples.values()].map((example) => Telling.begin(server, example)));
  let kills = 0;
  while (tellings.some((telling) => !telling.isOver)) {
    await server.kill9();
    await server.restart();
    kills += 1;
    await Promise.all(tellings.filter((telling) => !telling.isOver).map((telling) => telling.step()));
  }
  expect(kills).toBeGreaterThan(8);
  await auditClean(server);
});
