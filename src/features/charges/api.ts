import {
  amount,
  boolean,
  currency,
  either,
  email,
  feeAmount,
  form,
  id,
  integer,
  metadata,
  object,
  oneOf,
  optional,
  text,
  unsettable,
} from '../../api/params.ts';
import { create, list, type Route, retrieve, update } from '../../api/route.ts';
import { search } from '../../api/search/route.ts';
import type { AnyCommand } from '../../engine/command.ts';
import { ignored } from '../payment-methods/params.ts';
import { captureCharge } from './capture.ts';
import { createCharge } from './create.ts';
import { debitByCharge } from './debit.ts';
import {
  description,
  shipping,
  statementDescriptor,
  transferDataOrDestination,
  transferGroup,
  transferPart,
} from './params.ts';
import { searchFields } from './search.ts';
import { updateCharge } from './update.ts';
import { chargeView } from './view.ts';

/** A card as it is typed in, in place of a token. */
const rawCard = object({
  address_city: optional(text()),
  address_country: optional(text()),
  address_line1: optional(text()),
  address_line2: optional(text()),
  address_state: optional(text()),
  address_zip: optional(text()),
  cvc: optional(text()),
  exp_month: integer(),
  exp_year: integer(),
  name: optional(text()),
  number: text(),
  object: optional(oneOf(['card'])),
});

const createParams = form({
  amount: amount(),
  currency: currency(),
  application_fee_amount: optional(feeAmount()),
  capture: optional(boolean()),
  customer: optional(id()),
  description: optional(description()),
  metadata: optional(metadata()),
  on_behalf_of: optional(id()),
  radar_options: ignored(),
  receipt_email: optional(email()),
  shipping: optional(shipping()),
  source: optional(either(id(), rawCard)),
  statement_descriptor: optional(statementDescriptor()),
  statement_descriptor_suffix: optional(statementDescriptor()),
  transfer_data: optional(transferDataOrDestination()),
  transfer_group: optional(transferGroup()),
});

export const routes: readonly Route[] = [
  create('/v1/charges', {
    tier: 1,
    summary: 'Charges a card; with a connected account as source it debits that account.',
    params: createParams,
    aliases: {
      application_fee: 'application_fee_amount',
      card: 'source',
      destination: 'transfer_data',
    },
    // R85: an account instead of a card is a debit, which is another command.
    command: ({ source }): AnyCommand =>
      typeof source === 'string' && source.startsWith('acct_') ? debitByCharge : createCharge,
    view: chargeView,
  }),
  list('/v1/charges', chargeView, {
    tier: 1,
    summary: 'Charges and payments of the account, newest first.',
    filters: { created: 'created', customer: 'ref', payment_intent: 'ref', transfer_group: 'ref' },
  }),
  search('/v1/charges/search', chargeView, searchFields),
  retrieve('/v1/charges/:charge', chargeView, { tier: 1, param: 'id', summary: 'One charge or payment.' }),
  update('/v1/charges/:charge', {
    tier: 1,
    summary: 'Changes the labels of a charge.',
    params: form({
      customer: optional(id()),
      description: optional(unsettable(description())),
      fraud_details: optional(object({ user_report: unsettable(oneOf(['fraudulent', 'safe'])) })),
      metadata: optional(metadata()),
      receipt_email: optional(unsettable(email())),
      shipping: optional(shipping()),
      transfer_group: optional(transferGroup()),
    }),
    command: updateCharge,
    view: chargeView,
  }),
  update('/v1/charges/:charge/capture', {
    tier: 1,
    summary: 'Takes the money of an authorisation; what is not taken is released.',
    params: form({
      amount: optional(amount()),
      application_fee_amount: optional(feeAmount()),
      receipt_email: optional(email()),
      statement_descriptor: optional(statementDescriptor()),
      statement_descriptor_suffix: optional(statementDescriptor()),
      transfer_data: optional(transferPart()),
      transfer_group: optional(transferGroup()),
    }),
    aliases: { application_fee: 'application_fee_amount' },
    command: captureCharge,
    view: chargeView,
  }),
];
