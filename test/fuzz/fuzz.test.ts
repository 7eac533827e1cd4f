/** A short attack on a running server: one seed that is always the same, and one that is new each time. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { secretsOf } from '../../src/features/platforms/secrets.ts';
import { featuresWith } from '../../src/registry.ts';
import { auditClean } from '../support/audit.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { attack } from './attack.ts';
import { LogWatch } from './secrets.ts';
import { tellReport } from './tell.ts';

let server: TestServer;

beforeAll(async () => {
  // The ledger's own check after every commit would leave no time for the attack; the audit at the end looks at all of it.
  server = await startServer({ env: { LOG_LEVEL: 'info', EVENKEEL_CHECK_INVARIANTS: '0' } });
});
afterAll(() => server?.stop());

const routes = featuresWith(secretsOf({ adminKey: null, deterministicSeed: 1 })).flatMap(({ routes = [] }) => routes);
const drawn = Math.floor(Math.random() * 2 ** 31);

test.each([1, drawn])('nothing is found with seed %i', async (seed) => {
  const log = new LogWatch();
  const heard = server.logs().length;
  const until = Date.now() + 7000;
  const report = await attack({
    target: server,
    databaseUrl: server.env.DATABASE_URL as string,
    routes,
    log,
    logs: () => server.logs().slice(heard),
    seed,
    requests: 4000,
    isOver: () => Date.now() > until,
  });
  expect(report.findings, `npm run fuzz -- --seed ${seed}\n${tellReport(report)}`).toEqual([]);
  expect(report.sent).toBeGreaterThan(100);
});

test('the books are sound after it', () => auditClean(server));
