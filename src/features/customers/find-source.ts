import type { Reader } from '../../engine/command.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { paymentMethods } from '../payment-methods/object.ts';
import { findCustomer, noSuchCustomerInPath } from './keep.ts';
import { type CustomerObject, customerBanks } from './object.ts';
import type { SourceObject } from './source.ts';

/** How a route names a source: `/v1/customers/:customer/sources/:id`. */
export interface SourcePlace {
  readonly customer: string;
  readonly id: string;
}

export interface FoundSource {
  readonly customer: CustomerObject | undefined;
  readonly source: SourceObject | undefined;
}

export function findSource(read: Reader, { customer: customerId, id }: SourcePlace): FoundSource {
  const customer = findCustomer(read, customerId);
  const isKept = customer?.sources.includes(id) || customer?.methods.includes(id);
  const source = isKept ? (read.own(customerBanks, id) ?? read.own(paymentMethods, id)) : undefined;
  return { customer, source };
}

/** Why the route names nothing. */
export const noSuchSource = ({ customer: customerId, id }: SourcePlace, { customer }: FoundSource): Refusal =>
  customer ? refuse('no_such_in_path', { object: 'source', id, param: 'id' }) : noSuchCustomerInPath(customerId);
