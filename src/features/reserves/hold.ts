import type { Currency } from '../../data/currencies.ts';
import type { Context } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import { type Minor, minor } from '../../kernel/money.ts';
import { available, reserved } from '../../ledger/chart.ts';
import { move, type Posting, post } from '../../ledger/posting.ts';
import { type Line, line } from '../../ledger/statement.ts';
import type { ReserveTransactionObject } from './object.ts';

/** What holding or releasing adds to a decision. */
export interface ReserveChange {
  readonly object: ReserveTransactionObject;
  readonly line: Line;
  readonly posting: Posting;
}

/**
 * Holds more of the platform's money because of one account, or lets some of it go.
 *
 * @param change > 0 holds (M40), < 0 releases (M41); minor units
 * @rule M40, M41, R131
 */
export function changeReserve(
  { account, currency, change }: { readonly account: string; readonly currency: Currency; readonly change: Minor },
  ctx: Context,
): ReserveChange {
  assert(change !== 0, 'a reserve row changes something');
  const holds = change > 0;
  const amount = minor(-change);
  const description = holds
    ? `Connect reserve: funds reserved for negative balance of ${account}`
    : `Connect reserve: funds released for ${account}`;
  const id = ctx.id('rtx');
  const platform = available(ctx.platform, currency);
  const held = reserved(account, currency);
  return {
    object: { id, account: ctx.platform, created: ctx.now, amount, currency, description, standsFor: account },
    line: line({
      id: ctx.id('txn'),
      account: ctx.platform,
      currency,
      type: 'reserve_transaction',
      amount,
      on: 'now',
      source: id,
      description,
    }),
    posting: post(
      holds ? 'reserve.hold' : 'reserve.release',
      holds ? move(change, { from: platform, to: held }) : move(minor(-change), { from: held, to: platform }),
    ),
  };
}
