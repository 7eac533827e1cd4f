/**
 * What evidence against a dispute consists of: texts with the most characters that each may have, and files.
 *
 * Source: Stripe's published API reference; checked 2026-11-25.
 * Surprise: all texts together have a limit too. Evidence of special programmes (enhanced_evidence, appeal) is left out.
 */
export const evidenceTexts = {
  access_activity_log: 20_000,
  billing_address: 5000,
  cancellation_policy_disclosure: 20_000,
  cancellation_rebuttal: 20_000,
  customer_email_address: 5000,
  customer_name: 5000,
  customer_purchase_ip: 5000,
  duplicate_charge_explanation: 20_000,
  duplicate_charge_id: 5000,
  product_description: 20_000,
  refund_policy_disclosure: 20_000,
  refund_refusal_explanation: 20_000,
  service_date: 5000,
  shipping_address: 5000,
  shipping_carrier: 5000,
  shipping_date: 5000,
  shipping_tracking_number: 5000,
  uncategorized_text: 20_000,
} as const satisfies Record<string, number>;

export const evidenceFiles = [
  'cancellation_policy',
  'customer_communication',
  'customer_signature',
  'duplicate_charge_documentation',
  'receipt',
  'refund_policy',
  'service_documentation',
  'shipping_documentation',
  'uncategorized_file',
] as const;

/** Characters of all texts together. */
export const evidenceLengthMax = 150_000;

export type EvidenceText = keyof typeof evidenceTexts;
export type EvidenceFile = (typeof evidenceFiles)[number];
export type EvidenceKey = EvidenceText | EvidenceFile;

/** Every key in the order in which it is shown. */
export const evidenceKeys: readonly EvidenceKey[] = [
  ...(Object.keys(evidenceTexts) as EvidenceText[]),
  ...evidenceFiles,
].sort();
