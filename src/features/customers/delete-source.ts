import { command, event } from '../../engine/command.ts';
import { detachedMethod } from '../payment-methods/attachment.ts';
import { findSource, noSuchSource, type SourcePlace } from './find-source.ts';
import { without } from './keep.ts';
import { sourceNews } from './news.ts';
import type { CustomerBankObject } from './object.ts';
import { isBank } from './source.ts';

/** Takes a card or bank account from its customer; the next one becomes the default. */
export const deleteSource = command({
  name: 'customers.sources.delete',
  load: (read, params: SourcePlace) => findSource(read, params),

  decide(params, found) {
    const { customer: before, source } = found;
    if (!before || !source) return noSuchSource(params, found);
    const customer = without(before, source.id);
    const gone = isBank(source) ? ({ ...source, deleted: true } satisfies CustomerBankObject) : detachedMethod(source);
    return {
      result: gone,
      put: [gone, customer],
      emit: [sourceNews('deleted', source), event('customer.updated', customer)],
    };
  },
});
