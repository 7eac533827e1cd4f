import { describe, expect, expectTypeOf, test } from 'vitest';
import type { Currency } from '../data/currencies.ts';
import type { Minor } from '../kernel/money.ts';
import type { TimeRange } from '../store/reader.ts';
import { Refused } from './errors.ts';
import { decodeForm, decodeJson } from './form.ts';
import {
  amount,
  array,
  boolean,
  currency,
  decimal,
  either,
  email,
  type Form,
  feeAmount,
  form,
  hash,
  id,
  integer,
  mergeMetadata,
  metadata,
  object,
  oneOf,
  optional,
  type ParamsOf,
  range,
  text,
  timestamp,
  unsettable,
  unsupported,
  url,
  withDefault,
} from './params.ts';

const transferData = object({ amount: optional(amount()), destination: id() });

const everything = form({
  amount: amount(),
  currency: optional(currency()),
  description: optional(unsettable(text())),
  email: optional(email()),
  fee: optional(feeAmount()),
  external_account: optional(either(text(), object({ country: text(), object: optional(text()) }))),
  limit: optional(integer({ min: 1, max: 100 })),
  metadata: optional(metadata()),
  capabilities: optional(hash(object({ requested: optional(boolean()) }))),
  reason: optional(oneOf(['duplicate', 'fraudulent', 'requested_by_customer'])),
  mode: optional(oneOf(['card', 'bank'])),
  created: optional(range()),
  confirm: withDefault(boolean(), false),
  items: optional(array(object({ price: text() }))),
  percent: optional(decimal({ min: 0, max: 100 })),
  types: optional(array(text())),
  at: optional(either(timestamp(), oneOf(['now']))),
  transfer_data: optional(transferData),
  url: optional(url()),
  mandate: unsupported(),
});

function refusalOf<T>(spec: Form<T>, body: string) {
  try {
    spec.parse(decodeForm(body));
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
  throw new Error('nothing was refused');
}

test('the parsed type', () => {
  type Parsed = ParamsOf<typeof everything>;
  expectTypeOf<Parsed['amount']>().toEqualTypeOf<Minor>();
  expectTypeOf<Pick<Parsed, 'currency'>>().toEqualTypeOf<{ readonly currency?: Currency }>();
  expectTypeOf<Pick<Parsed, 'description'>>().toEqualTypeOf<{ readonly description?: string | null }>();
  expectTypeOf<Pick<Parsed, 'created'>>().toEqualTypeOf<{ readonly created?: TimeRange }>();
  expectTypeOf<Parsed['confirm']>().toEqualTypeOf<boolean>();
  expectTypeOf<NonNullable<Parsed['transfer_data']>>().toEqualTypeOf<{
    readonly amount?: Minor;
    readonly destination: string;
  }>();
  expectTypeOf<'mandate' extends keyof Parsed ? true : false>().toEqualTypeOf<false>();
});

describe('what is accepted', () => {
  const table: [string, Record<string, unknown>, string][] = [
    ['', {}, 'optional keys are absent, defaults are there'],
    ['amount=%2B1000', { amount: 1000 }, 'a sign'],
    ['fee=1', { fee: 1 }, 'a fee'],
    ['currency=USD', { currency: 'usd' }, 'any case in, lower case out'],
    ['confirm=True', { confirm: true }, 'python writes it so'],
    ['description=', { description: null }, 'an empty text unsets'],
    ['description=12', { description: '12' }, 'digits are a text'],
    ['description=%20x%20', { description: ' x ' }, 'nothing is trimmed'],
    ['external_account=btok_1', { external_account: 'btok_1' }, 'a token'],
    ['external_account[country]=US', { external_account: { country: 'US' } }, 'or a hash'],
    ['metadata[a]=1&metadata[7]=x&metadata[b]=', { metadata: { 7: 'x', a: '1', b: '' } }, 'digits as a key'],
    ['metadata=', { metadata: null }, 'unsetting all of it'],
    ['capabilities[x][requested]=true', { capabilities: { x: { requested: true } } }, 'free keys'],
    ['created=5', { created: { gte: 5, lte: 5 } }, 'one second'],
    ['created[gt]=5&created[lte]=9', { created: { gt: 5, lte: 9 } }, 'a range'],
    ['types[3]=a&types[9]=b', { types: ['a', 'b'] }, 'gaps'],
    ['items[][price]=a&items[][price]=b', { items: [{ price: 'a' }, { price: 'b' }] }, 'a list of hashes'],
    ['at=now', { at: 'now' }, 'the second of two forms'],
    ['at=7', { at: 7 }, 'the first of two forms'],
    ['transfer_data[destination]=acct_1', { transfer_data: { destination: 'acct_1' } }, 'a nested hash'],
    ['percent=2.5', { percent: 2.5 }, 'a fraction where it may be one'],
    ['url=https://example.com/x', { url: 'https://example.com/x' }, 'a URL'],
  ];
  test.each(table)('%s: %j, %s', (body, gives) => {
    const sent = body.startsWith('amount') ? body : `amount=1&${body}`;
    expect(everything.parse(decodeForm(sent))).toEqual({ amount: 1, confirm: false, ...gives });
  });

  test('JSON by its types', () => {
    const parsed = everything.parse(
      decodeJson('{"amount":5,"confirm":true,"description":null,"types":["a"],"created":7}'),
    );
    expect(parsed).toEqual({ amount: 5, confirm: true, description: null, types: ['a'], created: { gte: 7, lte: 7 } });
  });
});

describe('X3, X4, X5, X8: what is refused', () => {
  const supported = /^Invalid currency: xxd\. Stripe currently supports these currencies: usd, aed, .*, sll, mro$/;
  // body (behind amount=1&), code, param, message
  const table: [string, string | undefined, string, string | RegExp][] = [
    ['wat=1', 'parameter_unknown', 'wat', 'Received unknown parameter: wat'],
    ['wat=1&b=2', 'parameter_unknown', 'wat', 'Received unknown parameters: wat, b'],
    [
      'transfer_data[nope]=1',
      'parameter_unknown',
      'transfer_data[nope]',
      'Received unknown parameter: transfer_data[nope]',
    ],
    ['items[0][x]=1&items[0][price]=a', 'parameter_unknown', 'items[0][x]', 'Received unknown parameter: items[0][x]'],
    ['created[at]=1', 'parameter_unknown', 'created[at]', 'Received unknown parameter: created[at]'],
    [
      'external_account[x]=1',
      'parameter_unknown',
      'external_account[x]',
      'Received unknown parameter: external_account[x]',
    ],
    ['a[b[c]]=1', 'parameter_unknown', 'a[b[c]]', 'Received unknown parameter: a[b[c]]'],
    ['__proto__[x]=1', 'parameter_unknown', '__proto__', 'Received unknown parameter: __proto__'],
    ['limit=abc&wat=1', 'parameter_unknown', 'wat', 'Received unknown parameter: wat'],
    [
      'transfer_data[amount]=5',
      'parameter_missing',
      'transfer_data[destination]',
      'Missing required param: transfer_data[destination].',
    ],
    [
      'limit=',
      'parameter_invalid_empty',
      'limit',
      "You passed an empty string for 'limit'. We assume empty values are an attempt to unset a parameter; however 'limit' cannot be unset. You should remove 'limit' from your request or supply a non-empty value.",
    ],
    ['limit=abc', 'parameter_invalid_integer', 'limit', 'Invalid integer: abc'],
    ['limit=10.0', 'parameter_invalid_integer', 'limit', 'Invalid integer: 10.0'],
    ['limit=-', 'parameter_invalid_integer', 'limit', 'Invalid integer: -'],
    ['limit=99999999999999999999', 'parameter_invalid_integer', 'limit', 'Invalid integer: 99999999999999999999'],
    ['limit[a]=1', 'parameter_invalid_integer', 'limit', 'Invalid integer: {"a":"1"}'],
    ['limit=0', 'parameter_invalid_integer', 'limit', 'This value must be greater than or equal to 1.'],
    ['limit=101', 'parameter_invalid_integer', 'limit', 'This value must be less than or equal to 100.'],
    ['amount=0', 'parameter_invalid_integer', 'amount', 'This value must be greater than or equal to 1.'],
    ['fee=0', 'parameter_invalid_integer', 'fee', 'Invalid positive integer'],
    ['fee=-5', 'parameter_invalid_integer', 'fee', 'Invalid positive integer'],
    ['fee=1.5', 'parameter_invalid_integer', 'fee', 'Invalid integer: 1.5'],
    ['confirm=1', undefined, 'confirm', 'Invalid boolean: 1'],
    ['types=x', undefined, 'types', 'Invalid array'],
    ['types[a]=x', undefined, 'types', 'Invalid array'],
    ['transfer_data=x', undefined, 'transfer_data', 'Invalid object'],
    ['transfer_data[]=x', undefined, 'transfer_data', 'Invalid object'],
    ['capabilities=x', undefined, 'capabilities', 'Invalid object'],
    ['description[a]=x', undefined, 'description', 'Invalid string: {"a":"x"}'],
    ['description=a%00b', undefined, 'description', 'Invalid string: a\\0b'],
    ['reason=x', undefined, 'reason', 'Invalid reason: must be one of duplicate, fraudulent, or requested_by_customer'],
    ['mode=x', undefined, 'mode', 'Invalid mode: must be one of card or bank'],
    [
      `description=${'x'.repeat(5001)}`,
      undefined,
      'description',
      'Invalid description: must be at most 5000 characters',
    ],
    ['currency=xxd', undefined, 'currency', supported],
    ['email=x', 'email_invalid', 'email', 'Invalid email address: x'],
    ['url=example.com', 'url_invalid', 'url', 'Invalid URL: An explicit scheme (such as https) must be provided.'],
    ['mandate=x', undefined, 'mandate', 'mandate is not supported by Evenkeel yet.'],
    ['mandate[x][y]=x', undefined, 'mandate', 'mandate is not supported by Evenkeel yet.'],
    [
      `metadata[k]=${'x'.repeat(504)}`,
      undefined,
      'metadata[k]',
      /^Metadata values can have up to 500 characters, but you passed in a value that is 504 characters\. Invalid value: x+$/,
    ],
    [
      `metadata[${'k'.repeat(41)}]=x`,
      undefined,
      `metadata[${'k'.repeat(41)}]`,
      /^Metadata keys can have up to 40 characters, but you passed in a key that is 41 characters\. Invalid key: k+$/,
    ],
    ['metadata[a][b]=x', undefined, 'metadata[a]', 'Invalid string: {"b":"x"}'],
    ['metadata=x', undefined, 'metadata', 'Invalid object'],
    [
      Array.from({ length: 51 }, (_, n) => `metadata[k${n}]=x`).join('&'),
      undefined,
      'metadata',
      'Metadata can have up to 50 keys, but this request would leave 51.',
    ],
    ['at=x', undefined, 'at', 'Invalid at: must be one of now'],
  ];

  test.each(table)('%s', (body, code, param, message) => {
    const { status, error } = refusalOf(everything, body.startsWith('amount') ? body : `amount=1&${body}`);
    expect(status).toBe(400);
    expect(error.type).toBe('invalid_request_error');
    expect([error.code, error.param]).toEqual([code, param]);
    if (typeof message === 'string') expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
  });

  test('a missing parameter', () => {
    expect(refusalOf(everything, 'currency=usd').error).toMatchObject({
      code: 'parameter_missing',
      param: 'amount',
      message: 'Missing required param: amount.',
    });
  });

  test('fields in the order they are declared in', () => {
    expect(refusalOf(everything, 'limit=x&amount=x').error.param).toBe('amount');
  });

  test('more metadata than one object holds', () => {
    const full = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`k${n}`, 'x']));
    expect(() => mergeMetadata(full, { more: 'x' })).toThrow('would leave 51');
    expect(Object.keys(mergeMetadata(full, { more: 'x', k0: '' }))).toHaveLength(50);
  });
});

test('metadata merges', () => {
  expect(mergeMetadata({ a: '1', b: '2' }, { b: '', c: '3' })).toEqual({ a: '1', c: '3' });
  expect(mergeMetadata({ a: '1' }, null)).toEqual({});
  expect(mergeMetadata({ a: '1' }, undefined)).toEqual({ a: '1' });
  expect(mergeMetadata(undefined, { a: '1' })).toEqual({ a: '1' });
});
