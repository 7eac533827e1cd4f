import { command, type Due } from '../../engine/command.ts';
import { accounts } from '../accounts/object.ts';
import { withStanding } from '../standing/rules.ts';
import { clearJob } from './job-names.ts';
import { placeOf } from './place.ts';

/**
 * The three business days after a bank debit are over: what the bank has paid cannot come back, and the reserve that
 * stood against it is let go, which follows from the account's standing.
 *
 * @rule R126, R120, M41
 */
export const clearDebits = command({
  name: clearJob,

  load: (read, due: Due) => ({ account: read.find(accounts, placeOf(due.subject).account) }),

  decide(due, { account }, ctx) {
    const { currency } = placeOf(due.subject);
    const standing = account?.standing?.[currency];
    const uncleared = standing?.uncleared?.filter((debit) => !debit.paid || debit.heldUntil > ctx.now);
    if (!account || !standing || uncleared?.length === standing.uncleared?.length) return { result: null };
    return { result: null, put: [withStanding(account, currency, { ...standing, uncleared: uncleared ?? [] })] };
  },
});
