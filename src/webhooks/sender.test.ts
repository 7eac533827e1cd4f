import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Sender } from './sender.ts';

let server: Server;
let listener: RequestListener;
let requests: { headers: IncomingMessage['headers']; socket: Socket }[];
let sender: Sender;

beforeEach(async () => {
  requests = [];
  listener = (_, response) => response.end('ok');
  server = createServer((request, response) => {
    requests.push({ headers: request.headers, socket: request.socket });
    request.resume();
    request.on('end', () => listener(request, response));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  sender = new Sender({ allowPrivate: true, timeoutMs: 20_000 });
});
afterEach(() => {
  sender.close();
  server.closeAllConnections();
  server.close();
});

const send = (host = '127.0.0.1', path = '/hook', from = sender) =>
  from.send(`http://${host}:${(server.address() as AddressInfo).port}${path}`, '{"é": 1}', 't=1,v1=00', 1);

describe('a connection', () => {
  test('is used again', async () => {
    await send();
    await send();
    expect(requests[0]?.socket).toBe(requests[1]?.socket);
  });

  test('that the receiver closes just then is not the receiver’s fault', async () => {
    await send();
    const first = requests[0]?.socket;
    listener = (request, response) => (request.socket === first ? request.socket.destroy() : response.end());
    expect(await send()).toMatchObject({ succeeded: true, attempt: { status: 200 } });
    expect(requests).toHaveLength(3);
  });

  test('that is reset every time is', async () => {
    listener = (request) => request.socket.resetAndDestroy();
    expect(await send()).toMatchObject({ succeeded: false, attempt: { status: null } });
    expect(requests).toHaveLength(1);
  });
});

test('names are resolved, and judged', async () => {
  expect(await send('localhost')).toMatchObject({ succeeded: true });
  const strict = new Sender({ allowPrivate: false, timeoutMs: 20_000 });
  const { succeeded, attempt } = await send('localhost', '/', strict);
  strict.close();
  expect(succeeded).toBe(false);
  expect(attempt.error).toMatch(/private address/);
  expect(requests).toHaveLength(1);
});

test.each([
  ['http://169.254.169.254/', /never/],
  ['http://name.invalid/', /ENOTFOUND|EAI_AGAIN/],
  ['nonsense', /cannot be read/],
  ['http://user:pass@[fe80::1]/', /never/],
])('%s is not asked', async (url, error) => {
  const patient = new Sender({ allowPrivate: true, timeoutMs: 10_000 });
  const sent = await patient.send(url, '{}', '', 1);
  patient.close();
  expect(sent.attempt).toMatchObject({ at: 1, status: null, error: expect.stringMatching(error) });
});

test.each([200, 204, 299, 300, 304, 400, 404, 500, 503])('status %i', async (status) => {
  listener = (_, response) => response.writeHead(status).end();
  expect(await send()).toMatchObject({ succeeded: status < 300, attempt: { status } });
});

test('an answer that begins too late is none', async () => {
  listener = (_, response) => setTimeout(() => response.end(), 500);
  const hasty = new Sender({ allowPrivate: true, timeoutMs: 300 });
  const late = await send('127.0.0.1', '/hook', hasty);
  hasty.close();
  expect(late).toMatchObject({ succeeded: false, attempt: { error: 'no answer within 0.3 seconds' } });
});

test('an answer without end is not read to its end', async () => {
  listener = (_, response) => {
    response.writeHead(200);
    const write = () => {
      while (response.write('x'.repeat(1000)));
    };
    response.on('drain', write);
    write();
  };
  const { attempt, succeeded } = await send();
  expect(succeeded).toBe(true);
  expect(attempt.response).toHaveLength(1024);
});

test('what is under way ends when the sender closes', async () => {
  listener = () => {};
  const sending = send();
  await new Promise((resolve) => setTimeout(resolve, 50));
  sender.close();
  expect(await sending).toMatchObject({ succeeded: false, attempt: { error: 'the server stops' } });
});
