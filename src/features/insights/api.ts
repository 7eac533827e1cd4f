import { listOf, paging } from '../../api/list.ts';
import { currency, form, id, integer, oneOf, optional, timestamp } from '../../api/params.ts';
import { admin, type Route } from '../../api/route.ts';
import { limits } from '../../data/limits.ts';
import { assert } from '../../kernel/assert.ts';
import { payouts } from '../payouts/object.ts';
import { bookTime } from '../test-clocks/wait.ts';
import { explainBalance } from './explain.ts';
import { pageOfPositions, positions } from './exposed.ts';
import { Exposure } from './exposure.ts';
import { heldWire } from './held.ts';
import { negativeWire } from './negative.ts';
import { liableParties } from './position.ts';

export const routes: readonly Route[] = [
  admin('GET', '/evenkeel/v1/reserves', {
    tier: 2,
    summary: 'What of the platform’s money is held, because of which account, and until when (R120, R210).',
    params: form({ currency: optional(currency()), ...paging }),
    async handler({ read, params }) {
      assert(read !== null, 'a platform asks');
      return pageOfPositions(read, {
        paging: params,
        now: await bookTime(read),
        choose: ({ currency, reserved }) => reserved > 0 && (params.currency ?? currency) === currency,
        async show(held) {
          const ids = held.flatMap(({ uncleared }) => uncleared.map(({ payout }) => payout));
          const found = await read.many(payouts, ids);
          const debits = new Map(found.flatMap((payout) => (payout ? [[payout.id, payout]] : [])));
          return held.map((position) => heldWire(position, debits));
        },
      });
    },
  }),

  admin('GET', '/evenkeel/v1/negative_accounts', {
    tier: 2,
    summary: 'Connected accounts below zero, since when, what is done about it, and who is liable (R13, R216).',
    params: form({ currency: optional(currency()), liable: optional(oneOf(liableParties)), ...paging }),
    async handler({ read, params }) {
      assert(read !== null, 'a platform asks');
      return pageOfPositions(read, {
        paging: params,
        now: await bookTime(read),
        choose: ({ currency, effective, liable }) =>
          effective < 0 && (params.currency ?? currency) === currency && (params.liable ?? liable) === liable,
        show: async (negative) => negative.map(negativeWire),
      });
    },
  }),

  admin('GET', '/evenkeel/v1/exposure', {
    tier: 2,
    summary:
      'By currency: what the platform stands to lose, since when, and what of it the reserve covers (R120, R135).',
    async handler({ read }) {
      assert(read !== null, 'a platform asks');
      const [now, own] = await Promise.all([bookTime(read), read.balances(read.env.platform)]);
      const exposure = new Exposure();
      for await (const position of positions(read, now)) exposure.add(position);
      return listOf(read.path, exposure.wire(own, now), false);
    },
  }),

  admin('GET', '/evenkeel/v1/accounts/:account/explain', {
    tier: 2,
    summary: 'Why a balance is what it is: the chain of its causes, what blocks payouts, and what happens next.',
    params: form({
      at: optional(timestamp()),
      currency: currency(),
      ending_before: optional(id()),
      limit: optional(integer({ min: 1, max: limits.pageSizeMax })),
    }),
    async handler({ read, params }) {
      assert(read !== null, 'a platform asks');
      return explainBalance(read, params);
    },
  }),
];
