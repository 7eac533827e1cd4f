/**
 * Who controls a connected account. The legacy types are presets of `controller`; money rules read the controller, never
 * the type.
 *
 * Source: Stripe's published account types and controller properties; checked 2026-11-22.
 * Surprise: an account made with `controller` has type 'none' unless its properties equal a preset, and
 * debit_negative_balances starts as false exactly when the platform collects the requirements (R18).
 */
export const controllerPresets = {
  standard: {
    losses: { payments: 'stripe' },
    fees: { payer: 'account' },
    requirement_collection: 'stripe',
    stripe_dashboard: { type: 'full' },
  },
  express: {
    losses: { payments: 'application' },
    fees: { payer: 'application_express' },
    requirement_collection: 'stripe',
    stripe_dashboard: { type: 'express' },
  },
  custom: {
    losses: { payments: 'application' },
    fees: { payer: 'application_custom' },
    requirement_collection: 'application',
    stripe_dashboard: { type: 'none' },
  },
} as const satisfies Record<string, ControllerProperties>;

export type AccountType = keyof typeof controllerPresets;

/** What a request may send; `application_express` and `application_custom` come from the presets alone. */
export const controllerChoices = {
  'losses[payments]': ['application', 'stripe'],
  'fees[payer]': ['account', 'application'],
  requirement_collection: ['application', 'stripe'],
  'stripe_dashboard[type]': ['express', 'full', 'none'],
} as const;

export interface ControllerProperties {
  readonly losses: { readonly payments: 'application' | 'stripe' };
  readonly fees: { readonly payer: 'account' | 'application' | 'application_custom' | 'application_express' };
  readonly requirement_collection: 'application' | 'stripe';
  readonly stripe_dashboard: { readonly type: 'express' | 'full' | 'none' };
}

/** What a controller is that names nothing. */
export const defaultController: ControllerProperties = controllerPresets.standard;

export const accountTypes = Object.keys(controllerPresets) as readonly AccountType[];

/** The legacy type that equals these properties, else 'none'. */
export function typeOf(controller: ControllerProperties): AccountType | 'none' {
  const equal = accountTypes.find((type) => {
    const preset = controllerPresets[type];
    return (
      preset.losses.payments === controller.losses.payments &&
      preset.fees.payer === controller.fees.payer &&
      preset.requirement_collection === controller.requirement_collection &&
      preset.stripe_dashboard.type === controller.stripe_dashboard.type
    );
  });
  return equal ?? 'none';
}

/** The setting of a new account; its platform may change it. */
export const debitNegativeBalancesDefault = (controller: ControllerProperties): boolean =>
  controller.requirement_collection !== 'application';

/** X70: nobody could be held responsible for such an account. */
export const isControllerPossible = (controller: ControllerProperties): boolean =>
  !(
    controller.stripe_dashboard.type === 'none' &&
    controller.requirement_collection === 'stripe' &&
    controller.losses.payments === 'application'
  );
