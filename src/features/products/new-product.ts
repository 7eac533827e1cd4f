import { type Metadata, mergeMetadata } from '../../api/params.ts';
import type { Context } from '../../engine/command.ts';
import type { ProductObject } from './object.ts';

/** What is said of a product; null takes a field away. */
export interface ProductFields {
  readonly active?: boolean;
  readonly default_price?: string;
  readonly description?: string | null;
  readonly images?: readonly string[] | null;
  readonly marketing_features?: ProductObject['marketing_features'] | null;
  readonly metadata?: Metadata | null;
  readonly name?: string;
  readonly package_dimensions?: ProductObject['package_dimensions'] | null;
  readonly shippable?: boolean;
  readonly statement_descriptor?: string;
  readonly type?: ProductObject['type'];
  readonly unit_label?: string | null;
  readonly url?: string | null;
}

const plain = [
  'active',
  'default_price',
  'description',
  'images',
  'marketing_features',
  'name',
  'package_dimensions',
  'shippable',
  'statement_descriptor',
  'type',
  'unit_label',
  'url',
] as const satisfies readonly (keyof ProductFields & keyof ProductObject)[];

export function withFields(product: ProductObject, fields: ProductFields): ProductObject {
  const changed: { -readonly [K in keyof ProductObject]: unknown } = { ...product };
  for (const name of plain) {
    const value = fields[name];
    if (value === null) delete changed[name];
    else if (value !== undefined) changed[name] = value;
  }
  if (fields.metadata !== undefined) changed.metadata = mergeMetadata(product.metadata, fields.metadata);
  return changed as ProductObject;
}

export function newProduct(
  fields: ProductFields & { readonly name: string },
  ctx: Pick<Context, 'account' | 'id' | 'now'>,
): ProductObject {
  return withFields(
    {
      id: ctx.id('prod'),
      account: ctx.account,
      created: ctx.now,
      updated: ctx.now,
      active: true,
      name: fields.name,
      type: 'service',
    },
    fields,
  );
}
