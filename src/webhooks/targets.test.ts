/** URLs that want to lead inside, in every spelling: a listener on this machine must not hear of one. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { guardedLookup, type Resolve } from './guard.ts';
import { Sender } from './sender.ts';

const listeners: Server[] = [];
let port: number;
let connections = 0;
/** Where a redirect leads to. */
let inner: Server;
let innerConnections = 0;

beforeAll(async () => {
  inner = createServer((_, response) => response.end()).on('connection', () => innerConnections++);
  inner.listen(0, '127.0.0.1');
  await once(inner, 'listening');
  const location = `http://127.0.0.1:${(inner.address() as AddressInfo).port}/`;
  const listen = async (at: number, host: string) => {
    const server = createServer((_, response) => response.writeHead(302, { location }).end());
    server.on('connection', () => connections++).listen(at, host);
    await once(server, 'listening');
    listeners.push(server);
    return (server.address() as AddressInfo).port;
  };
  port = await listen(0, '127.0.0.1');
  // Not every machine has it.
  await listen(port, '::1').catch(() => {});
});
afterAll(() => {
  for (const server of [...listeners, inner]) server.close();
});
beforeEach(() => {
  connections = 0;
  innerConnections = 0;
});

const loopback: readonly string[] = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '127.0.0.1.',
  '2130706433',
  '0x7f000001',
  '0x7f.1',
  '0x7f.0x0.0x0.0x1',
  '0X7F.0.0.1',
  '0177.0.0.1',
  '0177.1',
  '017700000001',
  '00000177.0.0.1',
  '127.0.0x1',
  '127.255.255.254',
  '①②⑦.⓪.⓪.①',
  '１２７.0.0.1',
  '127。0。0。1',
  '%31%32%37.0.0.1',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[0000::0001]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[0:0:0:0:0:ffff:7f00:0001]',
  '[::127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[::]',
  '0',
  '0.0.0.0',
  '0x0',
  '00',
  // Names, which all lead here.
  'localhost',
  'LOCALHOST',
  'localhost.',
  'a.localhost',
  'localtest.me',
  '127.0.0.1.nip.io',
  'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
  'xn--localhost-.example',
];
const others: readonly string[] = [
  '10.0.0.1',
  '172.16.0.1',
  '192.168.0.1',
  '100.64.0.1',
  '169.254.169.254',
  '0xa9fea9fe',
  '2852039166',
  '0251.0376.0251.0376',
  '[::ffff:a9fe:a9fe]',
  '[64:ff9b::a9fe:a9fe]',
  '[fd00:ec2::254]',
  '[fe80::1]',
  '[fc00::1]',
  '100.100.100.200',
  '224.0.0.1',
  '255.255.255.255',
];
const spellings: readonly ((host: string, at: number) => string)[] = [
  (host, at) => `http://${host}:${at}/`,
  (host, at) => `HTTP://${host}:${at}/hook?a=b#c`,
  (host, at) => `https://${host}:${at}/`,
  (host, at) => `http://example.com@${host}:${at}/`,
  (host, at) => `http://example.com:80@${host}:${at}/`,
  (host, at) => `http://example.com%40${host}:${at}@${host}:${at}/`,
  (host, at) => `http:\\\\${host}:${at}\\@example.com/`,
  (host, at) => `http://${host}:${at}#@example.com/`,
  (host, at) => ` http:///${host}:${at}/\t`,
  (host, at) => `ht\ntp://${host}:0${at}/`,
  (host, at) => `//${host}:${at}/`,
  (host, at) => `ftp://${host}:${at}/`,
  (host) => `file://${host}/etc/passwd`,
];

const inside: Resolve = async () => [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];
const resolveTo = (...addresses: readonly string[]) =>
  addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

test('no URL of the corpus connects to the inside', async () => {
  const urls = [...loopback, ...others].flatMap((host) => spellings.map((spell) => spell(host, port)));
  expect(new Set(urls).size).toBeGreaterThan(300);
  const sender = new Sender({ allowPrivate: false, timeoutMs: 2000, resolve: inside });
  for (let at = 0; at < urls.length; at += 50) {
    const batch = urls.slice(at, at + 50);
    const sent = await Promise.all(batch.map((url) => sender.send(url, '{}', '', 1)));
    for (const [i, { attempt, succeeded }] of sent.entries()) {
      expect([batch[i], succeeded, attempt.status]).toEqual([batch[i], false, null]);
      expect(attempt.error, batch[i]).toMatch(/private address|never go to|cannot be read|not HTTP/);
    }
  }
  sender.close();
  expect(connections).toBe(0);
});

test('the listener would hear of it', async () => {
  const sender = new Sender({ allowPrivate: true, timeoutMs: 2000, resolve: inside });
  for (const host of ['127.0.0.1', '2130706433', 'localtest.me']) {
    expect((await sender.send(`http://${host}:${port}/`, '{}', '', 1)).attempt.status).toBe(302);
  }
  sender.close();
  expect(connections).toBeGreaterThan(0);
});

test('a redirect is not followed', async () => {
  const sender = new Sender({ allowPrivate: true, timeoutMs: 2000 });
  const { attempt, succeeded } = await sender.send(`http://127.0.0.1:${port}/`, '{}', '', 1);
  sender.close();
  expect([succeeded, attempt.error, innerConnections]).toEqual([false, 'redirects are not followed', 0]);
});

test('a name that changes its mind is judged by what is connected to', async () => {
  const answers = [resolveTo('127.0.0.1'), resolveTo('169.254.169.254')];
  let asked = 0;
  const flipping: Resolve = async () => answers[Math.min(asked++, 1)] ?? [];
  const sender = new Sender({ allowPrivate: true, timeoutMs: 2000, resolve: flipping });
  const first = await sender.send(`http://flip.example:${port}/`, '{}', '', 1);
  // One question and one answer, and the connection goes there.
  expect([first.attempt.status, asked, connections]).toEqual([302, 1, 1]);
  sender.close();
  const fresh = new Sender({ allowPrivate: true, timeoutMs: 2000, resolve: flipping });
  const second = await fresh.send(`http://flip.example:${port}/`, '{}', '', 1);
  fresh.close();
  expect(second.attempt).toMatchObject({ status: null, error: expect.stringMatching(/never go to/) });
  expect([asked, connections]).toEqual([2, 1]);
});

test('of a public name that turns inward nothing but the public address is given to the connection', async () => {
  let asked = 0;
  const flipping: Resolve = async () => resolveTo(asked++ === 0 ? '1.1.1.1' : '127.0.0.1');
  const lookup = guardedLookup(false, flipping);
  const look = () =>
    new Promise((resolve) => lookup('flip.example', { all: true }, (error, found) => resolve(error?.name ?? found)));
  expect(await look()).toEqual(resolveTo('1.1.1.1'));
  expect(await look()).toBe('AddressRefused');
  expect(asked).toBe(2);
});
