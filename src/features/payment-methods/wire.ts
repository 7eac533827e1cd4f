import type { Wire } from '../../api/view.ts';
import type { CardDetails, PaymentMethodObject } from './object.ts';

type Given = Readonly<Record<string, unknown>>;

/** An address with all its keys. */
export const addressWire = (address: Given | null | undefined): Wire => ({
  city: address?.city ?? null,
  country: address?.country ?? null,
  line1: address?.line1 ?? null,
  line2: address?.line2 ?? null,
  postal_code: address?.postal_code ?? null,
  state: address?.state ?? null,
});

export const billingDetailsWire = (details: Given | undefined): Wire => ({
  address: addressWire(details?.address as Given | undefined),
  email: details?.email ?? null,
  name: details?.name ?? null,
  phone: details?.phone ?? null,
  tax_id: details?.tax_id ?? null,
});

/** What the bank said of the details that were entered. */
export const checksWire = ({ cvc_check }: Pick<CardDetails, 'cvc_check'>, billing: Given | undefined): Wire => {
  const address = billing?.address as Given | undefined;
  return {
    address_line1_check: address?.line1 ? 'pass' : null,
    address_postal_code_check: address?.postal_code ? 'pass' : null,
    cvc_check: cvc_check ?? null,
  };
};

/** A payment method as it stands by itself, and inside the error of a payment that it failed. */
export const paymentMethodWire = (method: PaymentMethodObject, { livemode }: { readonly livemode: boolean }): Wire => {
  const { card } = method;
  return {
    id: method.id,
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: billingDetailsWire(method.billing_details),
    card: {
      brand: card.brand,
      checks: checksWire(card, method.billing_details),
      country: card.country,
      display_brand: card.brand,
      exp_month: card.exp_month,
      exp_year: card.exp_year,
      fingerprint: card.fingerprint,
      funding: card.funding,
      generated_from: null,
      last4: card.last4,
      networks: { available: [card.brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: method.created,
    customer: method.customer ?? null,
    customer_account: null,
    livemode,
    metadata: method.metadata ?? {},
    type: method.type,
  };
};
