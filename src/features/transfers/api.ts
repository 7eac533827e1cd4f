import { amount, currency, form, id, metadata, object, oneOf, optional, text, unsettable } from '../../api/params.ts';
import { create, list, type Route, retrieve, update } from '../../api/route.ts';
import { limits } from '../../data/limits.ts';
import { createTransfer } from './create.ts';
import { updateTransfer } from './update.ts';
import { transferView } from './view.ts';

export const routes: readonly Route[] = [
  create('/v1/transfers', {
    tier: 1,
    summary:
      'Sends money to a connected account; with the Stripe-Account header and the platform as destination it is an account debit.',
    params: form({
      // May be left out with a source_transaction, so the command asks for it.
      amount: optional(amount()),
      currency: currency(),
      description: optional(text({ max: limits.descriptionLengthMax })),
      destination: id(),
      metadata: optional(metadata()),
      // The type is a plain text here, because R74 judges it after the accounts.
      reference_transaction: optional(object({ charge: optional(id()), payout: optional(id()), type: text() })),
      source_transaction: optional(id()),
      source_type: optional(oneOf(['bank_account', 'card', 'fpx'])),
      transfer_group: optional(text({ max: limits.transferGroupLengthMax })),
    }),
    command: createTransfer,
    view: transferView,
  }),
  list('/v1/transfers', transferView, {
    tier: 1,
    summary: 'The transfers that the account sent, newest first.',
    filters: { created: 'created', destination: 'ref', transfer_group: 'ref' },
  }),
  retrieve('/v1/transfers/:transfer', transferView, { tier: 1, param: 'transfer', summary: 'One transfer.' }),
  update('/v1/transfers/:transfer', {
    tier: 1,
    summary: 'Changes the description and metadata of a transfer.',
    params: form({
      description: optional(unsettable(text({ max: limits.descriptionLengthMax }))),
      metadata: optional(metadata()),
    }),
    command: updateTransfer,
    view: transferView,
  }),
];
