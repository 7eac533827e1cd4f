import { mergeMetadata } from '../../api/params.ts';
import type { CustomerObject } from './object.ts';
import type { UpdateCustomer } from './params.ts';

type Fields = Omit<UpdateCustomer, 'source' | 'default_source'>;

const plain = [
  'address',
  'description',
  'email',
  'name',
  'phone',
  'preferred_locales',
  'shipping',
  'tax_exempt',
] as const satisfies readonly (keyof Fields & keyof CustomerObject)[];

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A hash after a change: what is not sent stays, null takes away; undefined when nothing is left. */
function merged<T extends object>(old: T | undefined, change: object): T | undefined {
  const all = Object.entries({ ...old, ...change }).filter(([, value]) => value !== null && value !== undefined);
  return all.length > 0 ? (Object.fromEntries(all) as T) : undefined;
}

/** The customer with what is said of it; null takes a field away. Its ways to pay are not looked at. */
export function withFields(customer: CustomerObject, params: Fields): CustomerObject {
  const changed: Mutable<{ [K in keyof CustomerObject]: unknown }> = { ...customer };
  for (const name of plain) {
    const value = params[name];
    if (value === null) delete changed[name];
    else if (value !== undefined) changed[name] = value;
  }
  if (params.metadata !== undefined) changed.metadata = mergeMetadata(customer.metadata, params.metadata);
  if (params.invoice_settings) {
    const settings = merged(customer.invoice_settings, params.invoice_settings);
    if (settings) changed.invoice_settings = settings;
    else delete changed.invoice_settings;
  }
  return changed as CustomerObject;
}
