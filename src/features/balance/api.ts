import { Refused } from '../../api/errors.ts';
import { form } from '../../api/params.ts';
import { type Route, read } from '../../api/route.ts';
import { refuse } from '../../kernel/refusal.ts';
import { accounts } from '../accounts/object.ts';
import { renderBalance } from './wire.ts';

export const routes: readonly Route[] = [
  read('/v1/balance', {
    tier: 1,
    params: form({}),
    summary: 'The pending and available money of an account, and what of a platform is reserved (R7, R8).',
    async handler(read, _, { account: id, livemode }) {
      const [account, balances] = await Promise.all([read.anywhere(accounts, id), read.balances()]);
      if (account === null) throw new Refused(refuse('account_access', { key: read.maskedKey, id }));
      const { default_currency, platform } = account;
      return renderBalance(balances, { default_currency, livemode, isPlatform: platform !== undefined });
    },
  }),
];
