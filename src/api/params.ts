import { type Currency, currencyCodes, isCurrency } from '../data/currencies.ts';
import { limits } from '../data/limits.ts';
import { type Minor, minor } from '../kernel/money.ts';
import { oneOf as listed, refuse } from '../kernel/refusal.ts';
import type { UnixSeconds } from '../kernel/time.ts';
import type { TimeRange } from '../store/reader.ts';
import { Refused } from './errors.ts';
import { isHash, listOf, type Value, type Values } from './form.ts';
import {
  type Fields,
  type FieldsOf,
  type OptionalParam,
  type Param,
  type ParamDoc,
  parseFields,
  scalar,
  string,
  type UnsupportedParam,
  unknownIn,
} from './param.ts';
import { Upload } from './upload.ts';

export { type Metadata, mergeMetadata, metadata } from './metadata.ts';
export type { Fields, OptionalParam, Param, ParamDoc, UnsupportedParam };

/** The parameters of a route. */
export interface Form<out T = unknown> {
  readonly fields: Fields;
  /** @throws Refused  unknown parameters first, then the first field that is missing or wrong, in declared order */
  parse(values: Values): T;
}

/** The parsed type of a form. */
export type ParamsOf<F> = F extends Form<infer T> ? T : never;

/** Declares the parameters of a route: `form({ amount: amount(), description: optional(text()) })`. */
export function form<F extends Fields>(fields: F): Form<FieldsOf<F>> {
  const entries = Object.entries(fields);
  return {
    fields,
    parse(values) {
      const unknown: string[] = [];
      unknownIn(fields, values, '', unknown);
      refuseUnknown(unknown);
      return parseFields(entries, values, '') as FieldsOf<F>;
    },
  };
}

export function refuseUnknown(names: readonly string[]): void {
  const [name] = names;
  if (name === undefined) return;
  if (names.length === 1) throw new Refused(refuse('unknown_parameter', { name }));
  throw new Refused(refuse('unknown_parameters', { names: names.join(', '), param: name }));
}

/** A file of a multipart body. */
export const file = (): Param<Upload> => ({
  required: true,
  supported: true,
  shape: 'any',
  doc: { type: 'file' },
  parse(value, name) {
    if (value instanceof Upload) return value;
    throw new Refused(refuse('invalid_value', { param: name, reason: 'must be a file, sent as multipart/form-data' }));
  },
  unknown: () => {},
});

// ---- single values -----------------------------------------------------------------------------------------------------

/** @param max, min in characters */
export const text = ({
  max = limits.descriptionLengthMax,
  min = 0,
}: {
  max?: number;
  min?: number;
} = {}): Param<string> =>
  string('string', (value, name) => {
    if (value.length > max) throw new Refused(refuse('string_too_long', { param: name, maximum: max }));
    if (value.length < min) {
      throw new Refused(refuse('invalid_value', { param: name, reason: `must be at least ${min} characters` }));
    }
    return value;
  });

/** An object's id. Its prefix is not looked at: an id of another kind simply names nothing. */
export const id = (): Param<string> => string('id', (value) => value);

/** The number that decimal digits with an optional sign stand for, or null. Past 2 ** 53 nothing is exact, so that is null, too. */
function integerIn(value: string): number | null {
  const signed = value.charCodeAt(0) === 43 || value.charCodeAt(0) === 45 ? 1 : 0;
  if (value.length === signed || value.length > signed + 16) return null;
  for (let i = signed; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code < 48 || code > 57) return null;
  }
  const number = Number(value);
  // Adding 0 turns -0 into 0.
  return Number.isSafeInteger(number) ? number + 0 : null;
}

export function integer({
  min,
  max,
  isPositive = false,
}: {
  min?: number;
  max?: number;
  /** As `min: 1`, said in other words. */
  isPositive?: boolean;
} = {}): Param<number> {
  return scalar('integer', (value, name) => {
    const number = integerIn(value);
    if (number === null) throw new Refused(refuse('invalid_integer', { param: name, value }));
    if (isPositive && number < 1) throw new Refused(refuse('invalid_positive_integer', { param: name }));
    if (min !== undefined && number < min) {
      throw new Refused(refuse('integer_too_small', { param: name, minimum: min }));
    }
    if (max !== undefined && number > max) {
      throw new Refused(refuse('integer_too_large', { param: name, maximum: max }));
    }
    return number;
  });
}

/** An amount in the currency's smallest unit: up to twelve digits, so that thousands of them add up exactly. */
export const amount = ({ min = 1 }: { min?: number } = {}): Param<Minor> =>
  amountFrom(integer({ min, max: limits.amountMax }));

/** An amount of which the rules say that it is a positive integer: an application fee (R23). */
export const feeAmount = (): Param<Minor> => amountFrom(integer({ isPositive: true, max: limits.amountMax }));

const amountFrom = (whole: Param<number>): Param<Minor> => ({
  required: true,
  supported: true,
  shape: 'scalar',
  doc: { type: 'amount' },
  parse: (value, name) => minor(whole.parse(value, name)),
  unknown: whole.unknown,
});

/** A number that may have a fraction, such as a percentage. */
export const decimal = ({ min, max }: { min?: number; max?: number } = {}): Param<number> =>
  scalar('decimal', (value, name) => {
    const number = /^[+-]?\d{1,15}(\.\d{1,12})?$/.test(value) ? Number(value) : null;
    if (number === null || (min !== undefined && number < min) || (max !== undefined && number > max)) {
      throw new Refused(
        refuse('invalid_value', { param: name, reason: 'must be a decimal number in the allowed range' }),
      );
    }
    return number;
  });

const supportedCurrencies = currencyCodes.join(', ');

/** Any case comes in, lower case goes on. */
export const currency = (): Param<Currency> =>
  string('currency', (value, name) => {
    if (isCurrency(value)) return value;
    const lower = value.toLowerCase();
    if (isCurrency(lower)) return lower;
    throw new Refused(refuse('invalid_currency', { currency: value, supported: supportedCurrencies, param: name }));
  });

/** Some clients write True and False; 1 and 0 are refused. */
export const boolean = (): Param<boolean> =>
  scalar('boolean', (value, name) => {
    if (value === 'true') return true;
    if (value === 'false') return false;
    const lower = value.toLowerCase();
    if (lower === 'true') return true;
    if (lower === 'false') return false;
    throw new Refused(refuse('invalid_boolean', { param: name, value }));
  });

export const timestamp = (): Param<UnixSeconds> =>
  scalar('timestamp', (value, name) => {
    const number = integerIn(value);
    if (number === null) throw new Refused(refuse('invalid_timestamp', { param: name }));
    return number;
  });

export const oneOf = <const T extends string>(choices: readonly T[]): Param<T> =>
  string(
    'enum',
    (value, name) => {
      if ((choices as readonly string[]).includes(value)) return value as T;
      throw new Refused(refuse('invalid_choice', { param: name, choices: listed(choices) }));
    },
    choices,
  );

export const url = (): Param<string> =>
  string('url', (value, name) => {
    if (!/^https?:\/\//i.test(value) || !URL.canParse(value)) throw new Refused(refuse('invalid_url', { param: name }));
    return value;
  });

export const email = (): Param<string> =>
  string('email', (value, name) => {
    if (value.length > 800 || !/^[^\s@]+@[^\s@]+$/.test(value)) {
      throw new Refused(refuse('invalid_email', { value, param: name }));
    }
    return value;
  });

// ---- values of values --------------------------------------------------------------------------------------------------

export function object<F extends Fields>(fields: F): Param<FieldsOf<F>> {
  const entries = Object.entries(fields);
  return {
    required: true,
    supported: true,
    shape: 'hash',
    doc: { type: 'hash', fields },
    parse(value, name) {
      if (value === '' || value === null) throw new Refused(refuse('empty_parameter', { name }));
      if (!isHash(value)) throw new Refused(refuse('invalid_object', { param: name }));
      return parseFields(entries, value, name) as FieldsOf<F>;
    },
    unknown: (value, name, found) => unknownIn(fields, value, name, found),
  };
}

export const array = <T>(element: Param<T>): Param<T[]> => ({
  required: true,
  supported: true,
  shape: 'list',
  doc: { type: `array of ${element.doc.type}`, ...inside(element) },
  parse(value, name) {
    if (value === '' || value === null) throw new Refused(refuse('empty_parameter', { name }));
    const list = listOf(value);
    if (list === null) throw new Refused(refuse('invalid_array', { param: name }));
    return list.map((each, index) => element.parse(each, `${name}[${index}]`));
  },
  unknown(value, name, found) {
    listOf(value)?.forEach((each, index) => {
      element.unknown(each, `${name}[${index}]`, found);
    });
  },
});

/** Free keys, each with the same form of value: `capabilities[transfers][requested]=true`. */
export const hash = <T>(element: Param<T>): Param<Record<string, T>> => ({
  required: true,
  supported: true,
  shape: 'hash',
  doc: { type: `hash of ${element.doc.type}`, ...inside(element) },
  parse(value, name) {
    if (value === '' || value === null) throw new Refused(refuse('empty_parameter', { name }));
    if (!isHash(value)) throw new Refused(refuse('invalid_object', { param: name }));
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, element.parse(each, `${name}[${key}]`)]),
    );
  },
  unknown(value, name, found) {
    if (!isHash(value)) return;
    for (const key in value) element.unknown(value[key] as Value, `${name}[${key}]`, found);
  },
});

function inside({ doc }: Param<unknown>): Pick<ParamDoc, 'choices' | 'fields'> {
  return { ...(doc.choices && { choices: doc.choices }), ...(doc.fields && { fields: doc.fields }) };
}

/** A bare integer is that second; `[gt] [gte] [lt] [lte]` leave ends open. */
export function range(): Param<TimeRange> {
  const ends = object({
    gt: optional(integer()),
    gte: optional(integer()),
    lt: optional(integer()),
    lte: optional(integer()),
  });
  const exact = integer();
  return {
    required: true,
    supported: true,
    shape: 'any',
    doc: { type: 'integer, or hash with gt, gte, lt, lte' },
    unknown: ends.unknown,
    parse(value, name) {
      if (isHash(value)) return ends.parse(value, name);
      const at = exact.parse(value, name);
      return { gte: at, lte: at };
    },
  };
}

// ---- ways to take a parameter ------------------------------------------------------------------------------------------

/** Need not be sent; the key is then absent. */
export const optional = <T>(param: Param<T>): OptionalParam<T> => ({ ...param, required: false });

/** Need not be sent; `value` is then taken. */
export const withDefault = <T>(param: Param<T>, value: T): Param<T> => ({
  ...param,
  required: false,
  fallback: value,
  doc: { ...param.doc, fallback: String(value) },
});

/** An empty text unsets it: null. Only makes sense within `optional`. */
export const unsettable = <T>(param: Param<T>): Param<T | null> => ({
  ...param,
  doc: { ...param.doc, unsettable: true },
  parse: (value, name) => (value === '' || value === null ? null : param.parse(value, name)),
});

const takes = (param: Param<unknown>, value: Value): boolean => {
  if (param.shape === 'any') return true;
  if (typeof value !== 'object' || value === null) return param.shape === 'scalar';
  return param.shape === 'list' ? listOf(value) !== null : param.shape === 'hash' && !Array.isArray(value);
};

/** Either of two forms, told apart by the shape of what was sent; where both have the same shape, the first that accepts it. */
export function either<P, Q>(first: Param<P>, second: Param<Q>): Param<P | Q> {
  const alternatives = (value: Value): readonly Param<P | Q>[] => {
    const fitting = [first, second].filter((param) => takes(param, value));
    return fitting.length > 0 ? fitting : [first];
  };
  return {
    required: true,
    supported: true,
    shape: first.shape === second.shape ? first.shape : 'any',
    doc: { type: `${first.doc.type} or ${second.doc.type}`, ...inside(second), ...inside(first) },
    parse(value, name) {
      const [one, other] = alternatives(value);
      if (other === undefined) return (one as Param<P | Q>).parse(value, name);
      try {
        return (one as Param<P | Q>).parse(value, name);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        return other.parse(value, name);
      }
    },
    unknown(value, name, found) {
      const unknown = alternatives(value).map((param) => {
        const names: string[] = [];
        param.unknown(value, name, names);
        return names;
      });
      if (unknown.every((names) => names.length > 0)) found.push(...(unknown[0] ?? []));
    },
  };
}

/** A parameter of Stripe's that we know and do not support: sending it is refused. */
export const unsupported = (): UnsupportedParam => ({
  required: false,
  supported: false,
  shape: 'any',
  doc: { type: 'not supported' },
  parse(_, name) {
    throw new Refused(refuse('unsupported_parameter', { param: name }));
  },
  unknown: () => {},
});
