import { type RefusalRow, refusals } from '../data/refusals.ts';
import { assert } from './assert.ts';

export type RefusalName = keyof typeof refusals;

/** What stands under `error` in the answer: keys alphabetical, absent when they do not apply (never null). */
export interface RefusalError {
  readonly type: RefusalRow['type'];
  readonly message: string;
  readonly code?: string;
  readonly decline_code?: string;
  readonly doc_url?: string;
  readonly param?: string;
  /** The failed charge's id; `payment_intent` and the like are whole objects as the client would read them. */
  readonly charge?: string;
  readonly [key: string]: unknown;
}

/** The user may not. A value, so `decide` returns it and nothing has to be undone. */
export interface Refusal {
  readonly refused: true;
  readonly name: RefusalName;
  readonly status: number;
  readonly error: RefusalError;
}

/** The names between braces in a template: `Placeholders<'No such {object}'>` is `'object'`. */
type Placeholders<Template> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

type Row<N extends RefusalName> = (typeof refusals)[N];
type Variables<N extends RefusalName> = N extends RefusalName
  ? Placeholders<Row<N>['message']> | (Row<N> extends { readonly param: infer Param } ? Placeholders<Param> : never)
  : never;

type Details<N extends RefusalName> = { readonly [Name in Variables<N>]: string | number } & {
  /** As the client spelled it, brackets included; overrides the row's. */
  readonly param?: string;
  /** Further keys of the error object: `charge`, `payment_intent` … */
  readonly extra?: Readonly<Record<string, unknown>>;
};

type Given = Readonly<Record<string, unknown>>;

// As the API's description bounds them: a client's own words come back in both, however many they are.
const messageLengthMax = 40_000;
const paramLengthMax = 5000;

const fill = (template: string, given: Given): string =>
  template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = given[name];
    assert(value !== undefined, `the refusal's template gets its {${name}}`);
    return String(value);
  });

/**
 * An answer that refuses: the row of `data/refusals.ts` with its variables filled in.
 *
 * @param details every {variable} of the row, required by the type; `param` to name another parameter than the row's;
 *                `extra` for whole objects and ids beside them
 */
export function refuse<N extends RefusalName>(
  name: N,
  ...[details]: Record<never, never> extends Details<N> ? [details?: Details<N>] : [details: Details<N>]
): Refusal {
  const row: RefusalRow = refusals[name];
  const given: Given & { readonly param?: string; readonly extra?: Given } = details ?? {};
  const param = given.param ?? (row.param === undefined ? undefined : fill(row.param, given));
  const keys: Record<string, unknown> = {
    ...given.extra,
    type: row.type,
    code: row.code,
    decline_code: row.decline_code,
    doc_url:
      row.code === undefined ? undefined : `https://stripe.com/docs/error-codes/${row.code.replaceAll('_', '-')}`,
    message: fill(row.message, given).slice(0, messageLengthMax),
    param: param?.slice(0, paramLengthMax),
  };
  const present = Object.entries(keys).filter(([, value]) => value !== undefined);
  const error = Object.fromEntries(present.sort(([a], [b]) => (a < b ? -1 : 1))) as unknown as RefusalError;
  return { refused: true, name, status: row.status, error };
}

export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && 'refused' in value && value.refused === true;

/** Choices as messages list them: `charge or payout`, `duplicate, fraudulent, or requested_by_customer`. */
export function oneOf(choices: readonly string[]): string {
  if (choices.length < 3) return choices.join(' or ');
  return `${choices.slice(0, -1).join(', ')}, or ${choices.at(-1)}`;
}
