/**
 * Every operation that Stripe's description has is served, and every parameter of it is known: taken, or refused as not
 * supported, which tells a client more than that it is unknown. What is missing today stands in uncovered-routes.txt, one
 * gap a line. That list may only shrink: a new gap fails here, and so does one that was closed and still stands there.
 */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Values } from '../src/api/form.ts';
import { unknownIn } from '../src/api/param.ts';
import type { Route } from '../src/api/route.ts';
import { secretsOf } from '../src/features/platforms/secrets.ts';
import { featuresWith } from '../src/registry.ts';
import { projectRoot } from './support/paths.ts';
import { type RequestShape, requestShapes } from './support/requests.ts';

const routes = featuresWith(secretsOf({ adminKey: null, deterministicSeed: 1 })).flatMap(({ routes = [] }) => routes);

/** Names in a path differ between the description and us: `{charge}`, `:charge`. */
const placeOf = (method: string, path: string): string => `${method} ${path.replaceAll(/\{[^}]*\}|:[^/]+/g, '*')}`;

const served = new Map(routes.map((route) => [placeOf(route.method, route.path), route]));

function unknownParams(shape: RequestShape, route: Route): string[] {
  const unknown = new Set<string>();
  for (const { name, sent } of shape.params) {
    const old = name.split('[')[0] as string;
    if (Object.hasOwn(route.aliases, old) || Object.hasOwn(route.aliases, name)) continue;
    const found: string[] = [];
    unknownIn(route.params.fields, sent as Values, '', found);
    if (found.length > 0) unknown.add(name);
  }
  // Who does not know a hash does not know what is in it.
  return [...unknown].filter((name) => ![...unknown].some((outer) => isWithin(name, outer)));
}

const isWithin = (name: string, outer: string): boolean => name !== outer && name.startsWith(`${outer}[`);

function gaps(): string[] {
  return requestShapes.flatMap((shape) => {
    const route = served.get(placeOf(shape.method, shape.path));
    const name = `${shape.method} ${shape.path}`;
    if (route === undefined) return [`${name} is not served`];
    return unknownParams(shape, route).map((param) => `${name} does not know ${param}`);
  });
}

const inOrder = (lines: readonly string[]): string[] => [...lines].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));

describe('every operation and parameter is known', () => {
  const found = inOrder(gaps());
  const uncovered = fs
    .readFileSync(path.join(projectRoot, 'test', 'uncovered-routes.txt'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

  test('there is no gap that uncovered-routes.txt does not know', () => {
    expect(found.filter((gap) => !uncovered.includes(gap))).toEqual([]);
  });

  test('what is no gap any more is taken out of uncovered-routes.txt', () => {
    expect(uncovered.filter((gap) => !found.includes(gap))).toEqual([]);
  });

  test('uncovered-routes.txt is in order', () => {
    expect(uncovered).toEqual(inOrder([...new Set(uncovered)]));
  });
});
