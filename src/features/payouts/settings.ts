import { command } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import { dayOf, type UnixSeconds } from '../../kernel/time.ts';
import { type AccountObject, accounts } from '../accounts/object.ts';
import { type HoldingAction, holdingAction, holdingCheck, overdueCurrencies } from './holding.ts';

export interface SetPayouts {
  readonly holding_limit_action: HoldingAction;
  /** Accounts whose money may have been let stay. */
  readonly overdue: readonly string[];
}

/**
 * What happens from now on to money that has waited as long as it may. What was let stay is paid out, too, at the start of the
 * next day.
 *
 * @rule R192
 */
export const setPayouts = command({
  name: 'payouts.set',
  load: (read, { overdue }: SetPayouts, ctx) => ({
    platform: read.find(accounts, ctx.platform),
    overdue: overdue.flatMap((id) => read.find(accounts, id) ?? []),
  }),

  decide({ holding_limit_action }, { platform, overdue }, ctx) {
    assert(platform?.platform, 'a book has its platform');
    const changed: AccountObject = { ...platform, platform: { ...platform.platform, holding_limit_action } };
    const isPaidOut = holding_limit_action === 'payout';
    return { result: changed, put: [changed], ...(isPaidOut && { schedule: checksOf(overdue, ctx.now) }) };
  },
});

/**
 * Has money that was let stay looked at with the start of the next day: that of accounts which were marked between the look at
 * them and `setPayouts`. From that on none is.
 *
 * @rule R192
 */
export const checkOverdue = command({
  name: 'payouts.check_overdue',
  load: (read, ids: readonly string[], ctx) => ({
    platform: read.find(accounts, ctx.platform),
    overdue: ids.flatMap((id) => read.find(accounts, id) ?? []),
  }),

  decide(_, { platform, overdue }, ctx) {
    const isPaidOut = holdingAction(platform?.platform) === 'payout';
    return { result: null, ...(isPaidOut && { schedule: checksOf(overdue, ctx.now) }) };
  },
});

const checksOf = (overdue: readonly AccountObject[], now: UnixSeconds) =>
  overdue.flatMap((account) =>
    overdueCurrencies(account).map((currency) => holdingCheck(account.id, currency, dayOf(now) + 1)),
  );
