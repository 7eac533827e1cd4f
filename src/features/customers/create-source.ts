import { mergeMetadata } from '../../api/params.ts';
import { command, event, type Reader } from '../../engine/command.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { expiry } from './expiring.ts';
import { findCustomer, noSuchCustomerInPath, refuseMore } from './keep.ts';
import { sourceNews } from './news.ts';
import type { CreateSource as Params } from './params.ts';
import { findToken, isBank, newSource, type SourceObject, withSource } from './source.ts';

export type CreateSource = Params & { readonly customer: string };

const load = (read: Reader, params: CreateSource) => ({
  customer: findCustomer(read, params.customer),
  token: findToken(read, params.source),
});

const withMetadata = (source: SourceObject, metadata: CreateSource['metadata']): SourceObject => {
  if (!metadata) return source;
  return isBank(source)
    ? { ...source, bank: { ...source.bank, metadata: mergeMetadata(source.bank.metadata, metadata) } }
    : { ...source, metadata: mergeMetadata(source.metadata, metadata) };
};

/** Gives a customer a card or bank account; its first one is the default. */
export const createSource = command({
  name: 'customers.sources.create',
  load,

  decide(params: CreateSource, { customer: before, token }: ReturnType<typeof load>, ctx) {
    if (!before) return noSuchCustomerInPath(params.customer);
    const tooMany = refuseMore(before);
    if (tooMany) return tooMany;
    const made = newSource(params.source, token, before, ctx);
    if (isRefusal(made)) return made;
    const source = withMetadata(made.source, params.metadata);
    const customer = withSource(before, source.id, false);
    return {
      result: source,
      put: [source, customer, ...made.put],
      emit: [sourceNews('created', source), event('customer.updated', customer)],
      schedule: expiry(source, ctx.now),
    };
  },
});
