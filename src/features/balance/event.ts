import type { Currency } from '../../data/currencies.ts';
import type { Context, EventDraft } from '../../engine/command.ts';
import type { Balance } from '../../ledger/balance.ts';
import type { AccountObject } from '../accounts/object.ts';
import { renderBalance } from './wire.ts';

/**
 * The event that says money became available, also for money that is born so.
 *
 * @param balances as they are after the operation
 * @rule R204
 */
export function balanceAvailable(
  account: AccountObject,
  balances: ReadonlyMap<Currency, Balance>,
  { livemode }: Pick<Context, 'livemode'>,
): EventDraft {
  const { default_currency, platform } = account;
  const owner = { default_currency, livemode, isPlatform: platform !== undefined };
  return { type: 'balance.available', account: account.id, object: { rendered: renderBalance(balances, owner) } };
}
