import { command } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import { dayOf } from '../../kernel/time.ts';
import { type AccountObject, accounts } from '../accounts/object.ts';
import { type HoldingAction, holdingCheck, overdueCurrencies } from './holding.ts';

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
    const tomorrow = dayOf(ctx.now) + 1;
    const checks = overdue.flatMap((account) =>
      overdueCurrencies(account).map((currency) => holdingCheck(account.id, currency, tomorrow)),
    );
    return { result: changed, put: [changed], ...(holding_limit_action === 'payout' && { schedule: checks }) };
  },
});
