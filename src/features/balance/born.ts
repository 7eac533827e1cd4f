import type { BalanceTransactionType } from '../../data/balance-transaction-types.ts';
import type { Currency } from '../../data/currencies.ts';
import type { Context, Decision, EventDraft, Reader } from '../../engine/command.ts';
import { arrive, type Balance } from '../../ledger/balance.ts';
import type { LedgerAccount } from '../../ledger/chart.ts';
import type { AccountObject } from '../accounts/object.ts';
import { balanceAvailable } from './event.ts';

/** Money from outside that may be spent at once; what only changes hands between balances is told by its own events. */
const fromOutside: ReadonlySet<BalanceTransactionType> = new Set(['charge', 'topup']);

/**
 * The news of money that is born available, where others wait for their day and are told of by the settlement.
 *
 * @param decision as it will be written, reserves included
 * @param find     the account as the decision leaves it; undefined while it is not loaded
 * @rule R204
 */
export function bornAvailable(
  decision: Decision,
  find: (id: string) => AccountObject | undefined,
  read: Reader,
  ctx: Context,
): EventDraft[] {
  const told = new Set<string>();
  for (const { type, on, amount, fee, account } of decision.lines ?? []) {
    if (on === 'now' && amount - fee > 0 && fromOutside.has(type)) told.add(account);
  }
  return [...told].flatMap((id) => {
    const account = find(id);
    return account ? [balanceAvailable(account, balancesAfter(decision, account, read), ctx)] : [];
  });
}

/** What the account has after the decision, in every currency that it can hold or that moves. */
function balancesAfter(decision: Decision, account: AccountObject, read: Reader): ReadonlyMap<Currency, Balance> {
  const after = new Map<Currency, Balance>();
  const held = (currency: Currency): Balance => after.get(currency) ?? read.balance(account.id, currency);
  for (const { currency } of [{ currency: account.default_currency }, ...account.external_accounts]) {
    after.set(currency, held(currency));
  }
  const leg = (at: LedgerAccount, amount: number) => {
    // The platform's own figure of reserved money is the sum over its accounts.
    const isOwn = at.owner === account.id || (at.bucket === 'reserved' && account.platform !== undefined);
    if (isOwn) after.set(at.currency, arrive(held(at.currency), at, amount));
  };
  for (const { moves } of decision.post ?? []) {
    for (const { amount, from, to } of moves) {
      leg(from, -amount);
      leg(to, amount);
    }
  }
  return after;
}
