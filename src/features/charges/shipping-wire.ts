import type { Wire } from '../../api/view.ts';
import { addressWire } from '../payment-methods/wire.ts';

/** Where goods are sent, with all its keys; null when nothing was said. */
export const shippingWire = (shipping: Readonly<Record<string, unknown>> | undefined): Wire | null =>
  shipping === undefined
    ? null
    : {
        address: addressWire(shipping.address as Readonly<Record<string, unknown>> | undefined),
        carrier: shipping.carrier ?? null,
        name: shipping.name ?? null,
        phone: shipping.phone ?? null,
        tracking_number: shipping.tracking_number ?? null,
      };
