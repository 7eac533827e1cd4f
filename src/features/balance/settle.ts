import type { Currency } from '../../data/currencies.ts';
import { command, type Due, type EventDraft } from '../../engine/command.ts';
import type { Balance } from '../../ledger/balance.ts';
import { post } from '../../ledger/posting.ts';
import { type AccountObject, accounts } from '../accounts/object.ts';
import { balanceAvailable } from './event.ts';
import { settle } from './rules.ts';

/** An account with money that waits for the day. */
interface Waiting {
  readonly id: string;
  /** Only loaded where something is gained, since only they are told. */
  readonly account: AccountObject | undefined;
  readonly balances: ReadonlyMap<Currency, Balance>;
}

/**
 * Settles a day, whose number is the subject: all money that waited for it, or for a day before it, becomes available
 * (M46). It writes no rows, since a row's status is read from its day; it is the moment at which `settledThrough` moves, so
 * that rows and balances change at once (I2).
 *
 * Tells of each account and currency that gained something, in the order the accounts were made in (R204).
 */
export const settleBalances = command({
  name: 'balance.settle',

  load(read, due: Due): readonly Waiting[] {
    const day = Number(due.subject);
    const found = new Map<string, Map<Currency, Balance>>();
    for (const { account, held } of read.maturing(day)) {
      // All of them, since the event shows the whole balance.
      found.set(account, new Map(held.map((currency) => [currency, read.balance(account, currency)])));
    }
    return [...found].map(([id, balances]) => {
      const gains = [...balances].some(([currency, balance]) => settle(id, currency, balance, day).net > 0);
      return { id, account: gains ? read.find(accounts, id) : undefined, balances };
    });
  },

  decide(due, waiting, ctx) {
    const day = Number(due.subject);
    const moves = [];
    const emit: EventDraft[] = [];
    for (const { id, account, balances } of waiting) {
      const after = new Map(balances);
      let gained = 0;
      for (const [currency, balance] of balances) {
        const settled = settle(id, currency, balance, day);
        moves.push(...settled.moves);
        after.set(currency, settled.after);
        if (settled.net > 0) gained++;
      }
      if (account === undefined) continue;
      for (; gained > 0; gained--) emit.push(balanceAvailable(account, after, ctx));
    }
    return {
      result: null,
      post: moves.length > 0 ? [post('settle', ...moves)] : [],
      emit,
      book: { settledThrough: Math.max(ctx.settledThrough, day) },
    };
  },
});
