import type { Wire } from '../../api/view.ts';
import type { Currency } from '../../data/currencies.ts';
import { type Balance, EMPTY, pendingOf } from '../../ledger/balance.ts';

/** Whose balance it is, as far as the Balance object depends on it. */
export interface BalanceOwner {
  readonly default_currency: Currency;
  readonly livemode: boolean;
  /** Only a platform has `connect_reserved` (R6, R7). */
  readonly isPlatform: boolean;
  /** What instant payouts could take now (R186); only of an account that can have any. */
  readonly instant?: (currency: Currency, balance: Balance) => InstantFigures;
}

export interface InstantFigures {
  readonly amount: number;
  /** Where `expand` asks for it: by destination, after the fee if the account bears it. */
  readonly net_available?: readonly { readonly amount: number; readonly destination: string }[];
}

const ofCards = <T extends { readonly amount: number }>(entry: T) => ({
  ...entry,
  source_types: { card: entry.amount },
});

/**
 * The Balance object: it has no id and is never stored.
 *
 * @param balances every currency the account ever held; the default currency is shown even if it is not among them
 */
export function renderBalance(balances: ReadonlyMap<Currency, Balance>, owner: BalanceOwner): Wire {
  const currencies = shownCurrencies(balances, owner.default_currency);
  const { instant } = owner;
  const entries = (amountOf: (balance: Balance) => number, hasSources: boolean) =>
    currencies.map((currency) => {
      const amount = amountOf(balances.get(currency) ?? EMPTY);
      return { amount, currency, ...(hasSources && { source_types: { card: amount } }) };
    });
  const instantEntry = (currency: Currency, { amount, net_available }: InstantFigures) => ({
    amount,
    currency,
    ...(net_available && { net_available: net_available.map(ofCards) }),
    source_types: { card: amount },
  });
  return {
    object: 'balance',
    available: entries(({ available }) => available, true),
    ...(owner.isPlatform && { connect_reserved: entries(({ reserved }) => reserved, false) }),
    ...(instant && {
      instant_available: currencies.map((currency) =>
        instantEntry(currency, instant(currency, balances.get(currency) ?? EMPTY)),
      ),
    }),
    livemode: owner.livemode,
    pending: entries(pendingOf, true),
  };
}

/** The default currency first, the others by name; a currency that was used once stays for ever. */
function shownCurrencies(balances: ReadonlyMap<Currency, Balance>, first: Currency): readonly Currency[] {
  return [first, ...[...balances.keys()].filter((currency) => currency !== first).sort()];
}
