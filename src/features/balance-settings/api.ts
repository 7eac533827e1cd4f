import { Refused } from '../../api/errors.ts';
import { act, type Route, read } from '../../api/route.ts';
import { refuse } from '../../kernel/refusal.ts';
import { accounts } from '../accounts/object.ts';
import { updateBalanceSettingsForm } from './params.ts';
import { updateBalanceSettings } from './update.ts';
import { balanceSettingsWire } from './wire.ts';

const path = '/v1/balance_settings';

export const routes: readonly Route[] = [
  read(path, {
    tier: 1,
    summary: 'The payout schedule, minimum balances and settlement delay of the account.',
    handler: async (read, _, { account: id }) => {
      const account = await read.anywhere(accounts, id);
      if (account === null) throw new Refused(refuse('account_access', { key: read.maskedKey, id }));
      return balanceSettingsWire(account);
    },
  }),
  act(path, {
    tier: 1,
    summary: 'Changes them; the settings of the account show the same.',
    params: updateBalanceSettingsForm,
    command: updateBalanceSettings,
    respond: async ({ object: account }) => balanceSettingsWire(account),
  }),
];
