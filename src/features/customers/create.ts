import { type Context, command, type Due, type EventDraft, event, type Reader } from '../../engine/command.ts';
import type { StoredObject } from '../../kernel/kind.ts';
import { isRefusal, refuse } from '../../kernel/refusal.ts';
import { attachMethod } from '../payment-methods/attachment.ts';
import { findMethod, resolveMethod } from '../payment-methods/find.ts';
import { testClocks } from '../test-clocks/object.ts';
import { expiry } from './expiring.ts';
import { withFields } from './fields.ts';
import { sourceNews } from './news.ts';
import type { CustomerObject } from './object.ts';
import type { CreateCustomer } from './params.ts';
import { findToken, newSource, withSource } from './source.ts';

const load = (read: Reader, params: CreateCustomer) => ({
  token: findToken(read, params.source),
  found: findMethod(read, params.payment_method === undefined ? {} : { payment_method: params.payment_method }),
  clock: params.test_clock === undefined ? undefined : read.find(testClocks, params.test_clock),
});

function newCustomer(params: CreateCustomer, ctx: Context): CustomerObject {
  const id = ctx.id('cus');
  const bare: CustomerObject = {
    id,
    account: ctx.account,
    created: ctx.now,
    invoice_prefix: ctx.secret(id, 8).toUpperCase(),
    methods: [],
    sources: [],
    ...(params.test_clock !== undefined && { test_clock: params.test_clock }),
  };
  return withFields(bare, params);
}

/** Somebody who pays, with a first way to pay if one comes along. */
export const createCustomer = command({
  name: 'customers.create',
  load,

  decide(params: CreateCustomer, { token, found, clock }: ReturnType<typeof load>, ctx) {
    const { source, payment_method, test_clock } = params;
    if (test_clock !== undefined && (!clock || clock.deleted)) {
      return refuse('no_such', { object: testClocks.noun, id: test_clock, param: 'test_clock' });
    }
    let customer = newCustomer(params, ctx);
    const put: StoredObject[] = [];
    const emit: EventDraft[] = [];
    const schedule: Due[] = [];
    if (payment_method !== undefined) {
      const resolved = resolveMethod({ payment_method }, found, ctx);
      if (isRefusal(resolved)) return resolved;
      const attached = resolved && attachMethod(resolved.method, customer, ctx);
      if (isRefusal(attached)) return attached;
      if (attached) {
        customer = attached.customer;
        put.push(attached.method);
        emit.push(event('payment_method.attached', attached.method));
      }
    }
    const preferred = params.invoice_settings?.default_payment_method;
    if (preferred && preferred !== payment_method) {
      return refuse('payment_method_of_other_customer', {
        id: preferred,
        param: 'invoice_settings[default_payment_method]',
      });
    }
    if (preferred)
      customer = withFields(customer, { invoice_settings: { default_payment_method: customer.methods[0] ?? '' } });
    if (source !== undefined) {
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
      emit: [event('customer.created', customer), ...emit],
      schedule,
    };
  },
});
