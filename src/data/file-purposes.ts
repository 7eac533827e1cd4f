/**
 * What files are for.
 *
 * uploaded  clients may send files of this purpose; the others the service makes itself
 * linkable  a link that needs no key may be made to them
 * bytesMax  where it is less than what the server takes at all
 *
 * Source: Stripe's published API reference and file upload guide; checked 2026-11-25.
 * Surprise: identity documents cannot be linked to, so that nobody opens them who has no key.
 */
const table = {
  account_requirement: { uploaded: true, linkable: false },
  additional_verification: { uploaded: true, linkable: false },
  business_icon: { uploaded: true, linkable: true },
  business_logo: { uploaded: true, linkable: true },
  customer_signature: { uploaded: true, linkable: true },
  dispute_evidence: { uploaded: true, linkable: true, bytesMax: 5 * 1024 * 1024 },
  finance_report_run: { uploaded: false, linkable: true },
  identity_document: { uploaded: true, linkable: false },
  issuing_regulatory_reporting: { uploaded: true, linkable: true },
  pci_document: { uploaded: true, linkable: true },
  platform_terms_of_service: { uploaded: true, linkable: false },
  tax_document_user_upload: { uploaded: true, linkable: true },
  terminal_android_apk: { uploaded: true, linkable: true },
  terminal_reader_splashscreen: { uploaded: true, linkable: true },
  terminal_wifi_certificate: { uploaded: true, linkable: false },
  terminal_wifi_private_key: { uploaded: true, linkable: false },
} as const satisfies Record<string, FilePurposeRow>;

export interface FilePurposeRow {
  readonly uploaded: boolean;
  readonly linkable: boolean;
  readonly bytesMax?: number;
}

export type FilePurpose = keyof typeof table;

export const filePurposes: Readonly<Record<FilePurpose, FilePurposeRow>> = table;

const purposes = Object.keys(table) as readonly FilePurpose[];

export const uploadedPurposes: readonly FilePurpose[] = purposes.filter((purpose) => filePurposes[purpose].uploaded);

export const linkablePurposes: readonly FilePurpose[] = purposes.filter((purpose) => filePurposes[purpose].linkable);
