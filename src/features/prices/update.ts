import { type Metadata, mergeMetadata } from '../../api/params.ts';
import { command, event } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import { type PriceObject, prices } from './object.ts';

export interface UpdatePrice {
  readonly price: string;
  readonly active?: boolean;
  readonly metadata?: Metadata | null;
  readonly nickname?: string;
  readonly tax_behavior?: string;
}

/** Changes what is said of a price; what it costs never changes. */
export const updatePrice = command({
  name: 'prices.update',
  load: (read, { price }: UpdatePrice) => read.own(prices, price),

  decide({ price: id, metadata, ...fields }: UpdatePrice, price) {
    if (!price) return refuse('no_such_in_path', { object: prices.noun, id, param: 'price' });
    const changed: PriceObject = {
      ...price,
      ...fields,
      ...(metadata !== undefined && { metadata: mergeMetadata(price.metadata, metadata) }),
    };
    return { result: changed, put: [changed], emit: [event('price.updated', changed)] };
  },
});
