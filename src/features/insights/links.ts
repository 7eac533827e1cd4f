import type { StoredObject } from '../../kernel/kind.ts';

/** From one object to another that it came from or belongs to. */
export interface Link {
  readonly relation: string;
  readonly id: string;
}

/**
 * Which fields of what kind of object lead to its causes, by prefix of its id: relation, then field (with dots where it is
 * nested). Only what never changes stands here, so the chain reads the same for ever.
 */
const leading: Readonly<Record<string, readonly (readonly [relation: string, field: string])[]>> = {
  ch: [
    ['payment_intent', 'payment_intent'],
    ['destination', 'transfer_data.destination'],
    ['on_behalf_of', 'on_behalf_of'],
    ['transfer', 'transfer'],
    ['application_fee', 'application_fee'],
  ],
  py: [
    ['transfer', 'source_transfer'],
    ['paid_by', 'source_account'],
    ['application_fee', 'application_fee'],
  ],
  re: [
    ['charge', 'charge'],
    ['payment_intent', 'payment_intent'],
    ['transfer_reversal', 'transfer_reversal'],
  ],
  pyr: [
    ['charge', 'charge'],
    ['transfer_reversal', 'source_transfer_reversal'],
  ],
  tr: [
    ['destination', 'destination'],
    ['payment', 'destination_payment'],
    ['source_transaction', 'source_transaction'],
    ['reference', 'reference_transaction.charge'],
    ['reference', 'reference_transaction.payout'],
  ],
  trr: [
    ['transfer', 'transfer'],
    ['refund', 'source_refund'],
    ['payment_refund', 'destination_payment_refund'],
  ],
  fee: [
    ['charge', 'charge'],
    ['originating_transaction', 'originating_transaction'],
    ['paid_by', 'payer'],
  ],
  fr: [['application_fee', 'fee']],
  du: [
    ['charge', 'charge'],
    ['payment_intent', 'payment_intent'],
  ],
  po: [
    ['destination', 'destination'],
    ['original_payout', 'original_payout'],
  ],
  rtx: [['stands_for', 'standsFor']],
  cct: [['destination', 'destination']],
};

const valueAt = (object: unknown, field: string): unknown =>
  field
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined,
      object,
    );

/** What an object came from and belongs to. */
export function linksOf(object: StoredObject): readonly Link[] {
  const prefix = object.id.slice(0, object.id.lastIndexOf('_'));
  return (leading[prefix] ?? []).flatMap(([relation, field]) => {
    const id = valueAt(object, field);
    return typeof id === 'string' ? [{ relation, id }] : [];
  });
}
