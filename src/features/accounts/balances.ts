import { currencyCodes } from '../../data/currencies.ts';
import type { Context, Reader } from '../../engine/command.ts';
import { type Balance, pendingOf } from '../../ledger/balance.ts';

/** Every balance that the account may have; in test mode none, because there nothing is refused for them. */
export const liveBalances = (read: Reader, account: string, { livemode }: Context): readonly Balance[] =>
  livemode ? currencyCodes.map((currency) => read.balance(account, currency)) : [];

export const isEmpty = (balance: Balance): boolean =>
  balance.available === 0 && pendingOf(balance) === 0 && balance.maturing.length === 0;
