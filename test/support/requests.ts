import { readFileSync } from 'node:fs';
import type { Schema } from './openapi.ts';

/** A request as `test/data/openapi-shapes.json` describes it. */
export interface RequestShape {
  readonly method: string;
  /** '/v1/transfers/{transfer}/reversals' */
  readonly path: string;
  readonly tier: 1 | 2 | 3;
  /** Every parameter, the nested ones too; what stands in the path and `expand` are left out. */
  readonly params: readonly ParamShape[];
}

export interface ParamShape {
  /** `transfer_data[destination]`; `[]` of a list, `[…]` of free keys. */
  readonly name: string;
  /** What a client would send to mean this parameter and no other. */
  readonly sent: Sent;
}

/** As `api/form.ts` decodes it: texts, lists and hashes. */
export type Sent = string | readonly Sent[] | { readonly [name: string]: Sent };

interface Described {
  readonly 'x-tier': 1 | 2 | 3;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

const { paths } = JSON.parse(readFileSync(new URL('../data/openapi-shapes.json', import.meta.url), 'utf8')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
};

/** Wraps what is sent for a part into what is sent for the whole. */
type Wrap = (sent: Sent) => Sent;

/** The parts of a parameter, itself not among them. Where it may have several forms, those of each. */
function partsOf(schema: Schema, name: string, wrap: Wrap): ParamShape[] {
  const parts = (schema.anyOf ?? []).flatMap((form) => [
    { name, sent: wrap(sampleOf(form)) },
    ...partsOf(form, name, wrap),
  ]);
  if (schema.items) {
    const inner = `${name}[]`;
    parts.push(...partsOf(schema.items, inner, (sent) => wrap([sent])));
  }
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    parts.push(...shapeOf(property, `${name}[${key}]`, (sent) => wrap({ [key]: sent })));
  }
  if (typeof schema.additionalProperties === 'object') {
    parts.push(...partsOf(schema.additionalProperties, `${name}[…]`, (sent) => wrap({ key: sent })));
  }
  return parts;
}

/** A value of the right shape that names no part. */
function sampleOf(schema: Schema): Sent {
  if (schema.anyOf) return schema.anyOf[0] ? sampleOf(schema.anyOf[0]) : 'x';
  if (schema.items) return [];
  return schema.properties || schema.type === 'object' ? {} : 'x';
}

function shapeOf(schema: Schema, name: string, wrap: Wrap): ParamShape[] {
  return [{ name, sent: wrap(sampleOf(schema)) }, ...partsOf(schema, name, wrap)];
}

function paramsOf({ parameters = [], requestBody }: Described): ParamShape[] {
  const fields: [string, Schema][] = parameters.filter((param) => param.in === 'query').map((p) => [p.name, p.schema]);
  for (const { schema } of Object.values(requestBody?.content ?? {})) {
    fields.push(...Object.entries(schema.properties ?? {}));
  }
  return fields
    .filter(([name]) => name !== 'expand')
    .flatMap(([name, schema]) => shapeOf(schema, name, (sent) => ({ [name]: sent })));
}

/** Every operation that the description has, in its order. */
export const requestShapes: readonly RequestShape[] = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, described]) => ({
    method: method.toUpperCase(),
    path,
    tier: described['x-tier'],
    params: paramsOf(described),
  })),
);
