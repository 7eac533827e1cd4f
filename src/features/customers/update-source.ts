import { mergeMetadata } from '../../api/params.ts';
import { command } from '../../engine/command.ts';
import type { PaymentMethodObject } from '../payment-methods/object.ts';
import { expiry } from './expiring.ts';
import { findSource, noSuchSource, type SourcePlace } from './find-source.ts';
import { sourceNews } from './news.ts';
import type { CustomerBankObject } from './object.ts';
import type { UpdateSource as Params } from './params.ts';
import { isBank } from './source.ts';

export type UpdateSource = Params & SourcePlace;

/** Fields after a change: null takes away, undefined leaves. */
function changed<T extends object>(old: T, change: Readonly<Record<string, unknown>>): T {
  const all = { ...old, ...Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null)) as T;
}

function bankAfter(source: CustomerBankObject, params: UpdateSource): CustomerBankObject {
  const { account_holder_name, account_holder_type } = params;
  const bank = changed(source.bank, { account_holder_name, account_holder_type });
  return { ...source, bank: { ...bank, metadata: mergeMetadata(bank.metadata, params.metadata) } };
}

function cardAfter(source: PaymentMethodObject, params: UpdateSource): PaymentMethodObject {
  const { name, exp_month, exp_year } = params;
  const address = changed<Readonly<Record<string, string>>>(source.card.address ?? {}, {
    city: params.address_city,
    country: params.address_country,
    line1: params.address_line1,
    line2: params.address_line2,
    postal_code: params.address_zip,
    state: params.address_state,
  });
  const hasAddress = Object.keys(address).length > 0;
  const card = changed(source.card, { name, exp_month, exp_year, address: hasAddress ? address : null });
  return { ...source, card, metadata: mergeMetadata(source.metadata, params.metadata) };
}

/** Changes the labels of a customer's card or bank account. */
export const updateSource = command({
  name: 'customers.sources.update',
  load: (read, params: UpdateSource) => findSource(read, params),

  decide(params, found, ctx) {
    const { source: before } = found;
    if (!before) return noSuchSource(params, found);
    const source = isBank(before) ? bankAfter(before, params) : cardAfter(before, params);
    return {
      result: source,
      put: [source],
      emit: [sourceNews('updated', source)],
      schedule: params.exp_month === undefined && params.exp_year === undefined ? [] : expiry(source, ctx.now),
    };
  },
});
