import { type Grants, permits, type Resource } from '../data/permissions.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Wire } from './view.ts';

/** Errors, wherever they stand: in the answer to a refused request, and in what remembers one. */
const errors: ReadonlySet<string> = new Set(['error', 'last_payment_error', 'last_setup_error', 'setup_error']);

/** Objects that stand in an error, by what it calls them. */
const inErrors: ReadonlyMap<string, Resource> = new Map([
  ['payment_intent', 'payment_intent'],
  ['payment_method', 'payment_method'],
  ['setup_intent', 'setup_intent'],
  ['source', 'payment_method'],
]);

/** What a key may see while one request is answered. What is kept for others is made without it. */
export class Sight {
  readonly #grants: Grants | null;
  readonly #ofWire: (wire: Wire) => Resource | null;
  readonly #lacks: (resource: Resource | null) => Refusal;
  #hasHidden = false;

  /** @param grants null: a secret key, which sees everything */
  constructor(
    grants: Grants | null,
    {
      ofWire,
      lacks,
    }: { readonly ofWire: (wire: Wire) => Resource | null; readonly lacks: (resource: Resource | null) => Refusal },
  ) {
    this.#grants = grants;
    this.#ofWire = ofWire;
    this.#lacks = lacks;
  }

  /** Whether everything may be seen. */
  get isClear(): boolean {
    return this.#grants === null;
  }

  /** Whether anything was left out so far that a secret key would have been shown. */
  get hasHidden(): boolean {
    return this.#hasHidden;
  }

  /** Why an object may not be shown, of which no more than the id may be known; null when it may. */
  refuseToShow(wire: Wire): Refusal | null {
    return this.#grants === null ? null : this.refuseAll(this.#ofWire(wire));
  }

  /** Why nothing may be shown that takes this permission to read; null when it may. */
  refuseAll(resource: Resource | null): Refusal | null {
    if (permits(this.#grants, resource, 'read')) return null;
    this.#hasHidden = true;
    return this.#lacks(resource);
  }

  /** An answer as the key may have it: of objects within errors that it may not read, `id` and `object` alone. */
  cut(wire: Wire): Wire {
    return this.#grants === null ? wire : this.#cut(wire, false);
  }

  #cut(wire: Wire, isError: boolean): Wire {
    const cut = (name: string, value: unknown): unknown => {
      if (Array.isArray(value)) return value.map((each) => cut('', each));
      if (typeof value !== 'object' || value === null) return value;
      if (!isError || permits(this.#grants, inErrors.get(name) ?? null, 'read')) {
        return this.#cut(value as Wire, errors.has(name));
      }
      const { id, object } = value as Wire;
      return { ...(id !== undefined && { id }), ...(object !== undefined && { object }) };
    };
    return Object.fromEntries(Object.entries(wire).map(([name, value]) => [name, cut(name, value)]));
  }

  /**
   * Whether an expanded answer that was made for some other key may be given to this one, which may read all that stands
   * where `expand` could have put something. Where that cannot be told, it may not.
   */
  mayHave(answer: Wire, paths: readonly (readonly string[])[]): boolean {
    return this.#grants === null || paths.every(([first = '', ...rest]) => this.#mayHave(answer[first], rest, false));
  }

  /** @param isPart whether it stands in a hash that is no object, and that may have been put there itself */
  #mayHave(node: unknown, [next, ...rest]: readonly string[], isPart: boolean): boolean {
    if (typeof node !== 'object' || node === null) return !isPart;
    const further = next === undefined ? [] : [next, ...rest];
    if (Array.isArray(node)) return node.every((each) => this.#mayHave(each, further, isPart));
    const wire = node as Wire;
    if (wire.object === 'list') {
      const { data } = wire as { readonly data: readonly unknown[] };
      return data.length > 0 && this.#mayHave(data, next === 'data' ? rest : further, isPart);
    }
    if (wire.id === undefined) return next !== undefined && this.#mayHave(wire[next], rest, true);
    return this.refuseToShow(wire) === null && (next === undefined || this.#mayHave(wire[next], rest, false));
  }
}
