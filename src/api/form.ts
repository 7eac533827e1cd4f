import { unescape as lenient } from 'node:querystring';
import { refuse } from '../kernel/refusal.ts';
import { Refused } from './errors.ts';
import { Upload } from './upload.ts';

/**
 * A decoded parameter. Form bodies and queries hold strings, lists and hashes; JSON bodies numbers, booleans and null, too; multipart bodies files.
 * Hashes have no prototype, so no name is special. `a[0]=x` is a hash with the key 0: whether it is meant as a list only
 * the parameter can tell, since `metadata[7]=x` is none. See `listOf`.
 */
export type Value = string | number | boolean | null | Upload | Value[] | Values;
export type Values = { [name: string]: Value };

// What a 1 MiB body could hold otherwise is half a million parameters.
export const pairsMax = 5000;
const depthMax = 10;
// Whatever walks a value calls itself at each level, and the stack has an end.
const jsonDepthMax = 32;

export const newValues = (): Values => Object.create(null) as Values;

export const isHash = (value: Value): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Upload);

const isIndex = (name: string): boolean => {
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    if (code < 48 || code > 57) return false;
  }
  return name !== '';
};

/** The elements of `a[]=x` or `a[0]=x`, in the order of their indexes with gaps closed; null when it is no list. */
export function listOf(value: Value): readonly Value[] | null {
  if (Array.isArray(value)) return value;
  if (!isHash(value)) return null;
  const names = Object.keys(value);
  if (!names.every(isIndex)) return null;
  // Indexes past 2 ** 32 - 2 are no array indexes to JavaScript and would stand in the order they came in.
  return names.sort((a, b) => Number(a) - Number(b)).map((name) => value[name] as Value);
}

function decode(text: string): string {
  if (text.indexOf('%') < 0) return text.indexOf('+') < 0 ? text : text.replaceAll('+', ' ');
  const spaced = text.indexOf('+') < 0 ? text : text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return lenient(spaced);
  }
}

/** 'a', 'b', '' for `a[b][]`; null for a name that is not spelled so. */
function segmentsOf(name: string): string[] | null {
  let open = name.indexOf('[');
  if (open <= 0) return null;
  const head = name.slice(0, open);
  if (head.indexOf(']') >= 0) return null;
  const segments = [head];
  while (open < name.length) {
    if (name[open] !== '[') return null;
    const close = name.indexOf(']', open);
    if (close < 0) return null;
    const segment = name.slice(open + 1, close);
    if (segment.indexOf('[') >= 0 || segments.length === depthMax) return null;
    segments.push(segment);
    open = close + 1;
  }
  return segments;
}

type Holder = { [name: string]: Value };

/** A list whose next element comes by index becomes the hash of its indexes, so that both spellings meet. */
const indexed = (list: readonly Value[]): Values => Object.assign(newValues(), list);

/** What the path goes on in, made if it is not there; a scalar in its place gives way, since the last one wins. */
function enter(holder: Holder, name: string, next: string): Values | Value[] {
  const inside = holder[name];
  if (next === '') {
    if (Array.isArray(inside)) return inside;
    if (inside !== undefined && isHash(inside)) return inside;
    const list: Value[] = [];
    set(holder, name, list);
    return list;
  }
  if (inside !== undefined && isHash(inside)) return inside;
  const hash = Array.isArray(inside) ? indexed(inside) : newValues();
  set(holder, name, hash);
  return hash;
}

/**
 * Whether the rest of a path would land on something that the last element of a list has: then it begins the next
 * element (`a[][b]=1&a[][c]=2&a[][b]=3` are two).
 */
function taken(element: Value, path: readonly string[], from: number): boolean {
  let inside: Value | undefined = element;
  for (let i = from; i < path.length; i++) {
    const name = path[i] as string;
    if (name === '') return false;
    if (inside === undefined || !isHash(inside)) return inside !== undefined;
    inside = inside[name];
  }
  return inside !== undefined;
}

function put(values: Values, path: readonly string[], value: Value): void {
  let holder: Holder = values;
  let name = path[0] as string;
  for (let i = 1; i < path.length; i++) {
    const next = path[i] as string;
    const inside = enter(holder, name, next);
    if (next !== '') {
      holder = inside as Values;
      name = next;
      continue;
    }
    // An element without a name: the last one as long as it lacks what comes, otherwise a new one at the end.
    const count = Array.isArray(inside) ? inside.length : nextIndex(inside);
    const last = Array.isArray(inside) ? inside[count - 1] : inside[count - 1];
    const goesOn = i + 1 < path.length && last !== undefined && isHash(last) && !taken(last, path, i + 1);
    holder = inside as unknown as Holder;
    name = String(goesOn ? count - 1 : count);
  }
  set(holder, name, value);
}

/** Adds one decoded pair. A malformed name is the name of a parameter that no form knows. */
export function addValue(values: Values, name: string, value: Value): void {
  const path = name.indexOf('[') < 0 ? null : segmentsOf(name);
  if (path === null) values[name] = value;
  else put(values, path, value);
}

// Kept, because looking through all names for each nameless element takes the square of their number.
const nexts = new WeakMap<Values, number>();

/** What the next nameless element of a hash of indexes is called. */
function nextIndex(hash: Values): number {
  const known = nexts.get(hash);
  if (known !== undefined) return known;
  const next = Object.keys(hash).reduce((most, name) => Math.max(most, after(name)), 0);
  nexts.set(hash, next);
  return next;
}

const after = (name: string): number => (isIndex(name) ? Number(name) + 1 : 0);

function set(holder: Holder, name: string, value: Value): void {
  holder[name] = value;
  const next = nexts.get(holder);
  if (next !== undefined) nexts.set(holder, Math.max(next, after(name)));
}

/**
 * Decodes a form body or a query string. Never fails on what it is sent: a malformed name (`a[b[c]]=1`) is a parameter of
 * that very name, which no form knows; of a repeated scalar the last wins.
 *
 * @throws Refused  for more parameters than anyone means
 */
export function decodeForm(text: string): Values {
  const values = newValues();
  let count = 0;
  for (let start = 0; start < text.length; ) {
    let end = text.indexOf('&', start);
    if (end < 0) end = text.length;
    if (end > start) {
      if (++count > pairsMax) throw new Refused(refuse('invalid_body'));
      const equals = text.indexOf('=', start);
      const nameEnd = equals < 0 || equals > end ? end : equals;
      const name = decode(text.slice(start, nameEnd));
      const value = nameEnd === end ? '' : decode(text.slice(nameEnd + 1, end));
      addValue(values, name, value);
    }
    start = end + 1;
  }
  return values;
}

const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((each) => isDeeper(each, levels - 1)));

/** A JSON body as values; the outermost has no prototype either. */
export function decodeJson(text: string): Values {
  let body: unknown;
  try {
    body = text === '' ? {} : JSON.parse(text);
  } catch {
    throw new Refused(refuse('invalid_json_body'));
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body) || isDeeper(body, jsonDepthMax)) {
    throw new Refused(refuse('invalid_json_body'));
  }
  return Object.assign(newValues(), body) as Values;
}

/** The values as one text that does not depend on their order: what two requests are compared by. */
export function canonical(value: Value): string {
  if (typeof value !== 'object' || value === null || value instanceof Upload) return JSON.stringify(value);
  const hash: Values = Array.isArray(value) ? indexed(value) : value;
  let text = '{';
  for (const name of Object.keys(hash).sort()) text += `${JSON.stringify(name)}:${canonical(hash[name] as Value)},`;
  return `${text}}`;
}
