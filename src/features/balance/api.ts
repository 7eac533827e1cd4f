import { Refused } from '../../api/errors.ts';
import { form } from '../../api/params.ts';
import { type Route, read } from '../../api/route.ts';
import { refuse } from '../../kernel/refusal.ts';
import { accounts } from '../accounts/object.ts';
import { bookTime } from '../test-clocks/wait.ts';
import { ownerOf } from './owner.ts';
import { renderBalance } from './wire.ts';

export const routes: readonly Route[] = [
  read('/v1/balance', {
    tier: 1,
    params: form({}),
    summary: 'The pending and available money of an account, and what of a platform is reserved (R7, R8).',
    async handler(read, _, { account: id, livemode }) {
      const [account, balances] = await Promise.all([read.anywhere(accounts, id), read.balances()]);
      if (account === null) throw new Refused(refuse('account_access', { key: read.maskedKey, id }));
      // The clock is only asked where the day's limit may have been reached.
      const now = account.instantPayouts === undefined ? 0 : await bookTime(read);
      const showsNet = read.expand.includes('instant_available.net_available');
      return renderBalance(balances, ownerOf(account, { livemode, now, showsNet }));
    },
  }),
];
