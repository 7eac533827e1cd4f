import { assert } from '../kernel/assert.ts';
import { prefixOf } from '../kernel/id.ts';
import type { Kind, StoredObject } from '../kernel/kind.ts';
import type { StatementLine } from '../store/reader.ts';
import type { Feature } from './feature.ts';
import type { Read, Renderer } from './read.ts';
import type { View, ViewEnv, Wire } from './view.ts';

// biome-ignore lint/suspicious/noExplicitAny: one table holds the views of all kinds
type AnyView = View<any>;

/** How a balance transaction is shown. It is a row of a statement and no stored object, so it has no `View`. */
export type LineView = (line: StatementLine, env: ViewEnv) => Wire;

/** The name of the platform's application, or null without one. */
export type ApplicationName = (read: Read) => Promise<string | null>;

/** All views, by what tells objects apart: the prefix of an id, and `object` on the wire. */
export class Views implements Renderer {
  readonly kindsByObject: ReadonlyMap<string, Kind>;
  readonly #byPrefix = new Map<string, AnyView>();
  readonly #byObject = new Map<string, AnyView>();
  readonly #lineView: LineView | null;
  readonly #applicationName: ApplicationName | null;

  constructor(features: readonly Feature[], lineView: LineView | null, applicationName: ApplicationName | null) {
    this.#lineView = lineView;
    this.#applicationName = applicationName;
    const kinds = features.flatMap((feature) => feature.kinds ?? []);
    this.kindsByObject = new Map(kinds.map((kind) => [kind.object, kind]));
    for (const view of features.flatMap((feature) => feature.views ?? [])) {
      this.#byObject.set(view.kind.object, view);
      for (const prefix of view.kind.prefixes) this.#byPrefix.set(prefix, view);
    }
  }

  byPrefix(prefix: string): AnyView | undefined {
    return this.#byPrefix.get(prefix);
  }

  byObject(object: unknown): AnyView | undefined {
    return typeof object === 'string' ? this.#byObject.get(object) : undefined;
  }

  render(object: StoredObject, env: ViewEnv): Wire {
    const view = this.#byPrefix.get(prefixOf(object.id));
    assert(view !== undefined, `objects like ${object.id} have a view`);
    return view.render(object, env);
  }

  async current<T extends StoredObject>(objects: readonly T[], read: Read): Promise<readonly T[]> {
    const shown = [...objects];
    for (const view of new Set(objects.map(({ id }) => this.#byPrefix.get(prefixOf(id))))) {
      if (!view?.current) continue;
      const places = [...shown.keys()].filter((at) => view.kind.prefixes.includes(prefixOf(shown[at]?.id ?? '')));
      const now: readonly T[] = await view.current(
        places.map((at) => shown[at]),
        read,
      );
      for (const [index, at] of places.entries()) shown[at] = now[index] as T;
    }
    return shown;
  }

  renderLine(line: StatementLine, env: ViewEnv): Wire {
    assert(this.#lineView !== null, 'balance transactions have a view');
    return this.#lineView(line, env);
  }

  get rendersLines(): boolean {
    return this.#lineView !== null;
  }

  /** The platform's application, which is named by its ca_ id alone and stored nowhere. */
  async application(read: Read): Promise<Wire> {
    const name = this.#applicationName === null ? null : await this.#applicationName(read);
    return { id: read.env.application, object: 'application', name };
  }

  /** Renders what is a stored object; what is rendered already (it says its `object`) stays. */
  renderIfStored(value: unknown, env: ViewEnv): unknown {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    if (!('id' in value) || typeof value.id !== 'string' || !('account' in value)) return value;
    if ('livemode' in value || ('object' in value && this.#byObject.has(value.object as string))) return value;
    return this.#byPrefix.get(prefixOf(value.id))?.render(value as StoredObject, env) ?? value;
  }
}
