import { expect, test } from 'vitest';
import { readDatabaseUrl, UrlError } from './url.ts';

const placesOf = (url: string) =>
  readDatabaseUrl(url).urls.map((each) => {
    const { searchParams } = new URL(each);
    return `${searchParams.get('host')} ${searchParams.get('port')}`;
  });

test.each([
  'postgres://me:secret@db:5432/books?sslmode=disable',
  'postgresql://db/books',
  'postgresql:///books?host=/tmp/x&port=5432&user=me',
  'postgres://me@/books?host=/tmp/x',
  'postgres://%2Ftmp%2Fx/books',
  'postgres://me@db/books?sslmode=require&channel_binding=require&connect_timeout=10',
])('a single server is left to the driver: %s', (url) => {
  expect(readDatabaseUrl(url)).toEqual({ urls: [url], choose: false });
});

test.each([
  ['postgres://me@one:5001,two:5002/books', ['one 5001', 'two 5002']],
  ['postgres://me@one,two:5433/books?target_session_attrs=read-write', ['one 5432', 'two 5433']],
  ['postgres://me@[::1]:5001,127.0.0.1/books', ['::1 5001', '127.0.0.1 5432']],
  ['postgres://me@/books?host=one,two&port=5433', ['one 5433', 'two 5433']],
  ['postgres://me@/books?host=/tmp/a,/tmp/b&port=5001,5002', ['/tmp/a 5001', '/tmp/b 5002']],
  ['postgres://me@one/books?target_session_attrs=primary', ['one 5432']],
])('a server must be chosen of %s', (url, places) => {
  expect(readDatabaseUrl(url).choose).toBe(true);
  expect(placesOf(url)).toEqual(places);
});

test('every server is reached with the same words', () => {
  const { urls } = readDatabaseUrl('postgres://me:p%40ss@one,two/books?sslmode=disable&target_session_attrs=primary');
  for (const url of urls) {
    const { username, password, pathname, searchParams } = new URL(url);
    expect([username, password, pathname, searchParams.get('sslmode')]).toEqual(['me', 'p%40ss', '/books', 'disable']);
    expect(searchParams.has('target_session_attrs')).toBe(false);
  }
});

test.each([
  ['mysql://a@b/c', 'DATABASE_URL must be like postgres://user:password@host:5432/database'],
  ['postgres://me:se cret@b d/c', 'DATABASE_URL must be like postgres://user:password@host:5432/database'],
  ['postgres://me@one,,two/books', 'DATABASE_URL has an empty name among its hosts'],
  ['postgres://me@one:0,two/books', "DATABASE_URL has a port that is no number from 1 to 65535: '0'"],
  ['postgres://me@one:5432,two:x/books', "DATABASE_URL has a port that is no number from 1 to 65535: 'x'"],
  [
    'postgres://me@/books?host=a,b,c&port=1,2',
    'DATABASE_URL names 3 hosts and 2 ports: give one port for all, or one for each',
  ],
  ['postgres://me:secret@one/books?foo=bar', "DATABASE_URL has a parameter that PostgreSQL does not know: 'foo'"],
  [
    'postgres://me@one,two/books?sslmode=require&sslmod=x',
    "DATABASE_URL has a parameter that PostgreSQL does not know: 'sslmod'",
  ],
  [
    'postgres://me@one,two/books?target_session_attrs=any',
    'DATABASE_URL says target_session_attrs=any, but Evenkeel writes: it must be read-write or primary',
  ],
])('%s is refused', (url, message) => {
  expect(() => readDatabaseUrl(url)).toThrow(new UrlError(message));
});
