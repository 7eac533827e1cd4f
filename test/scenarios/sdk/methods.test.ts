/**
 * Stripe's own client, method by method: each that we serve is called, sends what the API's description says it sends, and
 * gets an answer in the described shape. What nobody calls stands in uncovered-sdk.txt, a list that may only shrink.
 */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditClean } from '../../support/audit.ts';
import { projectRoot } from '../../support/paths.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { calls } from './calls.ts';
import { World } from './world.ts';

type Described = Record<string, Record<string, { readonly 'x-stripe-node'?: readonly string[] }>>;

const { paths } = JSON.parse(fs.readFileSync(path.join(projectRoot, 'test/data/openapi-shapes.json'), 'utf8')) as {
  readonly paths: Described;
};

/** Name of a method → what it may send: `POST /v1/transfers/[^/]+/reversals`. */
const described = new Map<string, RegExp[]>();
for (const [template, operations] of Object.entries(paths)) {
  const pattern = template.replaceAll('.', '\\.').replace(/\{[^}]+\}/g, '[^/]+');
  for (const [method, operation] of Object.entries(operations)) {
    for (const name of operation['x-stripe-node'] ?? []) {
      const sends = described.get(name) ?? [];
      sends.push(new RegExp(`^${method.toUpperCase()} ${pattern}$`));
      described.set(name, sends);
    }
  }
}

describe('the table of calls', () => {
  const uncovered = fs
    .readFileSync(path.join(projectRoot, 'test/uncovered-sdk.txt'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

  test('has every method, but for those of uncovered-sdk.txt', () => {
    expect([...described.keys()].filter((name) => !(name in calls)).sort()).toEqual(uncovered);
  });

  test('has no method that there is not', () => {
    expect(Object.keys(calls).filter((name) => !described.has(name))).toEqual([]);
  });
});

describe('a call of', () => {
  let server: TestServer;
  let world: World;
  const sent: string[] = [];

  beforeAll(async () => {
    server = await startServer();
    world = await World.open(server, ({ method, path: asked }) => sent.push(`${method} ${asked.split('?')[0]}`));
  }, 60_000);

  afterAll(async () => {
    if (!server) return; // it did not start, and has said why
    try {
      await auditClean(server);
    } finally {
      await server.stop();
    }
  }, 60_000);

  test.for(Object.entries(calls))('%s', async ([name, call]) => {
    sent.length = 0;
    await call(world);
    const sends = described.get(name) ?? [];
    expect(sent.some((request) => sends.some((pattern) => pattern.test(request)))).toBe(true);
    expect(server.violations).toEqual([]);
  });
});
