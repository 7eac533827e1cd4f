import type { Currency } from '../../data/currencies.ts';
import type { Id } from '../../kernel/id.ts';
import { kind, type StoredObject } from '../../kernel/kind.ts';
import type { Minor } from '../../kernel/money.ts';

/** A hold (amount < 0) or release (amount > 0) of the platform's money; owned by the platform. */
export interface ReserveTransactionObject extends StoredObject {
  readonly id: Id<'rtx'>;
  readonly amount: Minor;
  readonly currency: Currency;
  readonly description: string;
  /** The connected account it stands against. */
  readonly standsFor: string;
}

export const reserveTransactions = kind<ReserveTransactionObject>({
  no: 15,
  object: 'reserve_transaction',
  prefixes: ['rtx'],
  noun: 'reserve transaction',
  refs: ['standsFor'],
});

/** The end of a debt: what the platform paid for a connected account after 180 days; owned by the platform. */
export interface CollectionTransferObject extends StoredObject {
  readonly id: Id<'cct'>;
  readonly amount: Minor;
  readonly currency: Currency;
  readonly destination: string;
}

export const collectionTransfers = kind<CollectionTransferObject>({
  no: 16,
  object: 'connect_collection_transfer',
  prefixes: ['cct'],
  noun: 'connect collection transfer',
  refs: ['destination'],
});
