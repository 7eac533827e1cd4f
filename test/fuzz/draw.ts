/** Whole requests, drawn from the route table. */
import type { Route } from '../../src/api/route.ts';
import type { Random } from '../simulation/random.ts';
import { type Growing, growPairs, idFor, type Temper } from './grow.ts';
import { nastyJson, nastyText } from './nasty.ts';
import { recipes } from './recipes.ts';
import type { Body, FuzzRequest, Pair } from './request.ts';
import { authorized, type Party, type Tenant } from './world.ts';

/** A request, who sends it, and whose texts it carries. */
export interface Drawn {
  readonly request: FuzzRequest;
  readonly route: Route | null;
  readonly tenant: Tenant;
  readonly party: Party;
  readonly expand: readonly string[];
}

/** Whatever leads away from the two platforms, or takes what the attack itself stands on. */
const untouched = new Set([
  // Makes platforms without end.
  'POST /evenkeel/v1/platforms',
  // Lists the bystander, as it should.
  'GET /evenkeel/v1/platforms',
  // Takes the platform off the clock on which the attack moves it.
  'DELETE /v1/test_helpers/test_clocks/:test_clock',
]);

/** Routes that shut a seller out for good are left to accounts that the attack has made itself. */
const shutting = new Set([
  'DELETE /v1/accounts/:account',
  'POST /v1/accounts/:account/reject',
  'POST /oauth/deauthorize',
]);

const rare = new Set([
  'POST /v1/test_helpers/test_clocks/:test_clock/advance',
  'POST /v1/webhook_endpoints',
  'POST /evenkeel/v1/api_keys',
  'POST /evenkeel/v1/fx_rates',
]);

const frequent = new Set(Object.keys(recipes).filter((name) => !rare.has(name)));

export const nameOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${path}`;

const encodedSegment = (text: string): string =>
  encodeURIComponent(Buffer.from(text).toString()).replaceAll('.', '%2E') || '%20';

/** What a path's name stands for where the name alone says nothing: `/v1/charges/:charge/refunds/:id`. */
function prefixesIn(route: Route): readonly string[] {
  if ('view' in route && route.view) return route.view.kind.prefixes as readonly string[];
  if (/balance_transactions|balance\/history/.test(route.path)) return ['txn'];
  return route.path.includes('events') ? ['evt'] : ['ba', 'card', 'trr'];
}

function pathFor(route: Route, party: Party, growing: Growing): string {
  const { random, temper } = growing;
  return route.path
    .split('/')
    .map((segment) => {
      if (!segment.startsWith(':')) return segment;
      const name = segment.slice(1);
      if (name === 'account' && temper === 'valid' && party.acts !== null) return party.id;
      const known = name === 'id' ? growing.tenant.ids.of(prefixesIn(route)) : [];
      const id = known.length > 0 && random.chance(85) ? random.pick(known) : idFor(name, growing);
      return encodedSegment(id).slice(0, 1200);
    })
    .join('/');
}

function accessHeaders(party: Party, growing: Growing, isAdmin: boolean, adminKey: string): Pair[] {
  const { random, others, tenant, temper } = growing;
  if (isAdmin && random.chance(10)) return [['Authorization', `Bearer ${adminKey}`]];
  if (temper === 'valid' || random.chance(85)) return authorized(party);
  const key = random.pick([
    party.key,
    `${party.key}x`,
    party.key.slice(0, -1),
    'sk_test_',
    'sk_live_4242424242424242',
    'pk_test_x',
    'rk_test_x',
    '',
    'é\x80\xff',
    'x'.repeat(3000),
  ]);
  const scheme = random.pick<Pair[]>([
    [['Authorization', `Bearer ${key}`]],
    [['authorization', `bearer   ${key}`]],
    [['Authorization', `Basic ${Buffer.from(`${key}:`).toString('base64')}`]],
    [['Authorization', 'Basic ====']],
    [['Authorization', key]],
    [
      ['Authorization', `Bearer ${key}`],
      ['Authorization', `Bearer ${party.key}`],
    ],
    [],
  ]);
  const account = random.pick<string | null>([
    null,
    party.id,
    tenant.platform.id,
    random.pick(others).platform.id,
    random.pick(others).sellers[0]?.id ?? null,
    random.pick(tenant.ids.all()),
    'acct_',
    '',
    'é',
  ]);
  if (account === null) return scheme;
  return [...scheme, [random.pick(['Stripe-Account', 'stripe-account', 'Stripe-Context']), account]];
}

function oddHeaders({ random, temper }: Growing): Pair[] {
  if (temper === 'valid' || random.chance(70)) return [];
  return random.pick<Pair[]>([
    [
      [
        'Stripe-Version',
        random.pick(['2020-08-27', '2026-10-28.endive', 'latest', '2020-13-45', 'é', 'x'.repeat(5000), '']),
      ],
    ],
    [
      [
        'Content-Type',
        random.pick([
          'application/json',
          'text/plain',
          'multipart/form-data',
          'multipart/form-data; boundary=x',
          'é',
          '',
        ]),
      ],
    ],
    [
      ['Accept', 'text/html'],
      ['Accept-Encoding', 'gzip, br'],
    ],
    [
      ['X-Forwarded-Proto', 'https'],
      ['Host', random.pick(['evil.example', 'a b', '', '[::1]:1', '"><script>'])],
    ],
    [
      ['Origin', 'https://evil.example'],
      ['Access-Control-Request-Headers', 'x, \x80'],
    ],
    [
      ['Cookie', 'a=b'],
      ['Content-Encoding', 'gzip'],
    ],
    [['User-Agent', `\x80\xff ${'x'.repeat(2000)}`]],
    [['X-Stripe-Client-User-Agent', '{not json']],
  ]);
}

function withExpand(route: Route, growing: Growing): string[] {
  const { random, temper } = growing;
  if (!random.chance(12)) return [];
  const view = 'view' in route ? route.view : null;
  const names: readonly string[] = view?.expandable ?? [];
  const lead = route.kind === 'list' ? 'data.' : '';
  const one = (): string => {
    if (temper !== 'valid' && random.chance(20)) {
      return random.pick([
        '',
        '.',
        '..',
        'data',
        'a.b.c.d',
        'a.b.c.d.e',
        '__proto__',
        'constructor.prototype',
        nastyText(random).slice(0, 300),
      ]);
    }
    const name = names.length > 0 ? random.pick(names) : 'customer';
    return `${lead}${name}${random.pick(['', '', '.source', '.balance_transaction.source', '.destination', '.charge', '.latest_charge'])}`;
  };
  return Array.from({ length: 1 + random.int(3) }, one);
}

/** `a[b][0]=1` as JSON bodies have it. */
export function nested(pairs: readonly Pair[]): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [name, value] of pairs) {
    const path = name.replaceAll(']', '').split('[');
    let holder = root;
    for (const part of path.slice(0, -1)) {
      const inside = Object.hasOwn(holder, part) ? holder[part] : undefined;
      const next = typeof inside === 'object' && inside !== null ? (inside as Record<string, unknown>) : {};
      Object.defineProperty(holder, part, { value: next, enumerable: true, configurable: true, writable: true });
      holder = next;
    }
    const last = path.at(-1) as string;
    const number = /^-?\d{1,15}$/.test(value) ? Number(value) : value;
    Object.defineProperty(holder, last, { value: number, enumerable: true, configurable: true, writable: true });
  }
  return root;
}

function jsonBody(pairs: readonly Pair[], { random, temper }: Growing): Body {
  const value = nested(pairs);
  const names = Object.keys(value);
  if (temper !== 'valid' && names.length > 0 && random.chance(40)) value[random.pick(names)] = nastyJson(random);
  if (temper !== 'valid' && random.chance(10)) value.platform = nastyJson(random);
  if (temper === 'wild' && random.chance(5)) {
    const text = random.pick(['[]', 'null', '"x"', '{', '', '{"a":1}{', '1e999', `{"amount":${'['.repeat(50_000)}`]);
    return { kind: 'raw', text };
  }
  return { kind: 'json', value };
}

const boundary = 'xyzzy';

/** A body with a file in it. */
function multipart(pairs: readonly Pair[], { random, temper, canary }: Growing): string {
  const files: readonly (readonly [string, string])[] = [
    ['a.pdf', `%PDF-1.4 ${canary}`],
    ['a.png', `\x89PNG\r\n\x1a\n${canary}`],
    ['a.csv', `who\n${canary}\n`],
  ];
  const [filename, contents] = random.pick(files);
  const wrong = temper === 'wild';
  const name = wrong ? random.pick(['"\r\nX-Injected: yes', '../../x', '💣', '', '\0']) : filename;
  const parts = pairs
    .filter(([key]) => key !== 'file')
    .map(([key, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`);
  parts.push(
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: ${random.pick(['application/pdf', 'text/html', 'x'])}\r\n\r\n${contents}\r\n`,
  );
  const text = `${parts.join('')}--${boundary}--\r\n`;
  return wrong && random.chance(50) ? text.slice(0, random.int(text.length)) : text;
}

function rawForm(random: Random): Body {
  return {
    kind: 'raw',
    text: random.pick([
      '&&&=&=&',
      '=x',
      '%=%&%zz=%C0%80',
      '%ff%fe=%ed%a0%80',
      'amount=100&amount[]=100&amount[a]=1',
      'a'.repeat(100_000),
      'a[]=1&'.repeat(4_000),
      `a${'[b]'.repeat(5_000)}=1`,
      'expand[]=x&expand=y&expand[0][1]=z',
      '\0\x01\x02',
      '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhello\r\n--x--\r\n',
      '--x\r\nContent-Disposition: form-data; name="purpose"\r\n\r\n',
      '{"amount":1}',
    ]),
  };
}

/** Who acts: a platform, or one of its sellers by name; now and then a seller whom the attack has made. */
function partyOf(tenant: Tenant, random: Random): Party {
  return random.chance(45) ? tenant.platform : random.pick(tenant.sellers);
}

/** The seller that a request runs as, by its headers; null for the platform, and for accounts that the attack has made. */
export function whoActs(headers: readonly Pair[], { sellers }: Tenant): Party | null {
  const named = headers.filter(([name]) => /^stripe-(?:account|context)$/i.test(name)).map(([, value]) => value);
  return sellers.find(({ id }) => named.includes(id)) ?? null;
}

/** The canary of the texts that a request brings: what a platform writes about an account, the account may read. */
function canaryIn(tenant: Tenant, headers: readonly Pair[], path: string, pairs: readonly Pair[]): string {
  const acts = whoActs(headers, tenant);
  if (acts !== null) return acts.canary;
  const about = pairs
    .filter(([name]) => /^(?:account|source|destination|on_behalf_of)$|\[destination\]$/.test(name))
    .map(([, value]) => value);
  const seller = tenant.sellers.find(({ id }) => path.includes(id) || about.includes(id));
  return (seller ?? tenant.platform).told;
}

export class Drawing {
  readonly #routes: readonly Route[];
  readonly #often: readonly Route[];
  readonly #adminKey: string;

  constructor(routes: readonly Route[], adminKey: string) {
    this.#routes = routes.filter((route) => !untouched.has(nameOf(route)));
    this.#often = this.#routes.filter((route) => frequent.has(nameOf(route)));
    this.#adminKey = adminKey;
  }

  draw(random: Random, tenants: readonly Tenant[], bystander: Tenant): Drawn {
    const tenant = random.pick(tenants);
    const others = [...tenants.filter((other) => other !== tenant), bystander];
    const temper = random.weighted<Temper>({ valid: 45, 'one wrong': 40, wild: 15 });
    const party = partyOf(tenant, random);
    if (random.chance(1)) return this.#nowhere(random, tenant, party);
    if (random.chance(1)) {
      const page = this.#page(random, tenant);
      if (page !== null) return page;
    }
    let route = random.chance(40) ? random.pick(this.#often) : random.pick(this.#routes);
    while (rare.has(nameOf(route)) && !random.chance(5)) route = random.pick(this.#routes);
    const name = nameOf(route);
    const growing: Growing = { random, tenant, others, canary: party.canary, temper };
    const path = pathFor(route, party, growing);
    const grown = this.#pairsFor(route, name, growing);
    const isShutting =
      shutting.has(name) &&
      tenant.sellers.some(({ id }) => path.includes(id) || grown.some(([, value]) => value.includes(id)));
    if (isShutting) return this.draw(random, tenants, bystander);
    const expand = withExpand(route, growing);
    const headers = [...accessHeaders(party, growing, route.kind === 'admin', this.#adminKey), ...oddHeaders(growing)];
    const canary = canaryIn(tenant, headers, path, grown);
    const pairs = grown.map(([key, value]): Pair => [key, value.replaceAll(party.canary, canary)]);
    if (route.method === 'POST' && random.chance(15)) headers.push(['Idempotency-Key', keyFor(random, growing)]);
    const all = [...pairs, ...expand.map((each): Pair => ['expand[]', each])];
    const request = this.#spell(route, path, all, headers, growing);
    return { request, route, tenant, party, expand };
  }

  #pairsFor(route: Route, name: string, growing: Growing): readonly Pair[] {
    const { random } = growing;
    const recipe = recipes[name];
    if (recipe === undefined || random.chance(25)) return growPairs(route.params, random.pick([3, 10, 30]), growing);
    const pairs = [...recipe(growing)];
    if (growing.temper === 'valid') return pairs;
    const further = growPairs(route.params, 2, growing).filter(([key]) => !pairs.some(([has]) => has === key));
    pairs.push(...(random.chance(50) ? further : []));
    if (random.chance(40) && pairs.length > 0) {
      const at = random.int(pairs.length);
      const [key] = pairs[at] as Pair;
      if (random.chance(20)) pairs.splice(at, 1);
      else pairs[at] = [key, nastyText(random)];
    }
    return pairs;
  }

  #spell(route: Route, path: string, pairs: readonly Pair[], headers: Pair[], growing: Growing): FuzzRequest {
    const { random, temper } = growing;
    const method =
      temper === 'wild' && random.chance(4)
        ? random.pick(['GET', 'POST', 'DELETE', 'PUT', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE'])
        : route.method;
    const isBody = route.method === 'POST' && method !== 'HEAD' && method !== 'TRACE';
    if (!isBody) return { method, path, query: pairs, headers, body: null };
    if (route.kind === 'admin') {
      if (!headers.some(([name]) => name === 'Content-Type')) headers.push(['Content-Type', 'application/json']);
      return { method, path, query: [], headers, body: jsonBody(pairs, growing) };
    }
    if (temper === 'wild' && random.chance(6)) return { method, path, query: [], headers, body: rawForm(random) };
    if (route.kind === 'command' && route.keep !== null && random.chance(80)) {
      headers.push(['Content-Type', `multipart/form-data; boundary=${boundary}`]);
      return { method, path, query: [], headers, body: { kind: 'raw', text: multipart(pairs, growing) } };
    }
    if (!headers.some(([name]) => name === 'Content-Type'))
      headers.push(['Content-Type', 'application/x-www-form-urlencoded']);
    if (temper !== 'valid' && random.chance(3)) headers.push(['Transfer-Encoding', 'chunked']);
    const inQuery = temper !== 'valid' && random.chance(5) ? random.int(pairs.length + 1) : 0;
    return {
      method,
      path,
      query: pairs.slice(0, inQuery),
      headers,
      body: { kind: 'form', pairs: pairs.slice(inQuery) },
    };
  }

  /** What a browser would open. */
  #page(random: Random, tenant: Tenant): Drawn | null {
    const known = tenant.pages.all();
    if (known.length === 0) return null;
    const path = random.pick(known);
    const route = this.#routes.find((each) => each.kind === 'page' && path.split('/')[1] === each.path.split('/')[1]);
    const method = random.pick(['GET', 'GET', 'POST']);
    const request: FuzzRequest = { method, path, query: [], headers: [], body: null };
    return { request, route: route ?? null, tenant, party: tenant.platform, expand: [] };
  }

  /** Paths that are no routes. */
  #nowhere(random: Random, tenant: Tenant, party: Party): Drawn {
    const path = random.pick([
      '/v1',
      '/v1/',
      '/v1//charges',
      '/v1/charges/',
      '/v1/charges/%',
      '/v1/charges/%00',
      '/v1/charges/%2e%2e',
      '/v1/charges/%0d%0aX-Injected:%20yes',
      '/v1/charges/..%2fcustomers',
      '/v1/charges/search?query=x',
      `/v1/charges/${'x'.repeat(3000)}`,
      '/evenkeel/v1/nothing',
      '/v2/core/accounts',
      '/links/x',
      '/setup/x/y',
      '/express/a/b',
      '/authenticate/payment_intents/x',
      '/oauth/authorize?client_id=x&redirect_uri=y',
      '//',
      '/__proto__',
      '/v1/%c0%ae%c0%ae/',
      '*',
    ]);
    const request: FuzzRequest = {
      method: random.pick(['GET', 'POST', 'DELETE']),
      path,
      query: [],
      headers: authorized(party),
      body: null,
    };
    return { request, route: null, tenant, party, expand: [] };
  }
}

function keyFor(random: Random, { temper }: Growing): string {
  // Few enough that some come again: with the same parameters seldom, with others mostly.
  if (random.chance(30)) return `again-${random.int(50)}`;
  if (temper === 'wild' && random.chance(20))
    return random.pick(['x'.repeat(255), 'x'.repeat(256), 'é\xff', ' ', '\t', '__proto__']);
  return `key-${random.int(1e9)}-${random.int(1e9)}`;
}
