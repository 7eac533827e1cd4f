import { limits } from '../../data/limits.ts';
import { command, type Due, event } from '../../engine/command.ts';
import { addBusinessDays } from '../../kernel/calendar.ts';
import { steps } from '../../kernel/day.ts';
import { minor } from '../../kernel/money.ts';
import { dayOf, startOfDay } from '../../kernel/time.ts';
import { available, house } from '../../ledger/chart.ts';
import { move, post } from '../../ledger/posting.ts';
import { line } from '../../ledger/statement.ts';
import { accounts } from '../accounts/object.ts';
import type { PayoutObject } from '../payouts/object.ts';
import { standingJobs } from '../standing/follow.ts';
import { debitableBank, isInFlight, withStanding } from '../standing/rules.ts';
import { clearJob, debitAnswersJob } from './job-names.ts';
import { placeOf } from './place.ts';

/**
 * The close of the day: the whole negative balance is drawn from the bank account, and the balance is zero from this moment
 * on, before the bank has answered.
 *
 * @rule R95, R101, M36, M39
 */
export const debitBank = command({
  name: standingJobs.debitBank,

  load: (read, due: Due) => {
    const { account, currency } = placeOf(due.subject);
    return { account: read.find(accounts, account), balance: read.balance(account, currency) };
  },

  decide(due, { account, balance }, ctx) {
    const { currency } = placeOf(due.subject);
    const bank = account && debitableBank(account, currency);
    const standing = account?.standing?.[currency];
    if (!account || !bank || balance.available >= 0 || isInFlight(standing)) return { result: null };
    const amount = minor(-balance.available);
    const today = dayOf(ctx.now);
    const arrival = startOfDay(addBusinessDays(today, limits.withdrawalTransitDays));
    const heldUntil = startOfDay(addBusinessDays(today, limits.withdrawalHoldDays));
    const id = ctx.id('po');
    const row = ctx.id('txn');
    const payout: PayoutObject = {
      id,
      account: account.id,
      created: ctx.now,
      amount: minor(-amount),
      currency,
      arrival_date: arrival,
      automatic: true,
      balance_transaction: row,
      description: 'STRIPE PAYOUT',
      destination: bank.id,
      type: 'bank_account',
      method: 'standard',
      source_type: 'card',
      status: 'pending',
      coversNegative: true,
    };
    const uncleared = [...(standing?.uncleared ?? []), { payout: id, amount, heldUntil, paid: false }];
    const subject = due.subject;
    return {
      result: payout,
      put: [payout, withStanding(account, currency, { ...standing, uncleared })],
      lines: [
        line({
          id: row,
          account: account.id,
          currency,
          type: 'payout',
          amount,
          on: 'now',
          source: id,
          description: 'STRIPE PAYOUT',
        }),
      ],
      post: [
        post(
          'bank debit',
          move(amount, { from: house('bank_in_transit', currency), to: available(account.id, currency) }),
        ),
      ],
      emit: [event('payout.created', payout)],
      schedule: [
        { at: arrival, order: steps.bankResults, job: debitAnswersJob, subject: id },
        { at: heldUntil, order: steps.holds, job: clearJob, subject },
      ],
    };
  },
});
