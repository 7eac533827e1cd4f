import { view } from '../../api/view.ts';
import { collectionTransfers, reserveTransactions } from './object.ts';

export const reserveTransactionView = view({
  kind: reserveTransactions,
  expandable: [],
  render: ({ id, amount, currency, description }) => ({
    id,
    object: 'reserve_transaction',
    amount,
    currency,
    description,
  }),
});

export const collectionTransferView = view({
  kind: collectionTransfers,
  expandable: ['destination'],
  render: ({ id, amount, currency, destination }, { livemode }) => ({
    id,
    object: 'connect_collection_transfer',
    amount,
    currency,
    destination,
    livemode,
  }),
});
