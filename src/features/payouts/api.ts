import { errorBody, Refused } from '../../api/errors.ts';
import { form, id, oneOf, optional } from '../../api/params.ts';
import type { Read } from '../../api/read.ts';
import { admin, create, list, type Route, retrieve, update } from '../../api/route.ts';
import { assert } from '../../kernel/assert.ts';
import { refuse } from '../../kernel/refusal.ts';
import { type AccountObject, accounts } from '../accounts/object.ts';
import { cancelPayout } from './cancel.ts';
import { createPayout } from './create.ts';
import { holdingActions } from './holding.ts';
import { overdueAccounts } from './overdue.ts';
import { createPayoutForm, metadataForm } from './params.ts';
import { reversePayout } from './reverse.ts';
import { checkOverdue, setPayouts } from './settings.ts';
import { payoutSettingsWire } from './settings-view.ts';
import { updatePayout } from './update.ts';
import { payoutView } from './view.ts';

const settingsPath = '/evenkeel/v1/payout_settings';

async function platformOf(read: Read): Promise<AccountObject> {
  const platform = await read.anywhere(accounts, read.env.platform);
  assert(platform !== null, 'a book has its platform');
  return platform;
}

export const routes: readonly Route[] = [
  create('/v1/payouts', {
    tier: 1,
    summary: 'Sends available money to a bank account or debit card; an instant payout may use pending money as well.',
    params: createPayoutForm,
    command: createPayout,
    view: payoutView,
  }),
  list('/v1/payouts', payoutView, {
    tier: 1,
    summary: 'The payouts of the account, bank debits of negative balances among them, newest first.',
    filters: { arrival_date: 'range', created: 'created', destination: 'ref', status: 'ref' },
  }),
  retrieve('/v1/payouts/:payout', payoutView, { tier: 1, param: 'payout', summary: 'One payout.' }),
  update('/v1/payouts/:payout', {
    tier: 1,
    summary: 'Changes the metadata of a payout.',
    params: metadataForm,
    command: updatePayout,
    view: payoutView,
  }),
  update('/v1/payouts/:payout/cancel', {
    tier: 1,
    summary: 'Takes a payout back that has not gone to the bank yet (R182).',
    command: cancelPayout,
    view: payoutView,
  }),
  create('/v1/payouts/:payout/reverse', {
    tier: 1,
    summary:
      'Asks for the money of a paid payout back (R183); answers the payout with a negative amount that brings it.',
    params: metadataForm,
    command: reversePayout,
    view: payoutView,
  }),

  admin('POST', settingsPath, {
    tier: 2,
    summary:
      'For the whole platform: whether money that waited for a payout by hand as long as it may is paid out, or only told of (R192).',
    params: form({ holding_limit_action: oneOf(holdingActions) }),
    async handler({ engine, read, params, id: request, idempotency }) {
      assert(read !== null, 'a key is for a platform');
      const known = await overdueAccounts(read);
      const outcome = await engine.submit(read.book, {
        command: setPayouts,
        params: { ...params, overdue: known },
        request: { account: null, id: request, idempotency },
        refusalBody: errorBody,
      });
      if (outcome.kind === 'refused') throw new Refused(outcome.refusal);
      const late = (await overdueAccounts(read)).filter((account) => !known.includes(account));
      if (late.length > 0) {
        await engine.submit(read.book, {
          command: checkOverdue,
          params: late,
          request: { account: null, id: request, idempotency: null },
          refusalBody: errorBody,
        });
      }
      const platform = outcome.object as AccountObject;
      return payoutSettingsWire(platform, platform);
    },
  }),
  admin('GET', settingsPath, {
    tier: 2,
    summary:
      'How the platform or one of its accounts is paid out, how long its money may wait, and what to consider first (R193).',
    params: form({ account: optional(id()) }),
    async handler({ read, params }) {
      assert(read !== null, 'a key is for a platform');
      const platform = await platformOf(read);
      const account = params.account === undefined ? platform : await read.anywhere(accounts, params.account);
      if (account === null || account.deleted) {
        throw new Refused(refuse('no_such', { object: accounts.noun, id: params.account ?? '', param: 'account' }));
      }
      return payoutSettingsWire(account, platform);
    },
  }),
];
