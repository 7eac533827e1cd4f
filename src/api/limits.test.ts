/** What one request may cost: nobody can make the server hold, walk or wait for more. */
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fakeApi, secretKey } from '../../test/support/fake-api.ts';
import { paging } from './list.ts';

const mib = 1024 * 1024;

describe('a request', () => {
  const { send } = fakeApi();
  const post = (body: string, headers: Record<string, string> = {}) => send('POST', '/v1/boxes', { body, headers });
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  const ours = (body: string) =>
    send('POST', '/evenkeel/v1/boxes', { body, headers: { 'content-type': 'application/json' } });

  const refused: readonly (readonly [string, () => ReturnType<typeof post>, number])[] = [
    ['of more than 1 MiB', () => post(`color=${'x'.repeat(mib)}`), 413],
    ['of our own of more than 1 MiB', () => ours(`{"color":"${'x'.repeat(mib)}"}`), 413],
    ['of more than 5000 parameters', () => post('amount=1&'.repeat(5001)), 400],
    ['with as many in the query', () => send('GET', `/v1/boxes?${'a=1&'.repeat(5001)}`), 400],
    ['with a name of many levels', () => post(`metadata${'[a]'.repeat(11)}=1`), 400],
    ['with JSON of many levels', () => ours(`{"amount":${nested(1000)}}`), 400],
    ['with a text that is too long', () => post(`amount=1&fail=${'x'.repeat(5001)}`), 400],
    [
      'with 51 metadata',
      () => post(`amount=1&${Array.from({ length: 51 }, (_, n) => `metadata[${n}]=x`).join('&')}`),
      400,
    ],
    ['with a long name of metadata', () => post(`amount=1&metadata[${'x'.repeat(41)}]=x`), 400],
    ['with a long value of metadata', () => post(`amount=1&metadata[x]=${'x'.repeat(501)}`), 400],
    ['with a deep expansion', () => send('GET', '/v1/boxes?expand[]=data.partner.partner.partner.partner'), 400],
    ['with an amount that no number holds', () => post('amount=9007199254740993'), 400],
    ['with an amount of fractions', () => post('amount=1.5'), 400],
    ['with a long idempotency key', () => post('amount=1', { 'idempotency-key': 'x'.repeat(256) }), 400],
  ];
  test.each(refused)('%s is refused', async (_, ask, status) => {
    const answer = await ask();
    expect([answer.status, answer.error?.type]).toEqual([status, 'invalid_request_error']);
  });

  test('for a page of a million gets a hundred', () => {
    expect(['0', '100', '1000000'].map((sent) => paging.limit.parse(sent, 'limit'))).toEqual([1, 100, 100]);
  });

  test('reaches no prototype', async () => {
    const pollute = ['__proto__[polluted]=1', 'constructor[prototype][polluted]=1', 'metadata[__proto__][polluted]=1'];
    for (const body of pollute) expect((await post(`amount=1&${body}`)).status).toBe(400);
    await ours('{"__proto__":{"polluted":1},"amount":1}');
    await ours('{"constructor":{"prototype":{"polluted":1}},"amount":1}');
    const kept = await post('amount=1&metadata[__proto__]=x&metadata[constructor]=y&metadata[toString]=z');
    expect(Object.entries(kept.json?.metadata as object)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
      ['toString', 'z'],
    ]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('a connection', () => {
  let api: ReturnType<typeof fakeApi>;
  let port: number;
  const sockets: Socket[] = [];

  beforeEach(async () => {
    api = fakeApi({ patience: { headers: 400, request: 800, check: 50 } });
    await api.app.listen({ port: 0, host: '127.0.0.1' });
    const address = api.app.server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    port = address.port;
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await api.app.close();
  });

  /** Sends a beginning, and then a byte now and then. @returns all that is heard, when the server hangs up */
  function drip(beginning: string): Promise<string> {
    return new Promise((resolve) => {
      let heard = '';
      let dripping: NodeJS.Timeout | undefined;
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(beginning);
        dripping = setInterval(() => socket.write('x'), 40);
      });
      sockets.push(socket);
      socket.on('data', (chunk) => {
        heard += chunk;
      });
      socket.on('error', () => {});
      socket.on('close', () => {
        clearInterval(dripping);
        resolve(heard);
      });
    });
  }
  const head = `POST /v1/boxes HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${secretKey}\r\n`;
  const balance = async () => {
    const started = performance.now();
    const { status } = await fetch(`http://127.0.0.1:${port}/v1/weight`, {
      headers: { authorization: `Bearer ${secretKey}` },
    });
    return { status, ms: performance.now() - started };
  };

  test('with a head of more than 16 kB is answered and closed', async () => {
    const heard = await drip(`${head}X-Long: ${'x'.repeat(17 * 1024)}`);
    expect(heard).toMatch(/^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/);
    expect(heard).toContain('The headers of the request are larger than 16384 bytes.');
  });

  test.each([
    ['head', `${head}X-Slow: `],
    ['body', `${head}Content-Length: 1000\r\n\r\namount=`],
    ['body in chunks', `${head}Transfer-Encoding: chunked\r\n\r\n3e8\r\namount=`],
  ])('whose %s never comes to an end is answered and closed', async (_, beginning) => {
    const heard = await drip(beginning);
    expect(heard).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expect(heard).toContain('The request did not arrive in time.');
  });

  test('that is slow does not keep others waiting', async () => {
    const slow = Array.from({ length: 300 }, () => drip(`${head}X-Slow: `));
    const healthy = await Promise.all(Array.from({ length: 20 }, balance));
    expect(healthy.map(({ status }) => status)).toEqual(Array(20).fill(200));
    for (const text of await Promise.all(slow)) expect(text).toMatch(/^(?:HTTP\/1\.1 4\d\d |$)/);
    expect((await balance()).status).toBe(200);
  });
});
