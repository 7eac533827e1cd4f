import type { StoredObject } from '../../kernel/kind.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import type { TimeRange } from '../../store/reader.ts';
import type { Clause, Operator, Query } from './query.ts';

/**
 * A field that can be searched by.
 *
 * token    is compared whole
 * string   also by a part of it
 * numeric  also by size
 */
export interface Field<T> {
  readonly type: 'token' | 'string' | 'numeric';
  /** An id of which the database knows where it stands; ids are what they are, in capitals or not. */
  readonly isRef?: true;
  /** Undefined and null are the same: it has none. */
  readonly of: (object: T) => unknown;
}

/** The fields of a resource by name; metadata, which all have, is no name among them. */
export type Fields<T> = { readonly [name: string]: Field<T> };

type Labelled = StoredObject & { readonly metadata?: Readonly<Record<string, string>> };
type Test<T> = (object: T) => boolean;

/** The shortest part that is searched for. */
const partLengthMin = 3;

const comparisons: { readonly [sign in Operator]?: (one: number, other: number) => boolean } = {
  ':': (one, other) => one === other,
  '>': (one, other) => one > other,
  '<': (one, other) => one < other,
  '>=': (one, other) => one >= other,
  '<=': (one, other) => one <= other,
};

const invalid = (reason: string): Refusal => refuse('search_query_invalid', { reason });

/** How a clause is spelled in a message. */
const nameOf = ({ field, key }: Clause): string => (key === undefined ? field : `${field}["${key}"]`);

/** Upper and lower case are the same. */
const plain = (value: unknown): string => String(value).toLowerCase();

function numericTest(clause: Clause, of: (object: never) => unknown): Test<never> | Refusal {
  const { operator, value } = clause;
  const compare = comparisons[operator];
  if (!compare) return invalid(`\`${operator}\` does not go with \`${nameOf(clause)}\`, which is a number`);
  const wanted = Number(value);
  if (value?.trim() === '' || !Number.isFinite(wanted)) {
    return invalid(`\`${nameOf(clause)}\` is a number, and \`${value}\` is none`);
  }
  return (object) => {
    const is = of(object);
    return typeof is === 'number' && compare(is, wanted);
  };
}

function textTest(clause: Clause, { type, of }: Field<never>): Test<never> | Refusal {
  const { operator, value } = clause;
  const wanted = plain(value);
  if (operator === ':') {
    return (object) => {
      const is = of(object);
      return is !== undefined && is !== null && plain(is) === wanted;
    };
  }
  if (operator !== '~' || type !== 'string') return invalid(`\`${operator}\` does not go with \`${nameOf(clause)}\``);
  if (wanted.length < partLengthMin) return invalid(`\`~\` needs a value of at least ${partLengthMin} characters`);
  return (object) => {
    const is = of(object);
    return typeof is === 'string' && plain(is).includes(wanted);
  };
}

const labelIn = (metadata: Labelled['metadata'], key: string | undefined): string | undefined =>
  metadata && key !== undefined && Object.hasOwn(metadata, key) ? metadata[key] : undefined;

function testOf<T extends Labelled>(clause: Clause, fields: Fields<T>, resource: string): Test<T> | Refusal {
  const { field: name, key, operator, value } = clause;
  const labelled: Field<T> = { type: 'token', of: ({ metadata }) => labelIn(metadata, key) };
  const field = key === undefined ? Object.hasOwn(fields, name) && fields[name] : name === 'metadata' && labelled;
  if (!field) {
    return refuse('search_field_unsupported', {
      field: nameOf(clause),
      resource,
      page: resource.replaceAll('_', ''),
    });
  }
  const { of } = field;
  const test: Test<T> | Refusal =
    value === null
      ? operator === ':'
        ? (object) => (of(object) ?? null) === null
        : invalid(`\`${operator}\` does not go with null`)
      : field.type === 'numeric'
        ? (numericTest(clause, of) as Test<T> | Refusal)
        : (textTest(clause, field as Field<never>) as Test<T> | Refusal);
  return isRefusal(test) || !clause.isNegated ? test : (object) => !test(object);
}

/** Whether an object is what a query asks for. */
export function matcherOf<T extends Labelled>(
  { clauses, join }: Query,
  fields: Fields<T>,
  resource: string,
): Test<T> | Refusal {
  const tests: Test<T>[] = [];
  for (const clause of clauses) {
    const test = testOf(clause, fields, resource);
    if (isRefusal(test)) return test;
    tests.push(test);
  }
  return join === 'and'
    ? (object) => tests.every((test) => test(object))
    : (object) => tests.some((test) => test(object));
}

const ends: { readonly [sign in Operator]?: readonly (keyof TimeRange)[] } = {
  ':': ['gte', 'lte'],
  '>': ['gt'],
  '<': ['lt'],
  '>=': ['gte'],
  '<=': ['lte'],
};

/** What the database can tell by itself of what every answer has to be: when it was made, and values that it filters by. */
export function narrowed<T>(
  { clauses, join }: Query,
  fields: Fields<T>,
  refs: readonly string[],
): { readonly created?: TimeRange; readonly refs: readonly { readonly index: number; readonly value: string }[] } {
  const musts = join === 'or' && clauses.length > 1 ? [] : clauses.filter(({ isNegated }) => !isNegated);
  const created: { -readonly [end in keyof TimeRange]?: number } = {};
  const found: { index: number; value: string }[] = [];
  for (const { field, key, operator, value } of musts) {
    if (value === null || key !== undefined) continue;
    if (operator === ':' && fields[field]?.isRef) found.push({ index: refs.indexOf(field), value });
    if (field !== 'created' || !Number.isSafeInteger(Number(value))) continue;
    for (const end of ends[operator] ?? []) {
      const other = created[end];
      const isUpper = end === 'lt' || end === 'lte';
      const both = other === undefined ? [Number(value)] : [Number(value), other];
      created[end] = isUpper ? Math.min(...both) : Math.max(...both);
    }
  }
  return { refs: found, ...(Object.keys(created).length > 0 && { created }) };
}
