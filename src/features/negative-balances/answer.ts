import { limits } from '../../data/limits.ts';
import { payoutFailureMessage } from '../../data/payout-failures.ts';
import { command, type Due, type EventDraft, event } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import { minor } from '../../kernel/money.ts';
import { available, house } from '../../ledger/chart.ts';
import { move, post } from '../../ledger/posting.ts';
import { line } from '../../ledger/statement.ts';
import { asErrored, withChanged } from '../accounts/external-accounts.ts';
import { accountUpdated, externalNews } from '../accounts/news.ts';
import { type AccountObject, accounts, type ExternalAccount } from '../accounts/object.ts';

import { type PayoutObject, payouts } from '../payouts/object.ts';
import { withStanding } from '../standing/rules.ts';
import { debitAnswersJob } from './job-names.ts';

/**
 * What happens when the bank answers a debit. Paid: nothing moves in the balance, the count of failures starts anew, and the
 * money still counts as uncleared until its three days are over. Refused: the balance is as negative as before; what follows
 * (the reserve stays, the next close of day tries again) follows from that. After the last attempt in a row nothing more is
 * paid to or drawn from that bank account until somebody updates it.
 *
 * @rule R102, R103, R104, R109, M37, M38
 */
export const answerDebit = command({
  name: debitAnswersJob,

  load: (read, due: Due) => {
    const payout = read.find(payouts, due.subject);
    return {
      payout,
      account: payout && read.find(accounts, payout.account),
      balance: payout && read.balance(payout.account, payout.currency),
    };
  },

  decide(_, { payout, account }, ctx) {
    assert(payout !== undefined && account !== undefined, 'a bank answers a debit that was made');
    const bank = account.external_accounts.find((external) => external.id === payout.destination);
    // A bank account that was taken away meanwhile cannot be drawn from.
    const answer = bank?.outcome ?? 'no_account';
    return answer === 'paid' ? paid(payout, account, bank) : refused(payout, account, bank, answer, ctx);
  },
});

const uncleared = (account: AccountObject, payout: PayoutObject) =>
  account.standing?.[payout.currency]?.uncleared ?? [];

function paid(payout: PayoutObject, account: AccountObject, bank: ExternalAccount | undefined) {
  const amount = minor(-payout.amount);
  const done: PayoutObject = { ...payout, status: 'paid' };
  const { failedDebits, ...clean } = bank ?? ({} as ExternalAccount);
  const external_accounts =
    failedDebits === undefined ? account.external_accounts : withChanged(account.external_accounts, clean);
  const standing = {
    ...account.standing?.[payout.currency],
    uncleared: uncleared(account, payout).map((debit) =>
      debit.payout === payout.id ? { ...debit, paid: true } : debit,
    ),
  };
  return {
    result: null,
    put: [done, withStanding({ ...account, external_accounts }, payout.currency, standing)],
    post: [
      post(
        'bank debit paid',
        move(amount, { from: house('bank', payout.currency), to: house('bank_in_transit', payout.currency) }),
      ),
    ],
    emit: [event('payout.paid', done)],
  };
}

function refused(
  payout: PayoutObject,
  account: AccountObject,
  bank: ExternalAccount | undefined,
  code: string,
  ctx: { id(prefix: 'txn'): `txn_${string}` },
) {
  const amount = minor(-payout.amount);
  const row = ctx.id('txn');
  const failed: PayoutObject = {
    ...payout,
    status: 'failed',
    failure_balance_transaction: row,
    failure_code: code,
    failure_message: payoutFailureMessage(code),
  };
  const counted = bank && { ...bank, failedDebits: (bank.failedDebits ?? 0) + 1 };
  const isLast = counted !== undefined && counted.failedDebits >= limits.debitAttemptsMax;
  const changed = counted && (isLast ? asErrored(counted) : counted);
  const external_accounts = changed ? withChanged(account.external_accounts, changed) : account.external_accounts;
  const standing = {
    ...account.standing?.[payout.currency],
    uncleared: uncleared(account, payout).filter((debit) => debit.payout !== payout.id),
  };
  const after = withStanding({ ...account, external_accounts }, payout.currency, standing);
  const news: EventDraft[] = isLast
    ? [externalNews('updated', after, changed as ExternalAccount), accountUpdated(after)]
    : [];
  return {
    result: null,
    put: [failed, after],
    lines: [
      line({
        id: row,
        account: account.id,
        currency: payout.currency,
        type: 'payout_failure',
        amount: minor(-amount),
        on: 'now',
        source: payout.id,
        description: 'STRIPE PAYOUT FAILURE',
      }),
    ],
    post: [
      post(
        'bank debit refused',
        move(amount, { from: available(account.id, payout.currency), to: house('bank_in_transit', payout.currency) }),
      ),
    ],
    emit: [event('payout.failed', failed), ...news],
  };
}
