import { view } from '../../api/view.ts';
import { ratesOf } from '../../ledger/conversion.ts';
import { type AccountObject, accounts } from '../accounts/object.ts';

/** The rates that a platform's money is converted by. They live in its account and have no id of their own. */
export const fxRatesView = view<AccountObject>({
  kind: accounts,
  expandable: [],
  render: (account) => ({
    object: 'fx_rates',
    own: account.platform?.fx_rates !== undefined,
    rates: Object.fromEntries(
      Object.entries(ratesOf(account))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([currency, { units, usd }]) => [currency, { units, usd }]),
    ),
  }),
});
