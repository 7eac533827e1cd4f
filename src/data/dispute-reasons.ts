/**
 * Why a cardholder or bank disputes a charge, and the networks' own codes for it.
 *
 * Source: Stripe's published dispute reasons, and the reason codes that Visa and Mastercard publish; checked 2026-11-25.
 * Surprise: reasons of bank debits stand beside those of cards, and no network has a code for them.
 */
export const disputeReasons = {
  bank_cannot_process: {},
  check_returned: {},
  credit_not_processed: { visa: '13.6', mastercard: '4853' },
  customer_initiated: {},
  debit_not_authorized: {},
  duplicate: { visa: '12.6.1', mastercard: '4834' },
  fraudulent: { visa: '10.4', mastercard: '4837' },
  general: {},
  incorrect_account_details: {},
  insufficient_funds: {},
  noncompliant: {},
  product_not_received: { visa: '13.1', mastercard: '4853' },
  product_unacceptable: { visa: '13.3', mastercard: '4853' },
  subscription_canceled: { visa: '13.2', mastercard: '4853' },
  unrecognized: { mastercard: '4863' },
} as const satisfies Record<string, { readonly visa?: string; readonly mastercard?: string }>;

export type DisputeReason = keyof typeof disputeReasons;

export const disputeReasonNames = Object.keys(disputeReasons) as readonly DisputeReason[];

/** @returns null where the network has none, or its codes are not in the table */
export function networkReasonCode(brand: string, reason: DisputeReason): string | null {
  const codes: Readonly<Record<string, string>> = disputeReasons[reason];
  return codes[brand] ?? null;
}
