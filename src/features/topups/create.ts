import { mergeMetadata } from '../../api/params.ts';
import { type Context, command, event, type Reader } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import { refuse } from '../../kernel/refusal.ts';
import { startOfDay } from '../../kernel/time.ts';
import { available, house } from '../../ledger/chart.ts';
import { move, post } from '../../ledger/posting.ts';
import { line } from '../../ledger/statement.ts';
import { accounts } from '../accounts/object.ts';
import { arrivalDay } from '../payouts/arrival.ts';
import { tokens } from '../tokens/object.ts';
import { asAsked, failing, type TopupObject } from './object.ts';
import type { CreateTopup } from './params.ts';
import { bankAnswer } from './rules.ts';
import { topupWire } from './wire.ts';

const load = (read: Reader, { currency, source }: CreateTopup, ctx: Context) => ({
  platform: read.find(accounts, ctx.platform),
  token: source === undefined ? undefined : read.own(tokens, source),
  balance: read.balance(ctx.platform, currency),
});

/**
 * Money from the platform's bank into its balance. A bank that pays does so at once; one that does not says so at the
 * start of the next business day.
 *
 * @rule M31, R187, X80
 */
export const createTopup = command({
  name: 'topups.create',
  load,

  decide(params: CreateTopup, { platform, token }: ReturnType<typeof load>, ctx) {
    assert(platform !== undefined, 'the platform exists');
    if (ctx.onBehalf) return refuse('connected_header_not_allowed');
    const { amount, currency, description, source, statement_descriptor, transfer_group } = params;
    if (currency !== platform.default_currency) {
      return refuse('topup_unsupported', { country: platform.country, currency: currency.toUpperCase() });
    }
    const answer = bankAnswer(source, token);
    if (answer === undefined) return refuse('no_such', { object: 'source', id: source ?? '', param: 'source' });
    const isPaid = answer === 'paid';
    const asked: TopupObject = {
      id: ctx.id('tu'),
      account: ctx.platform,
      created: ctx.now,
      amount,
      currency,
      expected_availability_date: isPaid ? ctx.now : startOfDay(arrivalDay(ctx.now)),
      status: 'pending',
      metadata: mergeMetadata(undefined, params.metadata),
      ...(description !== undefined && { description }),
      ...(source !== undefined && { source }),
      ...(statement_descriptor !== undefined && { statement_descriptor }),
      ...(transfer_group !== undefined && { transfer_group }),
      ...(!isPaid && { bankRefuses: answer }),
    };
    if (!isPaid) {
      return { result: asked, put: [asked], emit: [event('topup.created', asked)], schedule: [failing(asked)] };
    }
    const row = ctx.id('txn');
    const paid: TopupObject = { ...asked, status: 'succeeded', balance_transaction: row };
    return {
      result: paid,
      put: [paid],
      lines: [
        line({
          id: row,
          account: paid.account,
          currency,
          type: 'topup',
          amount,
          on: 'now',
          source: paid.id,
          ...(description !== undefined && { description }),
        }),
      ],
      post: [post('topup', move(amount, { from: house('bank', currency), to: available(paid.account, currency) }))],
      emit: [
        // Both happen in this operation, but a top-up is pending when it is made.
        { type: 'topup.created', account: paid.account, object: { rendered: topupWire(asAsked(paid), ctx) } },
        event('topup.succeeded', paid),
      ],
    };
  },
});
