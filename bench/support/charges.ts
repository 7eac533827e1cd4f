import { askedBy } from './in-process.ts';

/** A way to be paid by card. */
export interface ChargeKind {
  readonly path: string;
  /** @param account  the destination, where the kind has one */
  form(account: string): string;
}

/** Money of the platform's own customer: no account but its own is touched. */
export const plainCharge: ChargeKind = {
  path: '/v1/charges',
  form: () => 'amount=2000&currency=usd&source=tok_visa',
};

/** Paid to the platform, which keeps a fee and passes on the rest: every one moves the platform's own balance. */
export const destinationCharge: ChargeKind = {
  path: '/v1/charges',
  form: (account) =>
    `amount=10000&currency=usd&source=tok_visa&application_fee_amount=1230&transfer_data[destination]=${account}`,
};

/** The same by a PaymentIntent that is confirmed at once. */
export const destinationIntent: ChargeKind = {
  path: '/v1/payment_intents',
  form: (account) =>
    'amount=10000&currency=usd&payment_method=pm_card_visa&payment_method_types[]=card&confirm=true' +
    `&application_fee_amount=1230&transfer_data[destination]=${account}`,
};

/** The name that its operations stand under in the journal. */
export const commandOf = ({ path, form }: ChargeKind): string => askedBy(path, form('acct_1')).command.name;

/** One request for each account. */
export const asksOf = ({ path, form }: ChargeKind, accounts: readonly string[]) =>
  accounts.map((account) => ({ path, form: form(account) }));
