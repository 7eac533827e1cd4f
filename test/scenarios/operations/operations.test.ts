/**
 * Every route over one server: a request that succeeds, by Stripe's client (sdk/calls.ts) or by hand (requests.ts), and
 * requests that are refused, made from the route itself. A route that nothing calls fails here.
 */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Route } from '../../../src/api/route.ts';
import { secretsOf } from '../../../src/features/platforms/secrets.ts';
import { featuresWith } from '../../../src/registry.ts';
import { auditClean } from '../../support/audit.ts';
import { projectRoot } from '../../support/paths.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { errorOf, send, type WireAnswer } from '../../support/wire.ts';
import { calls } from '../sdk/calls.ts';
import { World } from '../sdk/world.ts';
import { type Asked, requests } from './requests.ts';

const features = featuresWith(secretsOf({ adminKey: null, deterministicSeed: 1 }));
const routes = features.flatMap(({ routes = [] }) => routes);
const nameOf = (route: Route): string => `${route.method} ${route.path}`;

type Described = Record<string, Record<string, { readonly 'x-stripe-node'?: readonly string[] }>>;
const { paths } = JSON.parse(fs.readFileSync(path.join(projectRoot, 'test/data/openapi-shapes.json'), 'utf8')) as {
  readonly paths: Described;
};

/** Names in a path differ between the description and us. */
const placeOf = (method: string, route: string): string =>
  `${method.toUpperCase()} ${route.replaceAll(/\{[^}]*\}|:[^/]+/g, '*')}`;

/** Where the client's methods that are called go to. */
const calledByClient = new Set(
  Object.entries(paths).flatMap(([route, methods]) =>
    Object.entries(methods)
      .filter(([, described]) => described['x-stripe-node']?.some((name) => name in calls))
      .map(([method]) => placeOf(method, route)),
  ),
);
const isCalledByClient = (route: Route): boolean => calledByClient.has(placeOf(route.method, route.path));

describe('the table of requests', () => {
  test('has every route that the client does not call', () => {
    const known = (route: Route) => isCalledByClient(route) || Object.hasOwn(requests, nameOf(route));
    expect(routes.filter((route) => !known(route)).map(nameOf)).toEqual([]);
  });

  test('has no route that the client calls', () => {
    const called = routes.filter(isCalledByClient).map(nameOf);
    expect(Object.keys(requests).filter((name) => called.includes(name))).toEqual([]);
  });

  test('has no route that there is not', () => {
    const names = routes.map(nameOf);
    expect(Object.keys(requests).filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe('over a server', () => {
  let server: TestServer;
  let world: World;

  beforeAll(async () => {
    server = await startServer();
    world = await World.open(server, () => {});
  }, 60_000);

  afterAll(async () => {
    if (!server) return; // it did not start, and has said why
    try {
      await auditClean(server);
    } finally {
      await server.stop();
    }
  }, 60_000);

  const keyFor = (isOperator: boolean): string => (isOperator ? server.adminKey : world.platform.secret_key);

  /** As it is sent, without a look at the answer: of what is no JSON, or no route of Stripe's. */
  const fetched = (method: string, { path: asked, form, json, isOperator = false }: Asked) =>
    fetch(`${server.url}${asked}`, {
      method,
      redirect: 'manual',
      headers: {
        authorization: `Bearer ${keyFor(isOperator)}`,
        ...(form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...(json !== undefined && { 'content-type': 'application/json' }),
      },
      ...(form !== undefined && { body: form }),
      ...(json !== undefined && { body: JSON.stringify(json) }),
    });

  const asked = (method: string, { path: at, form, json, isOperator = false }: Asked): Promise<WireAnswer> =>
    send(server, {
      method,
      path: at,
      key: keyFor(isOperator),
      ...(form !== undefined && { form }),
      ...(json !== undefined && { raw: JSON.stringify(json), headers: { 'content-type': 'application/json' } }),
    });

  /** Neither JSON, nor in the API's description. */
  const isOurs = ({ kind, path: at }: Route): boolean =>
    kind === 'page' || kind === 'bytes' || at === '/v1/stripecli/sessions';

  describe('a request that succeeds', () => {
    test.for(
      routes.filter((route) => Object.hasOwn(requests, nameOf(route))).map((route) => [nameOf(route), route] as const),
    )('%s', async ([name, route]) => {
      const request = await (requests[name] as (typeof requests)[string])(world);
      if (isOurs(route)) {
        const answer = await fetched(route.method, request);
        expect(answer.status, await answer.text()).toBe(request.status ?? 200);
        expect(answer.headers.get('request-id')).toMatch(/^req_\w{14}$/);
        return;
      }
      const { status, text } = await asked(route.method, request);
      expect(status, text).toBe(200);
    });
  });

  describe('a request that is refused', () => {
    const api = routes.filter(({ kind }) => kind !== 'page');

    /** An account must be one of ours before anything else is looked at. */
    const filledIn = (route: Route, id: string): string =>
      route.path.replaceAll(/:[^/]+/g, (name) => (name === ':account' ? world.seller : id));

    const bodyOf = (
      route: Route,
      name: string,
      value: string,
    ): Pick<Asked, 'path' | 'form' | 'json' | 'isOperator'> => {
      const isOperator = route.kind === 'admin' && route.access === 'operator';
      const at = filledIn(route, 'x_none');
      if (route.method !== 'POST') return { path: `${at}?${name}=${value}`, isOperator };
      return route.kind === 'admin'
        ? { path: at, json: { [name]: value }, isOperator }
        : { path: at, form: `${name}=${value}` };
    };

    test.for(api.map((route) => [nameOf(route), route] as const))('%s by an unknown parameter', async ([, route]) => {
      const answer = await asked(route.method, bodyOf(route, 'nonsense', '1'));
      expect(answer.status).toBe(400);
      expect(errorOf(answer)).toMatchObject({
        type: 'invalid_request_error',
        code: 'parameter_unknown',
        message: 'Received unknown parameter: nonsense',
        param: 'nonsense',
      });
    });

    const isUnconditional = ({ params }: Route): boolean =>
      !Object.values(params.fields).some(({ required }) => required);
    const named = api.filter((route) => route.path.includes(':') && isUnconditional(route));

    test.for(named.map((route) => [nameOf(route), route] as const))('%s by an id of nothing', async ([, route]) => {
      const at = route.path.replaceAll(/:[^/]+/g, 'x_none');
      const answer = await asked(route.method, { path: at, ...(route.method === 'POST' && { form: '' }) });
      const isForeign = route.path.startsWith('/v1/accounts/:account');
      expect(answer.status, answer.text).toBe(isForeign ? 403 : 404);
      expect(errorOf(answer)).toMatchObject({
        type: 'invalid_request_error',
        code: isForeign ? 'account_invalid' : 'resource_missing',
        message: expect.stringContaining('x_none'),
      });
    });

    test.for(api.map((route) => [nameOf(route), route] as const))('%s without a key', async ([, route]) => {
      const answer = await send(server, { method: route.method, path: filledIn(route, 'x_none'), key: null });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toBe('Basic realm="Stripe"');
    });

    const pages = routes.filter(({ kind }) => kind === 'page');

    test.for(pages.map((route) => [nameOf(route), route] as const))(
      '%s by nothing that is right',
      async ([, route]) => {
        const answer = await fetched(route.method, {
          path: filledIn(route, 'x_none'),
          ...(route.method === 'POST' && { form: '' }),
        });
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(500);
        expect(answer.headers.get('request-id')).toMatch(/^req_\w{14}$/);
      },
    );
  });
});
