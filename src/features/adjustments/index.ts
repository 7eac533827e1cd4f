import { feature } from '../../api/feature.ts';
import { currency, form, id, integer, oneOf, optional, text } from '../../api/params.ts';
import { admin } from '../../api/route.ts';
import { createAdjustment } from './create.ts';
import { adjustmentTypes, adjustments as kind } from './object.ts';
import { adjustmentView } from './view.ts';

// Room for the opening balance of any platform, far from where sums stop being exact.
const amountMax = 1_000_000_000_000;

export const adjustments = feature({
  name: 'adjustments',
  resource: 'balance',
  kinds: [kind],
  views: [adjustmentView],
  routes: [
    admin('POST', '/evenkeel/v1/adjustments', {
      tier: 1,
      asAccount: true,
      summary:
        'Gives money to an account or takes it away, available at once: opening balances, corrections (M47), losses of the processor (M43), fees (M44).',
      params: form({
        account: id(),
        amount: integer({ min: -amountMax, max: amountMax }),
        currency: currency(),
        description: optional(text()),
        type: optional(oneOf(adjustmentTypes)),
      }),
      command: createAdjustment,
      view: adjustmentView,
    }),
  ],
});
