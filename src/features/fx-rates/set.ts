import { command } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ratesOf } from '../../ledger/conversion.ts';
import { type AccountObject, accounts } from '../accounts/object.ts';
import { type SentRate, withRates } from './rules.ts';

export interface SetFxRates {
  readonly rates: Readonly<Record<string, SentRate>>;
}

/**
 * Gives the platform its own table of rates: the one it has, or a copy of the default one, with these rows in it. From then
 * on nothing else converts its money. The account reads the same to its owner, so no event tells of it.
 *
 * @rule M45
 */
export const setFxRates = command({
  name: 'fx_rates.set',
  load: (read, _: SetFxRates, ctx) => ({ platform: read.find(accounts, ctx.platform) }),

  decide({ rates }, { platform }) {
    assert(platform?.platform, 'a book has its platform');
    const fx_rates = withRates(ratesOf(platform), rates);
    if (isRefusal(fx_rates)) return fx_rates;
    const changed: AccountObject = { ...platform, platform: { ...platform.platform, fx_rates } };
    return { result: changed, put: [changed] };
  },
});
