import { command } from '../../engine/command.ts';
import { refuse } from '../../kernel/refusal.ts';
import type { UnixSeconds } from '../../kernel/time.ts';
import { maySee } from '../accounts/access.ts';
import { type AccountObject, accounts } from '../accounts/object.ts';

export interface RecordConsent {
  readonly account: string;
  readonly date: UnixSeconds;
  readonly ip?: string;
  readonly text?: string;
}

/**
 * Writes down that a connected account agreed to be debited, where and in which words (R76). The last record counts.
 * The account reads the same to its owner, so no event tells of it.
 */
export const recordConsent = command({
  name: 'consents.record',

  load: (read, params: RecordConsent) => ({ account: read.find(accounts, params.account) }),

  decide({ account: id, date, ip, text }, { account }, ctx) {
    // The platform debits, so it has nothing to agree to.
    if (!maySee(ctx, account) || account.platform) {
      return refuse('no_such', { object: accounts.noun, id, param: 'account' });
    }
    const consent = { date, ...(ip !== undefined && { ip }), ...(text !== undefined && { text }) };
    const agreed: AccountObject = { ...account, consent };
    return { result: agreed, put: [agreed] };
  },
});
