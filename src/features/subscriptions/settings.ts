import { command } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import { type AccountObject, accounts, type PlatformSettings } from '../accounts/object.ts';

export interface SetBilling {
  readonly subscription_retries_end: NonNullable<PlatformSettings['subscription_retries_end']>;
}

/** What becomes of subscriptions, the platform's and its accounts', whose invoice was not paid after all retries. */
export const setBilling = command({
  name: 'billing.set',
  load: (read, _: SetBilling, ctx) => ({ platform: read.find(accounts, ctx.platform) }),

  decide({ subscription_retries_end }, { platform }) {
    assert(platform?.platform, 'a book has its platform');
    const changed: AccountObject = { ...platform, platform: { ...platform.platform, subscription_retries_end } };
    return { result: changed, put: [changed] };
  },
});
