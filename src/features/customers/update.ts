import { command, type Due, type EventDraft, event, type Reader } from '../../engine/command.ts';
import type { StoredObject } from '../../kernel/kind.ts';
import { isRefusal, refuse } from '../../kernel/refusal.ts';
import { expiry } from './expiring.ts';
import { withFields } from './fields.ts';
import { findCustomer, noSuchCustomerInPath, refuseMore } from './keep.ts';
import { sourceNews } from './news.ts';
import type { UpdateCustomer as Params } from './params.ts';
import { findToken, newSource, withSource } from './source.ts';

export type UpdateCustomer = Params & { readonly customer: string };

const load = (read: Reader, params: UpdateCustomer) => ({
  customer: findCustomer(read, params.customer),
  token: findToken(read, params.source),
});

/** Changes what is said of a customer, and which of its ways to pay are taken first. */
export const updateCustomer = command({
  name: 'customers.update',
  load,

  decide(params: UpdateCustomer, { customer: before, token }: ReturnType<typeof load>, ctx) {
    if (!before) return noSuchCustomerInPath(params.customer);
    const preferred = params.invoice_settings?.default_payment_method;
    if (preferred && !before.methods.includes(preferred) && !before.sources.includes(preferred)) {
      const param = 'invoice_settings[default_payment_method]';
      return refuse('payment_method_of_other_customer', { id: preferred, param });
    }
    const { default_source, source } = params;
    if (default_source !== undefined && !before.sources.includes(default_source)) {
      return refuse('no_such', { object: 'source', id: default_source, param: 'default_source' });
    }
    let customer = withFields(before, params);
    if (default_source !== undefined) customer = { ...customer, default_source };
    const put: StoredObject[] = [];
    const emit: EventDraft[] = [];
    const schedule: Due[] = [];
    if (source !== undefined) {
      const tooMany = refuseMore(before);
      if (tooMany) return tooMany;
      const made = newSource(source, token, customer, ctx);
      if (isRefusal(made)) return made;
      customer = withSource(customer, made.source.id, true);
      put.push(made.source, ...made.put);
      emit.push(sourceNews('created', made.source));
      schedule.push(...expiry(made.source, ctx.now));
    }
    return {
      result: customer,
      put: [customer, ...put],
      emit: [...emit, event('customer.updated', customer)],
      schedule,
    };
  },
});
