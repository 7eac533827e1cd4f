/** The worked examples of docs/rules through the HTTP API, all on one server, each on a platform of its own. */
import { afterAll, beforeAll, test } from 'vitest';
import { auditClean } from '../../support/audit.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { examples } from './example.ts';
import { now } from './plan.ts';
import { runExample } from './run.ts';

let server: TestServer | undefined;

beforeAll(async () => {
  server = await startServer();
}, 60_000);

// After all stories, so that it sees what they left.
afterAll(async () => {
  if (!server) return; // it did not start, and has said why
  try {
    await auditClean(server);
  } finally {
    await server.stop();
  }
}, 60_000);

for (const [id, extent] of Object.entries(now)) {
  const example = examples.get(id)!;
  test.concurrent(`${id} ${example.title}`, () => runExample(server!, example, extent), 60_000);
}
