import { currencyCodes } from '../../data/currencies.ts';
import type { Context, Reader } from '../../engine/command.ts';
import { type Balance, pendingOf } from '../../ledger/balance.ts';
import type { AccountObject } from './object.ts';

/** Every balance that the account may have; in test mode none, because there nothing is refused for them. */
export const liveBalances = (
  read: Reader,
  account: AccountObject | undefined,
  { livemode }: Context,
): readonly Balance[] =>
  livemode && account ? currencyCodes.map((currency) => read.balance(account.id, currency)) : [];

export const isEmpty = (balance: Balance): boolean =>
  balance.available === 0 && pendingOf(balance) === 0 && balance.maturing.length === 0;
