import { describe, expect, test } from 'vitest';
import { guardedLookup, refusedAddress, refusedHost } from './guard.ts';

type Verdict = 'never' | 'private' | 'public';

const addresses: readonly (readonly [string, Verdict])[] = [
  ['0.0.0.0', 'never'],
  ['0.1.2.3', 'never'],
  ['127.0.0.1', 'private'],
  ['127.255.255.254', 'private'],
  ['10.0.0.1', 'private'],
  ['10.255.255.255', 'private'],
  ['9.255.255.255', 'public'],
  ['11.0.0.0', 'public'],
  ['172.15.255.255', 'public'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['172.32.0.0', 'public'],
  ['192.168.0.1', 'private'],
  ['192.167.255.255', 'public'],
  ['192.169.0.0', 'public'],
  ['100.63.255.255', 'public'],
  ['100.64.0.1', 'private'],
  ['100.100.100.200', 'never'],
  ['100.127.255.255', 'private'],
  ['100.128.0.0', 'public'],
  ['169.254.169.254', 'never'],
  ['169.254.0.1', 'never'],
  ['169.254.170.2', 'never'],
  ['168.63.129.16', 'never'],
  ['192.0.0.192', 'never'],
  ['192.0.2.1', 'never'],
  ['198.51.100.7', 'never'],
  ['203.0.113.9', 'never'],
  ['192.88.99.1', 'never'],
  ['198.18.0.1', 'never'],
  ['198.19.255.255', 'never'],
  ['224.0.0.1', 'never'],
  ['239.255.255.250', 'never'],
  ['240.0.0.1', 'never'],
  ['255.255.255.255', 'never'],
  ['8.8.8.8', 'public'],
  ['1.1.1.1', 'public'],
  ['::', 'never'],
  ['::1', 'private'],
  ['0:0:0:0:0:0:0:1', 'private'],
  ['::2', 'never'],
  ['::127.0.0.1', 'never'],
  ['::169.254.169.254', 'never'],
  ['::ffff:127.0.0.1', 'private'],
  ['::ffff:7f00:1', 'private'],
  ['::ffff:10.1.2.3', 'private'],
  ['::ffff:169.254.169.254', 'never'],
  ['::ffff:a9fe:a9fe', 'never'],
  ['::ffff:0.0.0.0', 'never'],
  ['::ffff:8.8.8.8', 'public'],
  ['64:ff9b::7f00:1', 'never'],
  ['64:ff9b::8.8.8.8', 'never'],
  ['64:ff9b:1::1', 'never'],
  ['2002:7f00:1::', 'never'],
  ['2001::1', 'never'],
  ['2001:db8::1', 'never'],
  ['3fff::1', 'never'],
  ['100::1', 'never'],
  ['fe80::1', 'never'],
  ['febf::1', 'never'],
  ['fec0::1', 'private'],
  ['fc00::1', 'private'],
  ['fd12:3456::1', 'private'],
  ['fd00:ec2::254', 'never'],
  ['fd20:ce::254', 'never'],
  ['ff02::1', 'never'],
  ['2606:4700:4700::1111', 'public'],
  ['2a00:1450:4001:80b::200e', 'public'],
  ['localhost', 'never'],
  ['', 'never'],
];

test.each(addresses)('%s is %s', (address, verdict) => {
  expect(refusedAddress(address, true) === null).toBe(verdict !== 'never');
  expect(refusedAddress(address, false) === null).toBe(verdict === 'public');
});

describe('a URL', () => {
  // What a URL means, in all the spellings that a parser lets through.
  const urls: readonly (readonly [string, Verdict])[] = [
    ['http://127.0.0.1/', 'private'],
    ['http://127.1/', 'private'],
    ['http://0x7f.1/', 'private'],
    ['http://0177.0.0.1/', 'private'],
    ['http://2130706433/', 'private'],
    ['http://0x7f000001/', 'private'],
    ['http://127.0.0.1./', 'private'],
    ['http://①②⑦.0.0.1/', 'private'],
    ['http://0/', 'never'],
    ['http://[::1]:8080/', 'private'],
    ['http://[::ffff:127.0.0.1]/', 'private'],
    ['http://[::ffff:7f00:1]/', 'private'],
    ['http://[fe80::1]/', 'never'],
    ['http://[::]/', 'never'],
    ['http://2852039166/latest/meta-data', 'never'],
    ['http://169.254.169.254/', 'never'],
    ['http://0xA9FEA9FE/', 'never'],
    ['http://0251.0376.0251.0376/', 'never'],
    ['http://[::ffff:a9fe:a9fe]/', 'never'],
    ['http://example.com@169.254.169.254/', 'never'],
    ['http://169.254.169.254:80#@example.com/', 'never'],
    ['http://192.168.1.1:5432/', 'private'],
    ['https://8.8.8.8/', 'public'],
  ];
  test.each(urls)('%s is %s', (url, verdict) => {
    expect(refusedHost(new URL(url), true) === null).toBe(verdict !== 'never');
    expect(refusedHost(new URL(url), false) === null).toBe(verdict === 'public');
  });

  test('with a name is judged when the name is resolved', () => {
    for (const name of ['example.com', 'localhost', '127.0.0.1.nip.example', '169.254.169.254.example']) {
      expect(refusedHost(new URL(`http://${name}/`), false)).toBeNull();
    }
  });
});

describe('a name', () => {
  const lookUp = (answers: readonly string[], allowPrivate: boolean, all = false) =>
    new Promise<{ error: Error | null; address: unknown }>((resolve) => {
      const lookup = guardedLookup(allowPrivate, async () =>
        answers.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
      lookup('name.example', { all }, (error, address) => resolve({ error, address }));
    });

  test('gives the addresses that were judged', async () => {
    expect(await lookUp(['8.8.8.8', '2606:4700::1'], false)).toEqual({ error: null, address: '8.8.8.8' });
    expect((await lookUp(['8.8.8.8', '2606:4700::1'], false, true)).address).toHaveLength(2);
    expect(await lookUp(['127.0.0.1'], true)).toEqual({ error: null, address: '127.0.0.1' });
  });

  test.each([
    [['127.0.0.1'], false],
    [['8.8.8.8', '10.0.0.1'], false],
    [['8.8.8.8', '169.254.169.254'], true],
    [['::ffff:169.254.169.254'], true],
    [[], true],
  ])('that leads to %s is refused', async (answers, allowPrivate) => {
    expect((await lookUp(answers, allowPrivate)).error?.name).toBe('AddressRefused');
    expect((await lookUp(answers, allowPrivate, true)).error?.name).toBe('AddressRefused');
  });

  test('that does not exist says so', async () => {
    const lookup = guardedLookup(true, () => Promise.reject(new Error('ENOTFOUND')));
    const error = await new Promise((resolve) => lookup('name.example', {}, resolve));
    expect(error).toMatchObject({ message: 'ENOTFOUND' });
  });
});
