import { embeddedList, view, type Wire } from '../../api/view.ts';
import { reversalWire } from '../transfer-reversals/wire.ts';
import { type TransferObject, transfers } from './object.ts';

function reversalsWire({ id, account, currency, reversals }: TransferObject): Wire {
  const newest = reversals?.newest ?? [];
  return embeddedList(
    `/v1/transfers/${id}/reversals`,
    newest.map((kept) => reversalWire({ ...kept, account, currency, transfer: id })),
    reversals?.total ?? 0,
  );
}

export const transferView = view({
  kind: transfers,
  expandable: ['balance_transaction', 'destination', 'destination_payment', 'source_transaction'],
  render: (transfer, { livemode }) => ({
    id: transfer.id,
    object: 'transfer',
    amount: transfer.amount,
    amount_reversed: transfer.amount_reversed,
    balance_transaction: transfer.balance_transaction,
    created: transfer.created,
    currency: transfer.currency,
    description: transfer.description ?? null,
    destination: transfer.destination,
    destination_payment: transfer.destination_payment,
    livemode,
    metadata: transfer.metadata ?? {},
    // Only an account debit that named one has the key at all (R90).
    ...(transfer.reference_transaction && { reference_transaction: transfer.reference_transaction }),
    reversals: reversalsWire(transfer),
    reversed: transfer.reversed,
    source_transaction: transfer.source_transaction ?? null,
    source_type: transfer.source_type,
    transfer_group: transfer.transfer_group ?? null,
  }),
});
