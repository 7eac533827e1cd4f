/** How a dispute goes on and ends: escalated, won, lost, closed. Each step is pure and tells the news of the step alone. */
import type { Decision, EventDraft } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import type { StoredObject } from '../../kernel/kind.ts';
import { minor } from '../../kernel/money.ts';
import { available, house, settling } from '../../ledger/chart.ts';
import { move, moveIfAny, post } from '../../ledger/posting.ts';
import { type Line, line } from '../../ledger/statement.ts';
import { type ChargeObject, followsOn } from '../charges/object.ts';
import type { Verdict } from './evidence.ts';
import type { Case } from './find.ts';
import type { DisputeObject } from './object.ts';
import { news, type Place, waitsFor, withdraw } from './open.ts';
import { blocksRefunds, isInquiry, isOpen } from './rules.ts';

/** What a step does; the dispute stands first in `put`. */
export type Outcome = Required<Pick<Decision, 'put' | 'post' | 'lines' | 'emit' | 'schedule' | 'unschedule'>> & {
  readonly dispute: DisputeObject;
};

/** The dispute once nothing more is awaited from anybody. */
function closed(dispute: DisputeObject, status: 'won' | 'lost' | 'warning_closed', ctx: Place): DisputeObject {
  const { due_by: _, ...rest } = dispute;
  return { ...rest, status, settledThrough: ctx.settledThrough };
}

const quiet = { post: [], lines: [], schedule: [] } as const;

/** M22; an inquiry that ends has moved nothing, however it ends. */
export function lose({ dispute }: Pick<Case, 'dispute'>, ctx: Place): Outcome {
  assert(isOpen(dispute), 'a dispute is closed once');
  const over = closed(dispute, isInquiry(dispute) ? 'warning_closed' : 'lost', ctx);
  return {
    ...quiet,
    dispute: over,
    put: [over],
    emit: [news('charge.dispute.closed', over)],
    unschedule: waitsFor(dispute),
  };
}

/**
 * The inquiry becomes a chargeback, and the money goes now.
 *
 * @rule M20
 */
export function escalate({ dispute, charge, parties }: Case, ctx: Place): Outcome {
  assert(isInquiry(dispute) && isOpen(dispute), 'what escalates is an open inquiry');
  const step = withdraw(dispute, charge, parties, ctx);
  const emit: EventDraft[] = [
    news('charge.dispute.updated', step.dispute),
    news('charge.dispute.funds_withdrawn', step.dispute),
  ];
  if (!charge.disputed) emit.push(news('charge.updated', step.charge));
  return {
    dispute: step.dispute,
    put: [step.dispute, step.charge],
    post: step.post,
    lines: step.lines,
    emit,
    schedule: waitsFor(step.dispute),
    unschedule: waitsFor(dispute),
  };
}

/**
 * What was taken comes back to whom it was taken from; the fee stays, except where it is returned. An inquiry has taken
 * nothing and is merely closed.
 *
 * @rule M21, M23, R169
 */
export function win(given: Case, ctx: Place): Outcome {
  const { dispute, charge, others } = given;
  if (isInquiry(dispute)) return lose(given, ctx);
  assert(isOpen(dispute), 'a dispute is closed once');
  const taken = dispute.lines[0]?.line;
  assert(taken, 'a chargeback has taken money');
  const { account, currency } = taken;
  const D = minor(-taken.amount);
  const on = followsOn(charge, ctx.settledThrough);
  const to = settling(account, currency, on);
  const network = house('card_network', dispute.currency);
  const row = line({
    id: ctx.id('txn'),
    account,
    currency,
    type: 'adjustment',
    reporting_category: 'dispute_reversal',
    amount: D,
    on,
    source: dispute.id,
    description: `Chargeback reversal for ${charge.id}`,
    ...(taken.exchange_rate !== undefined && { exchange_rate: taken.exchange_rate }),
  });
  const moves =
    currency === dispute.currency
      ? [move(D, { from: network, to })]
      : [
          move(dispute.amount, { from: network, to: house('fx', dispute.currency) }),
          ...moveIfAny(D, { from: house('fx', currency), to }),
        ];
  const lines: Line[] = [row];
  const { fee } = dispute;
  if (dispute.feeReturns && fee) {
    moves.push(move(fee.amount, { from: house('fees', fee.currency), to: available(fee.account, fee.currency) }));
    lines.push(
      line({
        id: ctx.id('txn'),
        account: fee.account,
        currency: fee.currency,
        type: 'adjustment',
        reporting_category: 'fee',
        amount: fee.amount,
        on: 'now',
        source: dispute.id,
        description: 'Dispute fee refund',
      }),
    );
  }
  const won: DisputeObject = {
    ...closed(dispute, 'won', ctx),
    lines: [...dispute.lines, { line: row, born: ctx.now }],
  };
  return {
    dispute: won,
    put: [won, ...unblocked(charge, others)],
    post: [post('dispute_won', ...moves)],
    lines,
    emit: [news('charge.dispute.funds_reinstated', won), news('charge.dispute.closed', won)],
    schedule: [],
    unschedule: waitsFor(dispute),
  };
}

/** The charge, if nothing stands against a refund of it any more; clients see no difference, so it is no news. */
function unblocked(charge: ChargeObject, others: readonly DisputeObject[]): readonly StoredObject[] {
  if (!charge.refundBlocked || others.some(blocksRefunds)) return [];
  const { refundBlocked: _, ...rest } = charge;
  return [rest];
}

export const verdictSteps: Readonly<Record<Verdict, (given: Case, ctx: Place) => Outcome>> = { win, lose, escalate };
