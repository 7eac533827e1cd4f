import { refuse } from '../kernel/refusal.ts';
import { Refused } from './errors.ts';
import { isHash, type Value } from './form.ts';

/** What the reference says of a parameter. */
export interface ParamDoc {
  /** `string`, `integer`, `hash` … */
  readonly type: string;
  readonly choices?: readonly string[];
  readonly fields?: Fields;
  /** What is taken when it is not sent. */
  readonly fallback?: string;
  readonly unsettable?: boolean;
}

/** One declared parameter: turns what was sent into a `T`, or throws `Refused` with Stripe's error. */
export interface Param<out T> {
  readonly required: boolean;
  /** False for what we know of Stripe's and refuse. */
  readonly supported: boolean;
  readonly doc: ParamDoc;
  /** Which form of value it takes, by which alternatives are told apart. */
  readonly shape: 'scalar' | 'list' | 'hash' | 'any';
  /** For what was not sent; undefined leaves the key out. */
  readonly fallback?: T;
  /** @param name as the client spelled it: `transfer_data[destination]` */
  parse(value: Value, name: string): T;
  /** Adds the names of what it does not know to `found`. */
  unknown(value: Value, name: string, found: string[]): void;
}

export interface OptionalParam<out T> extends Param<T> {
  readonly required: false;
}

export interface UnsupportedParam extends Param<never> {
  readonly required: false;
  readonly supported: false;
}

export type Fields = { readonly [name: string]: Param<unknown> };

type Supported<F extends Fields> = {
  [K in keyof F]: F[K] extends { readonly supported: false } ? never : K;
}[keyof F];
type Optionals<F extends Fields> = {
  [K in keyof F]: F[K] extends { readonly required: false } ? K : never;
}[keyof F];
type Simple<T> = { [K in keyof T]: T[K] };
type TypeOf<P> = P extends Param<infer T> ? T : never;

/** The parsed type of declared fields: what is optional may be absent, what is not supported never appears. */
export type FieldsOf<F extends Fields> = Simple<
  { readonly [K in Exclude<Supported<F>, Optionals<F>>]: TypeOf<F[K]> } & {
    readonly [K in Extract<Supported<F>, Optionals<F>>]?: TypeOf<F[K]>;
  }
>;

const knowsAll = (): void => {};

/**
 * A parameter that is one text. An empty text means to unset it, which only `unsettable` allows.
 *
 * @param read turns the text into the value
 */
export function scalar<T>(
  type: string,
  read: (text: string, name: string) => T,
  choices?: readonly string[],
): Param<T> {
  return {
    required: true,
    supported: true,
    shape: 'scalar',
    doc: choices ? { type, choices } : { type },
    parse(value, name) {
      if (value === '' || value === null) throw new Refused(refuse('empty_parameter', { name }));
      return read(typeof value === 'string' ? value : writtenOut(value), name);
    },
    unknown: knowsAll,
  };
}

/** How a message shows what was sent. */
export const writtenOut = (value: Value): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** As `scalar`, where a list or a hash is not a string. The database takes no NUL in a text. */
export function string<T>(
  type: string,
  read: (text: string, name: string) => T,
  choices?: readonly string[],
): Param<T> {
  const plain = scalar(type, read, choices);
  return {
    ...plain,
    parse(value, name) {
      if (typeof value === 'object' && value !== null) {
        throw new Refused(refuse('invalid_string', { value: writtenOut(value), param: name }));
      }
      if (typeof value === 'boolean') {
        throw new Refused(refuse('invalid_string', { value: String(value), param: name }));
      }
      if (typeof value === 'string' && value.indexOf('\0') >= 0) {
        throw new Refused(refuse('invalid_string', { value: value.replaceAll('\0', '\\0'), param: name }));
      }
      return plain.parse(value, name);
    },
  };
}

/** The names in `value` that `fields` does not have, and those within the fields it has. */
export function unknownIn(fields: Fields, value: Value, name: string, found: string[]): void {
  if (!isHash(value)) return;
  for (const key in value) {
    const inner = name === '' ? key : `${name}[${key}]`;
    const param = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (param === undefined) found.push(inner);
    else param.unknown(value[key] as Value, inner, found);
  }
}

/** Parses declared fields in the order they are declared in. */
export function parseFields(
  fields: readonly (readonly [string, Param<unknown>])[],
  value: { readonly [name: string]: Value },
  name: string,
): Record<string, unknown> {
  const parsed: Record<string, unknown> = {};
  for (const [key, param] of fields) {
    const sent = value[key];
    if (sent === undefined) {
      if (param.required) {
        throw new Refused(refuse('missing_parameter', { name: name === '' ? key : `${name}[${key}]` }));
      }
      if (param.fallback !== undefined) parsed[key] = param.fallback;
    } else {
      parsed[key] = param.parse(sent, name === '' ? key : `${name}[${key}]`);
    }
  }
  return parsed;
}
