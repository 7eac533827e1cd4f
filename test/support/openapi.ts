import { readFileSync } from 'node:fs';

/** As much of an OpenAPI 3.0 schema as `test/data/openapi-shapes.json` uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly 'x-expansionResources'?: unknown;
}

interface Answer {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

interface Description {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, Answer>> }>>>
  >;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** One method of one path: what a successful answer looks like. */
export interface Operation {
  readonly key: string; // 'POST /v1/transfers/{id}/reversals'
  readonly answer: Schema;
}

interface Route {
  readonly pattern: RegExp;
  readonly templated: number;
  readonly operations: ReadonlyMap<string, Operation>;
}

const description = JSON.parse(
  readFileSync(new URL('../data/openapi-shapes.json', import.meta.url), 'utf8'),
) as Description;

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function routeOf(path: string): Route {
  const segments = path.split('/');
  const templated = segments.filter((segment) => segment.startsWith('{')).length;
  const pattern = segments.map((segment) => (segment.startsWith('{') ? '[^/]+' : escaped(segment))).join('/');
  const operations = new Map<string, Operation>();
  for (const [method, { responses }] of Object.entries(description.paths[path]!)) {
    const answer = responses['200']?.content?.['application/json']?.schema;
    const key = `${method.toUpperCase()} ${path}`;
    if (answer) operations.set(method.toUpperCase(), { key, answer });
  }
  return { pattern: new RegExp(`^${pattern}$`), templated, operations };
}

// Literal paths before templated ones: /v1/charges/search is not a charge with the id `search`.
const routes = Object.keys(description.paths)
  .map(routeOf)
  .sort((one, other) => one.templated - other.templated);

/** The operation that serves `method` on `path` (without query), or undefined if the API has none. */
export function operationFor(method: string, path: string): Operation | undefined {
  for (const route of routes) {
    const operation = route.pattern.test(path) ? route.operations.get(method.toUpperCase()) : undefined;
    if (operation) return operation;
  }
  return undefined;
}

/** A named schema; undefined if the description does not know the name. */
export function component(name: string): Schema | undefined {
  return description.components.schemas[name];
}

/** '#/components/schemas/charge' → 'charge' */
export function nameOf(ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1);
}
