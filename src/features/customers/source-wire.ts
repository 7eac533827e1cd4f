import type { Wire } from '../../api/view.ts';
import { externalWire } from '../accounts/external-wire.ts';
import { cardWire } from '../tokens/card-wire.ts';
import { isBank, type SourceObject } from './source.ts';

/** id, object, then alphabetical. */
function ordered({ id, object, ...rest }: Wire): Wire {
  return { id, object, ...Object.fromEntries(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** A customer's card or bank account as the older interface shows it. */
export function sourceWire(source: SourceObject): Wire {
  if (isBank(source)) {
    const { bank, customer } = source;
    return ordered({ ...externalWire(bank), customer, metadata: bank.metadata ?? {} });
  }
  return cardWire(source.id, source.card, {
    customer: source.customer ?? null,
    ...(source.metadata && { metadata: source.metadata }),
  });
}

export const deletedSourceWire = (source: SourceObject): Wire =>
  isBank(source)
    ? { id: source.id, object: 'bank_account', currency: source.bank.currency, deleted: true }
    : { id: source.id, object: 'card', deleted: true };
