/** Values that programs stumble over. */
import type { Random } from '../simulation/random.ts';

const numbers = [
  '-1',
  '0',
  '-0',
  '+5',
  '007',
  '1.5',
  '1e3',
  '1_000',
  '0x10',
  'NaN',
  'Infinity',
  '2147483648',
  '-2147483649',
  '4294967296',
  '99999999',
  '100000000',
  // The last second of the year 9999 and the one after; what is past the range of a Date; milliseconds for seconds.
  '253402300799',
  '253402300800',
  '8640000000001',
  '1772445600000',
  '9007199254740991',
  '-9007199254740991',
  '9007199254740992',
  '9223372036854775807',
  '99999999999999999999999999',
] as const;

const texts = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\r\nX-Injected: yes',
  '\t\x07\x1b[31m',
  '\u202egnp.exe',
  '\ufeff',
  '💣👩‍👩‍👧‍👦',
  'ﷺ',
  'İ',
  '\ud83d',
  '\ud800x',
  'null',
  'undefined',
  'true',
  'True',
  '[object Object]',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '{}',
  '[]',
  '[1',
  '{"a":1}',
  '"',
  "' OR 1=1; DROP TABLE objects; --",
  '$1',
  '{object}',
  '\\u0000',
  '\\',
  '%',
  '%00',
  '%zz',
  '../../../etc/passwd',
  '<script>alert(1)</script>',
  'http://[::1',
  'https://exa\nmple.com/\r\nSet-Cookie: x=1',
  'https://☃.example/☃',
  'javascript:alert(1)',
  'usd',
  'xxx',
  'ISK',
  'USD',
  'kwd',
  'jpy',
] as const;

const repeated = ['x', '9', 'é', '💣', '[', '&', '=', '%', ' '] as const;

export function nastyText(random: Random): string {
  const among = random.int(20);
  if (among < 8) return random.pick(numbers);
  if (among < 17) return random.pick(texts);
  const length = random.pick([41, 256, 501, 5001, 5001, 40_000]);
  const sign = random.pick(repeated);
  return sign.repeat(Math.ceil(length / sign.length));
}

/** For JSON: everything that is no text. */
export function nastyJson(random: Random): unknown {
  const deep = (depth: number): unknown =>
    depth === 0 ? 1 : random.chance(50) ? [deep(depth - 1)] : { a: deep(depth - 1) };
  return random.pick<() => unknown>([
    () => null,
    () => true,
    () => 1.5,
    () => -1,
    () => 1e300,
    () => 2 ** 53,
    () => [],
    () => ({}),
    () => [null],
    () => ({ toString: 1, valueOf: null, length: -1 }),
    () => JSON.parse('{"__proto__":{"admin":true},"constructor":{"prototype":1}}') as unknown,
    () => deep(20),
    () => Array.from({ length: 200 }, (_, at) => at),
    () => nastyText(random),
  ])();
}
