import { describe, expect, test } from 'vitest';
import type { StoredObject } from '../../kernel/kind.ts';
import { isRefusal, type Refusal } from '../../kernel/refusal.ts';
import { type Fields, matcherOf, narrowed } from './match.ts';
import { parseQuery, type Query } from './query.ts';

const parsed = (text: string): Query => {
  const query = parseQuery(text);
  if (isRefusal(query)) throw new Error(query.error.message);
  return query;
};
const clause = (field: string, operator: string, value: string | null, more: object = {}) => ({
  isNegated: false,
  field,
  operator,
  value,
  ...more,
});

describe('a query', () => {
  const table: readonly (readonly [string, string, readonly object[]])[] = [
    ['email:"a@b.c"', 'and', [clause('email', ':', 'a@b.c')]],
    ["email:'a@b.c'", 'and', [clause('email', ':', 'a@b.c')]],
    ['  amount >= 1000  ', 'and', [clause('amount', '>=', '1000')]],
    ['amount:"1000"', 'and', [clause('amount', ':', '1000')]],
    ['created<-5', 'and', [clause('created', '<', '-5')]],
    ['name~"amy"', 'and', [clause('name', '~', 'amy')]],
    ['-status:"failed"', 'and', [clause('status', ':', 'failed', { isNegated: true })]],
    ['customer:null', 'and', [clause('customer', ':', null)]],
    ['customer:"null"', 'and', [clause('customer', ':', 'null')]],
    ['metadata["a b"]:"1"', 'and', [clause('metadata', ':', '1', { key: 'a b' })]],
    ["-metadata['k']:null", 'and', [clause('metadata', ':', null, { key: 'k', isNegated: true })]],
    ['metadata["a\\"b"]:"say \\"no\\" \\\\"', 'and', [clause('metadata', ':', 'say "no" \\', { key: 'a"b' })]],
    ['a.b.c:"x"', 'and', [clause('a.b.c', ':', 'x')]],
    ['a:"1" b:"2"', 'and', [clause('a', ':', '1'), clause('b', ':', '2')]],
    ['a:"1" and b:"2"', 'and', [clause('a', ':', '1'), clause('b', ':', '2')]],
    ['a:"1" OR b:"2" or c:"3"', 'or', [clause('a', ':', '1'), clause('b', ':', '2'), clause('c', ':', '3')]],
    ['a:"x AND y:\'z\'"', 'and', [clause('a', ':', "x AND y:'z'")]],
    ['order:"1" or:"2"', 'and', [clause('order', ':', '1'), clause('or', ':', '2')]],
  ];
  test.each(table)('%s', (text, join, clauses) => {
    expect(parsed(text)).toEqual({ join, clauses });
  });

  const unreadable = [
    '',
    ' ',
    'asdf',
    'a:',
    ':"x"',
    'a:b',
    'a:"x',
    'a:"x" AND',
    'AND a:"x"',
    'a:"x" AND OR b:"y"',
    'a="x"',
    '(a:"x")',
    'metadata[k]:"x"',
    'metadata["k":"x"',
    'a:"x",b:"y"',
    'a>10x',
    '--a:"x"',
    'a:nullify',
  ];
  test.each(unreadable)('that cannot be read: %s', (text) => {
    expect(parseQuery(text)).toMatchObject({ name: 'search_query_unparsable', error: { param: 'query' } });
  });

  test.each([
    ['a:"1" AND b:"2" OR c:"3"', 'AND and OR'],
    ['a:"1" b:"2" OR c:"3"', 'AND and OR'],
    [Array(11).fill('a:"1"').join(' '), 'more than 10'],
  ])('that asks for too much: %s', (text, reason) => {
    const refusal = parseQuery(text) as Refusal;
    expect(refusal).toMatchObject({ name: 'search_query_invalid' });
    expect(refusal.error.message).toContain(reason);
  });

  test('is read in time that grows with its length alone', () => {
    const long = `${'a:"'.repeat(1500)}`;
    const started = performance.now();
    expect(isRefusal(parseQuery(long))).toBe(true);
    expect(isRefusal(parseQuery(`a:"${'\\'.repeat(4990)}`))).toBe(true);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

interface Thing extends StoredObject {
  readonly metadata?: Readonly<Record<string, string>>;
  readonly amount?: number;
  readonly name?: string;
  readonly status?: string;
  readonly paid?: boolean;
}
const fields: Fields<Thing> = {
  amount: { type: 'numeric', of: ({ amount }) => amount },
  created: { type: 'numeric', of: ({ created }) => created },
  name: { type: 'string', of: ({ name }) => name },
  paid: { type: 'token', of: ({ paid = false }) => paid },
  status: { type: 'token', of: ({ status }) => status },
};
const thing: Thing = {
  id: 'x_1',
  account: 'acct_1',
  created: 100,
  amount: 1000,
  name: 'Amy Rocket',
  status: 'open',
  metadata: { order: 'A7', empty: '' },
};
const found = (text: string, object: Thing = thing) => {
  const matches = matcherOf(parsed(text), fields, 'payment_things');
  return isRefusal(matches) ? matches : matches(object);
};

describe('an object', () => {
  const table: readonly (readonly [string, boolean])[] = [
    ['amount:1000', true],
    ['amount:"1000"', true],
    ['amount>999 amount<1001', true],
    ['amount>1000', false],
    ['amount>=1000 amount<=1000', true],
    ['-amount:5', true],
    ['status:"OPEN"', true],
    ['status:"ope"', false],
    ['status:null', false],
    ['-status:null', true],
    ['name:"amy rocket"', true],
    ['name:"amy"', false],
    ['name~"ROCK"', true],
    ['name~"rack"', false],
    ['paid:"false"', true],
    ['paid:"true"', false],
    ['metadata["order"]:"a7"', true],
    ['metadata["order"]:"b"', false],
    ['metadata["none"]:null', true],
    ['-metadata["order"]:null', true],
    ['metadata["empty"]:""', true],
    ['metadata["toString"]:null', true],
    ['status:"shut" OR amount:1000', true],
    ['status:"shut" OR amount:1', false],
    ['status:"open" AND amount:1', false],
  ];
  test.each(table)('%s: %s', (text, is) => {
    expect(found(text)).toBe(is);
  });

  test('has nothing that is compared where it has no value', () => {
    const bare: Thing = { id: 'x_2', account: 'acct_1', created: 1 };
    for (const text of ['amount<5', 'amount:0', 'name:"undefined"', 'name~"undefined"', 'metadata["a"]:"undefined"']) {
      expect(found(text, bare)).toBe(false);
    }
    expect(found('amount:null name:null metadata["a"]:null', bare)).toBe(true);
  });

  test.each([
    ['foo:"x"', 'Field `foo` is an unsupported search field for resource `payment_things`.'],
    ['constructor:"x"', 'Field `constructor` is an unsupported'],
    ['metadata:"x"', 'Field `metadata` is an unsupported'],
    ['name["x"]:"x"', 'Field `name["x"]` is an unsupported'],
    ['amount~"100"', '`~` does not go with `amount`'],
    ['amount:"many"', '`amount` is a number, and `many` is none'],
    ['amount:""', '`amount` is a number'],
    ['status~"open"', '`~` does not go with `status`'],
    ['status>5', '`>` does not go with `status`'],
    ['name>"amy"', '`>` does not go with `name`'],
    ['name~"am"', 'at least 3'],
    ['name~null', '`~` does not go with null'],
    ['metadata["order"]~"A7"', '`~` does not go with `metadata["order"]`'],
  ])('is not asked %s', (text, message) => {
    const refusal = found(text);
    expect(refusal).toMatchObject({ status: 400, error: { type: 'invalid_request_error', param: 'query' } });
    expect((refusal as Refusal).error.message).toContain(message);
  });
});

describe('what the database tells by itself', () => {
  const refs = ['payment_intent', 'customer'];
  const known: Fields<Thing> = {
    ...fields,
    customer: { type: 'token', isRef: true, of: () => null },
    payment_intent: { type: 'token', of: () => null },
  };
  const customer = { index: 1, value: 'cus_1' };
  const table: readonly (readonly [string, object])[] = [
    ['customer:"cus_1" created>5', { refs: [customer], created: { gt: 5 } }],
    ['created>=5 created>=7 created<9', { refs: [], created: { gte: 7, lt: 9 } }],
    ['created:5', { refs: [], created: { gte: 5, lte: 5 } }],
    ['-customer:"cus_1" -created>5', { refs: [] }],
    ['customer:null created:null', { refs: [] }],
    ['customer:"cus_1" OR created>5', { refs: [] }],
    ['metadata["customer"]:"cus_1"', { refs: [] }],
    ['created>1.5', { refs: [] }],
    ['payment_intent:"pi_1"', { refs: [] }],
  ];
  test.each(table)('%s', (text, expected) => {
    expect(narrowed(parsed(text), known, refs)).toEqual(expected);
  });
});
