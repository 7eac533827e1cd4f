import type { Wire } from '../../api/view.ts';
import type { Currency } from '../../data/currencies.ts';
import { type Balance, EMPTY, pendingOf } from '../../ledger/balance.ts';

/** Whose balance it is, as far as the Balance object depends on it. */
export interface BalanceOwner {
  readonly default_currency: Currency;
  readonly livemode: boolean;
  /** Only a platform has `connect_reserved` (R6, R7). */
  readonly isPlatform: boolean;
}

/**
 * The Balance object: it has no id and is never stored.
 *
 * @param balances every currency the account ever held; the default currency is shown even if it is not among them
 */
export function renderBalance(balances: ReadonlyMap<Currency, Balance>, owner: BalanceOwner): Wire {
  const currencies = shownCurrencies(balances, owner.default_currency);
  const entries = (amountOf: (balance: Balance) => number, hasSources: boolean) =>
    currencies.map((currency) => {
      const amount = amountOf(balances.get(currency) ?? EMPTY);
      return { amount, currency, ...(hasSources && { source_types: { card: amount } }) };
    });
  return {
    object: 'balance',
    available: entries(({ available }) => available, true),
    ...(owner.isPlatform && { connect_reserved: entries(({ reserved }) => reserved, false) }),
    livemode: owner.livemode,
    pending: entries(pendingOf, true),
  };
}

/** The default currency first, the others by name; a currency that was used once stays for ever. */
function shownCurrencies(balances: ReadonlyMap<Currency, Balance>, first: Currency): readonly Currency[] {
  return [first, ...[...balances.keys()].filter((currency) => currency !== first).sort()];
}
