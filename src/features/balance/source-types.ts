/** By what kind of payment money came in, as payouts and transfers may ask for it. */
export type SourceType = 'card' | 'bank_account' | 'fpx';

/**
 * Whether a balance can have any money of this type. All of it is `card`, which stands for most payments; `bank_account` is money
 * of Stripe's oldest bank debits, `fpx` of Malaysian banks, and there are no payments by either.
 */
export const isHeld = (sourceType: SourceType): boolean => sourceType === 'card';
