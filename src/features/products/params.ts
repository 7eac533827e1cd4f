import {
  array,
  boolean,
  decimal,
  id,
  metadata,
  object,
  oneOf,
  optional,
  text,
  unsettable,
  unsupported,
} from '../../api/params.ts';
import { limits } from '../../data/limits.ts';

const features = () => array(object({ name: text({ max: 80 }) }));
const dimension = () => decimal({ min: 0 });

/** What may be said of a product when it is made and later. */
const fields = {
  active: optional(boolean()),
  description: optional(unsettable(text({ max: 40_000 }))),
  images: optional(unsettable(array(text()))),
  marketing_features: optional(unsettable(features())),
  metadata: optional(metadata()),
  package_dimensions: optional(
    unsettable(object({ height: dimension(), length: dimension(), weight: dimension(), width: dimension() })),
  ),
  shippable: optional(boolean()),
  statement_descriptor: optional(text({ max: limits.statementDescriptorLengthMax })),
  tax_code: unsupported(),
  tax_details: unsupported(),
  unit_label: optional(unsettable(text({ max: 12 }))),
  url: optional(unsettable(text())),
} as const;

export const createProductFields = {
  name: text(),
  ...fields,
  // An id is a place of birth here, so nobody can choose one.
  id: unsupported(),
  type: optional(oneOf(['good', 'service'])),
} as const;

export const updateProductFields = { ...fields, default_price: optional(id()), name: optional(text()) } as const;
