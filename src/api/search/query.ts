import { type Refusal, refuse } from '../../kernel/refusal.ts';

/**
 * Stripe's search query language: `status:"succeeded" AND -metadata["order"]:null`.
 *
 *     query  = clause { ["AND"] clause } | clause { "OR" clause }
 *     clause = ["-"] field operator value
 *     field  = name { "." name } | metadata["key"]
 *     value  = "text" | 'text' | number | null
 */
export interface Query {
  readonly join: 'and' | 'or';
  readonly clauses: readonly Clause[];
}

export type Operator = ':' | '~' | '>' | '<' | '>=' | '<=';

export interface Clause {
  readonly isNegated: boolean;
  /** `amount`, `billing_details.address.postal_code`; `metadata` with a key. */
  readonly field: string;
  readonly key?: string;
  readonly operator: Operator;
  /** As it was written, without its quotes; null for the word null. */
  readonly value: string | null;
}

const clausesMax = 10;

const space = /\s*/y;
const word = /[a-z][a-z0-9_.]*/iy;
const operator = /:|~|>=|<=|>|</y;
const number = /-?\d+(?:\.\d+)?(?![\w.])/y;
const nothing = /null(?!\w)/iy;
const quoted = /"((?:[^"\\]|\\[\s\S])*)"|'((?:[^'\\]|\\[\s\S])*)'/y;
const joined = /(AND|OR)(?![\w.[:~<>])/iy;

/** Reads from left to right. */
class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#skip();
  }

  get isAtEnd(): boolean {
    return this.#at === this.#text.length;
  }

  /** What stands here, if it is such a thing; the blanks after it are passed over. */
  take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return null;
    this.#at = pattern.lastIndex;
    this.#skip();
    return match;
  }

  takeText(): string | null {
    const match = this.take(quoted);
    return match && (match[1] ?? match[2] ?? '').replaceAll(/\\([\s\S])/g, '$1');
  }

  #skip(): void {
    space.lastIndex = this.#at;
    space.exec(this.#text);
    this.#at = space.lastIndex;
  }
}

function clauseAt(scanner: Scanner): Clause | null {
  const isNegated = scanner.take(/-/y) !== null;
  const field = scanner.take(word)?.[0];
  if (field === undefined) return null;
  const hasKey = scanner.take(/\[/y) !== null;
  const key = hasKey ? scanner.takeText() : undefined;
  if (key === null || (hasKey && scanner.take(/\]/y) === null)) return null;
  const sign = scanner.take(operator)?.[0] as Operator | undefined;
  if (sign === undefined) return null;
  const isNull = scanner.take(nothing) !== null;
  const value = isNull ? null : (scanner.takeText() ?? scanner.take(number)?.[0]);
  if (value === undefined) return null;
  return { isNegated, field, ...(key !== undefined && { key }), operator: sign, value };
}

/** What the text asks for, as far as its grammar goes; which fields there are is another matter. */
export function parseQuery(text: string): Query | Refusal {
  const scanner = new Scanner(text);
  const clauses: Clause[] = [];
  const joins = new Set<Query['join']>();
  do {
    if (clauses.length > 0) joins.add(scanner.take(joined)?.[1]?.toLowerCase() === 'or' ? 'or' : 'and');
    const clause = clauseAt(scanner);
    if (clause === null) return refuse('search_query_unparsable');
    clauses.push(clause);
  } while (!scanner.isAtEnd);
  if (joins.size > 1) return refuse('search_query_invalid', { reason: 'AND and OR cannot be combined in one query' });
  if (clauses.length > clausesMax) {
    return refuse('search_query_invalid', { reason: `it has more than ${clausesMax} clauses` });
  }
  return { join: joins.has('or') ? 'or' : 'and', clauses };
}
