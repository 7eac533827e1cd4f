import { feature } from '../../api/feature.ts';
import { form, hash, integer, object } from '../../api/params.ts';
import { admin } from '../../api/route.ts';
import { assert } from '../../kernel/assert.ts';
import { accounts } from '../accounts/object.ts';
import { figureMax } from './rules.ts';
import { setFxRates } from './set.ts';
import { fxRatesView } from './view.ts';

const path = '/evenkeel/v1/fx_rates';
const figure = () => integer({ min: 1, max: figureMax });

/** What currencies are worth, for payments that arrive in another currency than an account can hold. */
export const fxRates = feature({
  name: 'fx-rates',
  resource: null,
  routes: [
    admin('POST', path, {
      tier: 2,
      summary: "Changes or adds rows of the platform's own conversion rates: so many units equal so many US dollars.",
      params: form({ rates: hash(object({ units: figure(), usd: figure() })) }),
      command: setFxRates,
      view: fxRatesView,
    }),
    admin('GET', path, {
      tier: 2,
      summary: 'The rates that payments of the platform are converted by.',
      async handler({ read }) {
        assert(read !== null, 'a key is for a platform');
        const platform = await read.anywhere(accounts, read.env.platform);
        assert(platform !== null, 'a book has its platform');
        return fxRatesView.render(platform, read.env);
      },
    }),
  ],
});
