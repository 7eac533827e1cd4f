import { describe, expect, test } from 'vitest';
import {
  accountFeature,
  type Box,
  boxes,
  boxFeature,
  fakeApi,
  platform,
  secretKey,
  seller,
} from '../../test/support/fake-api.ts';
import { command } from '../engine/command.ts';
import { mint } from '../kernel/id.ts';
import { refuse } from '../kernel/refusal.ts';
import { feature } from './feature.ts';
import { escapeHtml, isDenial, type PageAnswer, type PageRequest, pageHtml, sentTo } from './page.ts';
import { page } from './route.ts';
import { originOf } from './view.ts';

const paint = command({
  name: 'boxes.paint',
  load: (read, { box }: { readonly box: string; readonly color: string }) => ({ box: read.own(boxes, box) }),
  decide({ box: id, color }, { box }) {
    if (!box) return refuse('no_such', { object: 'box', id, param: 'box' });
    if (color === '') return refuse('missing_parameter', { name: 'color' });
    const painted: Box = { ...box, color };
    return { result: painted, put: [painted] };
  },
});

async function show(request: PageRequest): Promise<PageAnswer> {
  const box = await request.books.find(boxes, request.names.box ?? '');
  if (!box) return { status: 404, html: pageHtml('No box', '') };
  if (sentTo(request, 'back') !== '') return { redirect: sentTo(request, 'back') };
  return { status: 200, html: pageHtml(`A <box> of ${box.amount}`, `<p>${request.origin} ${request.ip}</p>`) };
}

async function repaint(request: PageRequest): Promise<PageAnswer> {
  const { book, env } = await request.platform();
  const params = { box: request.names.box ?? '', color: sentTo(request, 'color') };
  const done = await request.books.decideIn<Box>(book, paint, params);
  if (isDenial(done)) return { status: done.status, json: { error: done.error.message } };
  return { status: 200, json: { color: done.color, account: env.account } };
}

const common = { tier: 1, summary: 'Pages.' } as const;
const pages = feature({
  resource: null,
  name: 'pages',
  routes: [
    page('GET', '/boxes/:box', { ...common, answer: show }),
    page('POST', '/boxes/:box', { ...common, answer: repaint }),
    page('POST', '/boxes/:box/own', {
      ...common,
      answer: async ({ books, names }) => {
        const box = await books.find(boxes, names.box ?? '');
        const done = box && (await books.decide<Box>(box, paint, { box: box.id, color: 'red' }));
        return { status: 200, json: { painted: done !== null && !isDenial(done) } };
      },
    }),
  ],
});

const box: Box = { id: mint('bx', 7, { seq: 50, pos: 0 }), account: platform, created: 1, amount: 12 };
function api() {
  const made = fakeApi({ features: [accountFeature, boxFeature, pages] });
  made.store.put(box);
  return made;
}

describe('a page', () => {
  test('is HTML for whoever has its address, and keeps that to itself', async () => {
    const { app } = api();
    const answer = await app.inject({ method: 'GET', url: `/boxes/${box.id}`, headers: { host: 'pay.example:8080' } });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'referrer-policy': 'no-referrer',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
    expect(answer.body).toContain('<h1>A &lt;box&gt; of 12</h1>');
    expect(answer.body).toContain('http://pay.example:8080 127.0.0.1');
  });

  test('sends the browser on', async () => {
    const { app } = api();
    const answer = await app.inject({ method: 'GET', url: `/boxes/${box.id}?back=https://shop.example/a%20b` });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, 'https://shop.example/a%20b']);
  });

  test('of nothing is none', async () => {
    const { app } = api();
    for (const url of ['/boxes/bx_x', `/boxes/${platform}`, '/boxes/bx_0007000000o000eq']) {
      expect((await app.inject({ method: 'GET', url })).statusCode).toBe(404);
    }
  });

  test('acts as whom its object belongs to', async () => {
    const { app, store, engine } = api();
    const theirs: Box = { ...box, id: mint('bx', 7, { seq: 51, pos: 0 }), account: seller };
    store.put(theirs);
    expect((await app.inject({ method: 'POST', url: `/boxes/${theirs.id}/own` })).json()).toEqual({ painted: true });
    expect(engine.tasks.at(-1)?.request).toMatchObject({ account: seller, idempotency: null });
  });
});

describe('a plain route with a key', () => {
  const post = (made: ReturnType<typeof fakeApi>, payload: string, headers: Record<string, string> = {}) =>
    made.app.inject({ method: 'POST', url: `/boxes/${box.id}`, payload, headers });
  const authorization = `Bearer ${secretKey}`;

  test('takes it from the header or the form', async () => {
    const made = api();
    expect((await post(made, 'color=red', { authorization })).json()).toEqual({ color: 'red', account: platform });
    expect((await post(made, `color=blue&client_secret=${secretKey}`)).json()).toMatchObject({ color: 'blue' });
    expect((await post(made, 'color=red')).statusCode).toBe(401);
  });

  test('happens once under an idempotency key, and so does its refusal', async () => {
    for (const [payload, body] of [
      ['color=red', { color: 'red', account: platform }],
      ['color=', { error: 'Missing required param: color.' }],
    ] as const) {
      const made = api();
      const first = await post(made, payload, { authorization, 'idempotency-key': 'k' });
      const second = await post(made, payload, { authorization, 'idempotency-key': 'k' });
      expect([first.json(), second.json()]).toEqual([body, body]);
      expect(first.headers).toMatchObject({ 'idempotency-key': 'k', 'original-request': first.headers['request-id'] });
      expect(second.headers).toMatchObject({
        'idempotent-replayed': 'true',
        'original-request': first.headers['request-id'],
      });
    }
  });
});

test('what is not ours is not HTML', () => {
  expect(escapeHtml(`<a href="x" id='y'>&`)).toBe('&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;');
});

describe('addresses begin', () => {
  const origins = [
    [{ host: 'pay.example' }, 'http://pay.example'],
    [{ host: 'pay.example', 'x-forwarded-proto': 'https' }, 'https://pay.example'],
    [{ host: '[::1]:12111' }, 'http://[::1]:12111'],
    [{ host: 'a b"><script>' }, originOf({})],
  ] as const;
  test.each(origins)('%o: %s', async (headers, origin) => {
    const { app } = api();
    expect((await app.inject({ method: 'GET', url: `/boxes/${box.id}`, headers })).body).toContain(`<p>${origin} `);
  });
});
