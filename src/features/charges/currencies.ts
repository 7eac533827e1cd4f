import type { Currency } from '../../data/currencies.ts';
import type { Minor } from '../../kernel/money.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import {
  exchanged,
  type Holder,
  ratesOf,
  refuseConversion,
  refuseRate,
  settlementCurrency,
} from '../../ledger/conversion.ts';
import type { Parties, PaymentTerms } from './terms.ts';

/** In which currencies the parts of a payment arrive, where that is not its own (M45). */
export interface Currencies {
  /** Of the charge's row: what the settlement merchant can hold, whose currency the owner takes as it is (M5). */
  readonly charge: Currency;
  /** Of the row that pays the application fee: the charge's own, or that of the payment on the destination. */
  readonly payer: Currency;
  /** Of the platform's other rows: what it earns, and the processing fee that it pays for somebody else's charge (M2). */
  readonly platform: Currency;
}

const held = (holder: Holder | undefined, currency: Currency): Currency =>
  holder === undefined ? currency : settlementCurrency(holder, currency);

/**
 * The currencies of a payment.
 *
 * @param currency  its own; accounts that were not found change nothing
 * @rule M1 to M5, M45
 */
export function currenciesOf(
  currency: Currency,
  {
    owner,
    platform,
    destination,
    onBehalfOf,
  }: { readonly [P in keyof Parties]: (Holder & { id: string }) | undefined },
): Currencies {
  const charge = held(onBehalfOf ?? owner, currency);
  const payer = destination === undefined ? charge : held(destination, charge);
  // The platform's own charge left it money in this currency, less the processing fee: the application fee joins it.
  const joins = owner?.id === platform?.id && payer === charge;
  return { charge, payer, platform: joins ? charge : held(platform, payer) };
}

/**
 * May the payment and its parts be converted as far as they have to be?
 *
 * @param param  as the route calls the amount
 * @rule M45
 */
export function refuseCurrencies(
  { amount, currency, application_fee_amount, transfer_data }: Omit<PaymentTerms, 'on_behalf_of'>,
  parties: Parties,
  param = 'amount',
): Refusal | undefined {
  const { charge, payer, platform } = currenciesOf(currency, parties);
  if (charge === currency && payer === currency && platform === currency) return undefined;
  const rates = ratesOf(parties.platform);
  const into = (to: Currency, part: Minor, name: string) => refuseConversion(part, { from: currency, to }, rates, name);
  const refusal = into(charge, amount, param);
  if (refusal) return refusal;
  if (transfer_data) {
    const name = transfer_data.amount === undefined ? param : 'transfer_data[amount]';
    const part = transfer_data.amount ?? amount;
    const noTransfer =
      into(charge, part, name) ??
      refuseConversion(
        exchanged(part, { from: currency, to: charge }, rates),
        { from: charge, to: payer },
        rates,
        name,
      );
    if (noTransfer) return noTransfer;
  }
  const pays = application_fee_amount !== undefined || parties.owner?.controller.fees.payer === 'application';
  return pays ? refuseRate({ from: payer, to: platform }, rates) : undefined;
}
