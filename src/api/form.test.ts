import fc from 'fast-check';
import qs from 'qs';
import { describe, expect, test } from 'vitest';
import { canonical, decodeForm, decodeJson, listOf, type Value } from './form.ts';

/** As plain data, with lists where a parameter would read one. */
const plain = (value: Value): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
};

describe('a form', () => {
  const table: [string, unknown, string][] = [
    ['', {}, 'nothing'],
    ['a=1&b=x', { a: '1', b: 'x' }, 'scalars'],
    ['a', { a: '' }, 'no value'],
    ['a=', { a: '' }, 'an empty value'],
    ['&&a=1&', { a: '1' }, 'empty pairs'],
    ['a=b=c', { a: 'b=c' }, 'an equals sign in a value'],
    ['a[b]=1&a[c][d]=2', { a: { b: '1', c: { d: '2' } } }, 'nested hashes'],
    ['a%5Bb%5D=1&a[c]=2', { a: { b: '1', c: '2' } }, 'brackets both ways'],
    ['a=x%20y&b=x+y&c=%2B', { a: 'x y', b: 'x y', c: '+' }, 'blanks'],
    ['a=%E2%82%AC', { a: '€' }, 'UTF-8'],
    ['a[]=x&a[]=y', { a: ['x', 'y'] }, 'a list'],
    ['a[0]=x&a[1]=y', { a: { 0: 'x', 1: 'y' } }, 'a list by index, until a parameter says so'],
    ['a[][b]=1&a[][c]=2&a[][b]=3', { a: [{ b: '1', c: '2' }, { b: '3' }] }, 'a repeated key begins an element'],
    ['a[][b][c]=1&a[][b][d]=2&a[][b][c]=3', { a: [{ b: { c: '1', d: '2' } }, { b: { c: '3' } }] }, 'deeper, too'],
    ['a[][b][]=1&a[][b][]=2&a[][c]=3', { a: [{ b: ['1', '2'], c: '3' }] }, 'a list within an element grows'],
    ['a[]=x&a[0]=y', { a: { 0: 'y' } }, 'an index after a list'],
    ['a[5]=x&a[]=y', { a: { 5: 'x', 6: 'y' } }, 'a list after an index'],
    ['a=1&a=2', { a: '2' }, 'the last scalar wins'],
    ['a[b]=1&a[b]=2', { a: { b: '2' } }, 'within a hash as well'],
    ['a=1&a[b]=2', { a: { b: '2' } }, 'a hash after a scalar'],
    ['a[b]=2&a=1', { a: '1' }, 'a scalar after a hash'],
    ['a[b[c]]=1', { 'a[b[c]]': '1' }, 'malformed: brackets in brackets'],
    ['a[b=1', { 'a[b': '1' }, 'malformed: not closed'],
    ['a]b[c]=1', { 'a]b[c]': '1' }, 'malformed: closed before it opens'],
    ['a[b]c=1', { 'a[b]c': '1' }, 'malformed: text behind'],
    ['[a]=1', { '[a]': '1' }, 'malformed: nothing before'],
    ['=1', { '': '1' }, 'no name'],
    [`a${'[b]'.repeat(12)}=1`, { [`a${'[b]'.repeat(12)}`]: '1' }, 'too deep: a name of its own'],
    ['a=%zz%41', { a: '%zzA' }, 'a percent sign that encodes nothing'],
    [
      '__proto__[x]=1&constructor=2',
      { ['__proto__']: { x: '1' }, constructor: '2' },
      'names that are special elsewhere',
    ],
  ];

  test.each(table)('%s gives %j: %s', (body, gives) => {
    expect(plain(decodeForm(body))).toEqual(gives);
  });

  test('has no prototype to reach', () => {
    decodeForm('__proto__[polluted]=1&a[__proto__][polluted]=1');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('never crashes', () => {
    const odd = fc.string({ unit: fc.constantFrom('a', '[', ']', '=', '&', '%', '+', '0', '1', 'é') });
    fc.assert(
      fc.property(odd, (body) => {
        canonical(decodeForm(body));
      }),
      { numRuns: 2000 },
    );
  });

  test('is bounded', () => {
    expect(() => decodeForm('a&'.repeat(5001))).toThrow('Invalid request body');
  });
});

describe('a list', () => {
  const table: [string, readonly Value[] | null, string][] = [
    ['a[1]=y&a[0]=x', ['x', 'y'], 'in the order of its indexes'],
    ['a[7]=x&a[30]=z&a[9]=y', ['x', 'y', 'z'], 'without gaps'],
    ['a[99999999999]=y&a[3]=x', ['x', 'y'], 'however large'],
    ['a[]=x', ['x'], 'without indexes'],
    ['a[0]=x&a[b]=y', null, 'not with other names among them'],
    ['a=x', null, 'not of one scalar'],
  ];
  test.each(table)('%s is %j: %s', (body, gives) => {
    expect(listOf(decodeForm(body).a as Value)).toEqual(gives);
  });
});

/** What stripe-node makes of parameters: every list by index, null as an empty text. */
const name = fc.stringMatching(/^[a-z_]{1,8}$/);
const leaf = fc.oneof(fc.string({ maxLength: 12 }), fc.integer().map(String), fc.constant('true'));
const params = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    leaf,
    fc.array(tie('value'), { minLength: 1, maxLength: 3 }),
    fc.dictionary(name, tie('value'), { minKeys: 1, maxKeys: 3 }),
  ),
})).value;

const asLists = (value: Value): unknown => {
  const list = listOf(value);
  if (list !== null) return list.map(asLists);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, asLists(each)]));
};

describe('what a client encodes', () => {
  const top = fc.dictionary(name, params, { maxKeys: 4 });

  test.each([
    ['indices', true],
    ['indices', false],
  ] as const)('comes back: %s, encoded names: %s', (arrayFormat, encodesNames) => {
    fc.assert(
      fc.property(top, (sent) => {
        const body = qs.stringify(sent, { arrayFormat, encodeValuesOnly: !encodesNames });
        expect(asLists(decodeForm(body))).toEqual(asLists(sent as Value));
        expect(decodeForm(body)).toEqual(
          Object.assign(
            Object.create(null),
            qs.parse(body, { depth: 20, parseArrays: false, plainObjects: true, parameterLimit: 5000 }),
          ),
        );
      }),
    );
  });

  test('comes back with blanks as plus', () => {
    fc.assert(
      fc.property(fc.dictionary(name, leaf), (sent) => {
        expect(plain(decodeForm(qs.stringify(sent, { format: 'RFC1738' })))).toEqual(sent);
      }),
    );
  });
});

test('the canonical text does not depend on order or spelling, and tells values apart', () => {
  const of = (body: string) => canonical(decodeForm(body));
  expect(of('b=1&a[y]=2&a[x]=3')).toBe(of('a[x]=3&a[y]=2&b=1'));
  expect(of('a[]=x&a[]=y')).toBe(of('a[1]=y&a[0]=x'));
  expect(of('a[7]=x')).not.toBe(of('a[8]=x'));
  expect(of('a=1&b=2')).not.toBe(of('a=1%26b=2'));
  expect(of('a=')).not.toBe(of(''));
});

describe('a JSON body', () => {
  test('is an object', () => {
    expect(plain(decodeJson('{"a":1,"b":{"c":[true,null]}}'))).toEqual({ a: 1, b: { c: [true, null] } });
    expect(plain(decodeJson(''))).toEqual({});
    const deep = `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    for (const body of ['{', '[]', 'null', '1', '"x"', deep]) expect(() => decodeJson(body)).toThrow('JSON object');
  });
});
