import type { Wire } from '../../api/view.ts';
import type { ProductObject } from './object.ts';

/** A product in full, also one that was deleted: its last event shows what it was. */
export const productWire = (product: ProductObject, { livemode }: { readonly livemode: boolean }): Wire => ({
  id: product.id,
  object: 'product',
  active: product.active,
  created: product.created,
  default_price: product.default_price ?? null,
  description: product.description ?? null,
  images: product.images ?? [],
  livemode,
  marketing_features: product.marketing_features ?? [],
  metadata: product.metadata ?? {},
  name: product.name,
  package_dimensions: product.package_dimensions ?? null,
  shippable: product.shippable ?? null,
  statement_descriptor: product.statement_descriptor ?? null,
  tax_code: null,
  tax_details: null,
  type: product.type,
  unit_label: product.unit_label ?? null,
  updated: product.updated,
  url: product.url ?? null,
});
