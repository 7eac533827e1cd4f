import type { UnixSeconds } from '../../kernel/time.ts';
import type { AccountObject } from '../accounts/object.ts';
import { instantAvailable, instantDestinations, netOfFee } from '../payouts/instant.ts';
import type { BalanceOwner } from './wire.ts';

const hasInstantDestination = (account: AccountObject): boolean =>
  account.external_accounts.some(({ currency }) => instantDestinations(account, currency).length > 0);

/**
 * The account as the owner of a balance.
 *
 * @param given.now      by whose day the instant payouts of today are counted
 * @param given.showsNet whether `net_available` was asked for
 * @rule R6, R7, R186
 */
export function ownerOf(
  account: AccountObject,
  given: { readonly livemode: boolean; readonly now: UnixSeconds; readonly showsNet?: boolean },
): BalanceOwner {
  const { livemode, now, showsNet } = given;
  return {
    default_currency: account.default_currency,
    livemode,
    isPlatform: account.platform !== undefined,
    ...(hasInstantDestination(account) && {
      instant(currency, balance) {
        const amount = instantAvailable(account, currency, { balance, now });
        if (!showsNet) return { amount };
        const net = netOfFee(account, amount);
        const destinations = instantDestinations(account, currency);
        return { amount, net_available: destinations.map(({ id }) => ({ amount: net, destination: id })) };
      },
    }),
  };
}
