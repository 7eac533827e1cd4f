/**
 * The worked examples of docs/rules through the HTTP API, all on one server, each on a platform of its own. Told twice: with
 * the clock moved from step to step in one leap, and in strides of some hours; the books must be the same.
 */
import { afterAll, beforeAll, describe, test } from 'vitest';
import { stopClean } from '../../support/audit.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { examples } from './example.ts';
import { runExample } from './run.ts';

let server: TestServer | undefined;

beforeAll(async () => {
  server = await startServer();
}, 60_000);

// After all stories, so that it sees what they left.
afterAll(() => stopClean(server), 60_000);

for (const example of examples.values()) {
  test.concurrent(`${example.id} ${example.title}`, () => runExample(server!, example), 60_000);
}

describe('day by day instead of in leaps', () => {
  // No divisor of a day, so that stops fall on all hours; longer where nothing happens for half a year.
  const strideOf = (id: string) => (id === 'E17' || id === 'E40' ? 7 * 86_400 + 3600 : 5 * 3600 + 1);
  for (const example of examples.values()) {
    test.concurrent(example.id, () => runExample(server!, example, strideOf(example.id)), 60_000);
  }
});
