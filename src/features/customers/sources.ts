import type { Read } from '../../api/read.ts';
import { paymentMethods } from '../payment-methods/object.ts';
import { customerBanks } from './object.ts';
import type { SourceObject } from './source.ts';

/** The cards and bank accounts of these ids, in their order. */
export async function sourcesOf(read: Read, ids: readonly string[]): Promise<readonly SourceObject[]> {
  const [cards, banks] = await Promise.all([read.many(paymentMethods, ids), read.many(customerBanks, ids)]);
  return ids.map((_, index) => cards[index] ?? banks[index]).filter((source) => source != null);
}
