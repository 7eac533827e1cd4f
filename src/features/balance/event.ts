import type { Currency } from '../../data/currencies.ts';
import type { Context, EventDraft } from '../../engine/command.ts';
import type { Balance } from '../../ledger/balance.ts';
import type { AccountObject } from '../accounts/object.ts';
import { ownerOf } from './owner.ts';
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
  { livemode, now }: Pick<Context, 'livemode' | 'now'>,
): EventDraft {
  const owner = ownerOf(account, { livemode, now });
  return { type: 'balance.available', account: account.id, object: { rendered: renderBalance(balances, owner) } };
}
