import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';
import type { UnixSeconds } from '../../kernel/time.ts';

/** What is sold. Its prices are objects of their own. */
export interface ProductObject extends StoredObject {
  readonly id: Id<'prod'>;
  readonly active: boolean;
  readonly name: string;
  readonly type: 'good' | 'service';
  readonly updated: UnixSeconds;
  readonly default_price?: string;
  readonly description?: string;
  readonly images?: readonly string[];
  readonly marketing_features?: readonly { readonly name: string }[];
  readonly metadata?: Readonly<Record<string, string>>;
  readonly package_dimensions?: Readonly<Record<'height' | 'length' | 'weight' | 'width', number>>;
  readonly shippable?: boolean;
  readonly statement_descriptor?: string;
  readonly unit_label?: string;
  readonly url?: string;
  /** It has, or had, a price, so it can not be deleted any more. */
  readonly hasPrices?: true;
  readonly deleted?: true;
}

export const products = kind<ProductObject>({
  no: 60,
  object: 'product',
  prefixes: ['prod'],
  noun: 'product',
  refs: [],
});
