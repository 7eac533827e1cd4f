import { isHash } from '../../api/form.ts';
import { amount, id, object, optional, type Param, text, unsupported } from '../../api/params.ts';
import { limits } from '../../data/limits.ts';
import type { Minor } from '../../kernel/money.ts';
import { address } from '../payment-methods/params.ts';

export const shipping = () =>
  object({
    address: address(),
    carrier: optional(text()),
    name: text(),
    phone: optional(text()),
    tracking_number: optional(text()),
  });

export const description = () => text({ max: limits.descriptionLengthMax });
export const statementDescriptor = () => text({ max: limits.statementDescriptorLengthMax });
export const transferGroup = () => text({ max: limits.transferGroupLengthMax });

/** Where the money of a payment goes on to. */
export const transferData = () =>
  object({
    amount: optional(amount()),
    description: unsupported(),
    destination: id(),
    metadata: unsupported(),
    payment_data: unsupported(),
  });

/** As `transferData`, also in the spelling of old guides: an account's id, or `account` and `amount`. */
export function transferDataOrDestination(): Param<{ readonly destination: string; readonly amount?: Minor }> {
  const current = transferData();
  const old = object({ account: id(), amount: optional(amount()) });
  const account = id();
  const isOld = (value: unknown): boolean => typeof value === 'object' && value !== null && 'account' in value;
  return {
    ...current,
    shape: 'any',
    parse(value, name) {
      if (typeof value === 'string' && value !== '') return { destination: account.parse(value, name) };
      if (!isHash(value) || !isOld(value)) return current.parse(value, name);
      const { account: destination, ...part } = old.parse(value, name);
      return { destination, ...part };
    },
    unknown: (value, name, found) => (isOld(value) ? old : current).unknown(value, name, found),
  };
}

/** What a capture or an update may say of it. */
export const transferPart = () =>
  object({
    amount: optional(amount()),
    description: unsupported(),
    metadata: unsupported(),
    payment_data: unsupported(),
  });
