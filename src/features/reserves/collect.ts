import { command, type Due } from '../../engine/command.ts';
import { steps } from '../../kernel/day.ts';
import { minor, ZERO } from '../../kernel/money.ts';
import { dayOf, startOfDay } from '../../kernel/time.ts';
import { available } from '../../ledger/chart.ts';
import { move, post } from '../../ledger/posting.ts';
import { line } from '../../ledger/statement.ts';
import { accounts } from '../accounts/object.ts';
import { placeOf } from '../negative-balances/place.ts';
import { standingJobs } from '../standing/follow.ts';
import { collectionSeconds, isInFlight, withStanding } from '../standing/rules.ts';
import { changeReserve } from './hold.ts';
import type { CollectionTransferObject } from './object.ts';

/**
 * The end of a debt: an account that has been negative for 180 days is settled from the platform's money. What is held for
 * it is let go first and then transferred, so the platform's available money is the same as before. Without reserves it comes
 * from what the platform has available. Where Stripe bears losses, only what account debits caused is collected.
 *
 * The account is then recommended for rejection, nothing more.
 *
 * @rule R150, R153, R154, R155, R156, R157, M42
 */
export const collect = command({
  name: standingJobs.collect,

  load: (read, due: Due, ctx) => {
    const { account, currency } = placeOf(due.subject);
    return {
      account: read.find(accounts, account),
      balance: read.balance(account, currency),
      platform: read.balance(ctx.platform, currency),
    };
  },

  decide(due, { account, balance }, ctx) {
    const { currency } = placeOf(due.subject);
    const standing = account?.standing?.[currency];
    if (!account || standing?.negativeSince === undefined) return { result: null };
    // The clock was cleared and started again: that start has scheduled its own collection.
    if (standing.negativeSince + collectionSeconds > ctx.now) return { result: null };
    if (isInFlight(standing) || balance.available >= 0) {
      const at = startOfDay(dayOf(ctx.now) + 1);
      return {
        result: null,
        schedule: [{ at, order: steps.collection, job: standingJobs.collect, subject: due.subject }],
      };
    }
    const bears = account.controller.losses.payments === 'application';
    const amount = minor(bears ? -balance.available : Math.min(-balance.available, standing.debitCaused ?? ZERO));
    if (amount === 0) return { result: null };

    const released =
      balance.reserved > 0
        ? changeReserve({ account: account.id, currency, change: minor(-balance.reserved) }, ctx)
        : null;
    const id = ctx.id('cct');
    const transfer: CollectionTransferObject = {
      id,
      account: ctx.platform,
      created: ctx.now,
      amount,
      currency,
      destination: account.id,
    };
    const row = {
      currency,
      type: 'connect_collection_transfer',
      on: 'now',
      source: id,
      description: `Connect collection transfer to ${account.id}`,
    } as const;
    const { debitCaused: _, ...rest } = standing;
    return {
      result: transfer,
      put: [
        ...(released ? [released.object] : []),
        transfer,
        withStanding({ ...account, rejectRecommended: true }, currency, rest),
      ],
      lines: [
        ...(released ? [released.line] : []),
        line({ id: ctx.id('txn'), account: ctx.platform, amount: minor(-amount), ...row }),
        line({ id: ctx.id('txn'), account: account.id, amount, ...row }),
      ],
      post: [
        ...(released ? [released.posting] : []),
        post(
          'collection',
          move(amount, { from: available(ctx.platform, currency), to: available(account.id, currency) }),
        ),
      ],
    };
  },
});
