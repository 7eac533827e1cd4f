import {
  email,
  integer,
  metadata,
  type OptionalParam,
  object,
  oneOf,
  optional,
  text,
  type UnsupportedParam,
  unsettable,
  unsupported,
} from '../../api/params.ts';
import { type OtherPaymentMethodType, otherPaymentMethodTypes } from '../../data/payment-method-types.ts';

/** A parameter of Stripe's that changes nothing here: it is taken, whatever it says, and not kept. */
export const ignored = (): OptionalParam<undefined> => ({
  required: false,
  supported: true,
  shape: 'any',
  doc: { type: 'ignored' },
  parse: () => undefined,
  unknown: () => {},
});

export const address = () =>
  object({
    city: optional(unsettable(text())),
    country: optional(unsettable(text())),
    line1: optional(unsettable(text())),
    line2: optional(unsettable(text())),
    postal_code: optional(unsettable(text())),
    state: optional(unsettable(text())),
  });

export const billingDetails = () =>
  object({
    address: optional(unsettable(address())),
    email: optional(unsettable(email())),
    name: optional(unsettable(text())),
    phone: optional(unsettable(text())),
    tax_id: optional(unsettable(text())),
  });

/** A card as it is typed in, or a token of one. Which of the two is complete, the command says. */
export const enteredCard = () =>
  object({
    cvc: optional(text()),
    exp_month: optional(integer()),
    exp_year: optional(integer()),
    networks: ignored(),
    number: optional(text()),
    token: optional(text()),
  });

/** What other ways to pay than a card would say of themselves. */
export const otherMethods = Object.fromEntries(
  otherPaymentMethodTypes.map((type) => [type, unsupported()]),
) as unknown as Readonly<Record<OtherPaymentMethodType, UnsupportedParam>>;

/** `payment_method_data` of a payment. */
export const methodData = () =>
  object({
    allow_redisplay: ignored(),
    billing_details: optional(billingDetails()),
    card: optional(enteredCard()),
    metadata: optional(metadata()),
    radar_options: ignored(),
    type: oneOf(['card']),
    ...otherMethods,
  });
