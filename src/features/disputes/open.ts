/**
 * How a dispute begins: an inquiry, which only asks, or a chargeback, which takes the money at once (M18, M19). Pure, so that
 * a card whose bank disputes everything can do it within its charge's own operation.
 *
 * `O` is the account that has the charge, `P` the platform, `D` what is disputed, `K` the fee, as in the rules.
 */

import { disputeFeePolicy } from '../../data/dispute-fees.ts';
import type { DisputeReason } from '../../data/dispute-reasons.ts';
import type { Context, Due, EventDraft } from '../../engine/command.ts';
import { assert } from '../../kernel/assert.ts';
import { steps } from '../../kernel/day.ts';
import { type Minor, minor, ZERO } from '../../kernel/money.ts';
import { available, house, settling } from '../../ledger/chart.ts';
import { convertBack, rated, ratesOf } from '../../ledger/conversion.ts';
import { moveIfAny, type Posting, post } from '../../ledger/posting.ts';
import { type Line, line } from '../../ledger/statement.ts';
import { type ChargeObject, followsOn } from '../charges/object.ts';
import type { DisputeObject } from './object.ts';
import { type Concerned, debitedIn, disputeFee, dueBy, feeCountry, inquiryEnds, isInquiry } from './rules.ts';

export type Place = Pick<Context, 'id' | 'now' | 'settledThrough' | 'platform'>;

export interface DisputeTerms {
  /** Minor units of the charge's currency, > 0. */
  readonly amount: Minor;
  readonly reason: DisputeReason;
  readonly inquiry: boolean;
}

/** A dispute as a step leaves it, its charge, and the money that moved. */
export interface Step {
  readonly dispute: DisputeObject;
  readonly charge: ChargeObject;
  readonly post: readonly Posting[];
  readonly lines: readonly Line[];
}

export interface Opened extends Step {
  readonly put: readonly [DisputeObject, ChargeObject];
  /** Of the dispute alone: whether the charge's own change is news depends on whether it was there before. */
  readonly emit: readonly EventDraft[];
  readonly schedule: readonly Due[];
}

export const dueJob = 'disputes.due';
export const inquiryEndJob = 'disputes.end_inquiry';

/** What an open dispute waits for: the bank's deadline, and the end of an inquiry that nobody escalates. */
export function waitsFor(dispute: DisputeObject): readonly Due[] {
  const order = steps.bankResults;
  const subject = dispute.id;
  if (isInquiry(dispute)) return [{ at: inquiryEnds(dispute), order, job: inquiryEndJob, subject }];
  return dispute.due_by === undefined ? [] : [{ at: dispute.due_by, order, job: dueJob, subject }];
}

export const news = (type: EventDraft['type'], object: DisputeObject | ChargeObject): EventDraft => ({
  type,
  account: object.account,
  object,
});

/**
 * Takes the money of a chargeback: D and K in one row, whether O has it or not. Where the platform pays O's fees, K is a row
 * of its own on P, at once.
 *
 * @param dispute  without rows so far
 * @param parties  balances of the owner and of whoever pays the fee are loaded
 * @rule M18, R160, R161, R164, R174
 */
export function withdraw(dispute: DisputeObject, charge: ChargeObject, parties: Concerned, ctx: Place): Step {
  const { owner, platform } = parties;
  const country = feeCountry(parties);
  assert(owner, 'a disputed charge has its account');
  assert(platform, 'a book has its platform');
  assert(country, 'an account has a country');
  const rates = ratesOf(platform);
  const { currency, platformCurrency } = debitedIn(charge, platform);
  const platformPays = owner.id !== platform.id && owner.controller.fees.payer === 'application';
  const feeCurrency = platformPays ? platformCurrency : currency;
  const K = disputeFee(country, feeCurrency, rates);
  const on = followsOn(charge, ctx.settledThrough);
  const from = settling(owner.id, currency, on);
  const D = convertBack(dispute.amount, { from, to: house('card_network', dispute.currency) }, rates);

  const row = line({
    id: ctx.id('txn'),
    account: owner.id,
    currency,
    type: 'adjustment',
    reporting_category: 'dispute',
    amount: minor(-D.amount),
    ...rated(D),
    on,
    source: dispute.id,
    description: `Chargeback withdrawal for ${charge.id}`,
    ...(K > 0 &&
      !platformPays && { fee_details: [{ amount: K, description: 'Dispute fee', type: 'stripe_fee' as const }] }),
  });
  const lines = [row];
  const feeFrom = platformPays ? available(platform.id, feeCurrency) : from;
  const moves = [...D.moves, ...moveIfAny(K, { from: feeFrom, to: house('fees', feeCurrency) })];
  if (K > 0 && platformPays) {
    lines.push(
      line({
        id: ctx.id('txn'),
        account: platform.id,
        currency: feeCurrency,
        type: 'stripe_fee',
        amount: minor(-K),
        on: 'now',
        source: dispute.id,
        description: `Dispute fee (${owner.id})`,
      }),
    );
  }
  const withdrawn: DisputeObject = {
    ...dispute,
    status: 'needs_response',
    is_charge_refundable: false,
    due_by: dueBy(ctx.now),
    settledThrough: ctx.settledThrough,
    lines: [{ line: row, born: ctx.now }],
    ...(K > ZERO && { fee: { amount: K, currency: feeCurrency, account: platformPays ? platform.id : owner.id } }),
    ...(K > ZERO && disputeFeePolicy.returnedOnWinIn.has(country) && { feeReturns: true as const }),
  };
  return {
    dispute: withdrawn,
    charge: { ...charge, disputed: true, refundBlocked: true },
    post: [post('dispute', ...moves)],
    lines,
  };
}

/**
 * Opens a dispute of a charge.
 *
 * @param charge  one that `canBeDisputed`, as the operation leaves it otherwise
 * @returns `put` replaces the charge; events `charge.dispute.created`, and `charge.dispute.funds_withdrawn` when money moved
 * @rule M18, M19, R171, R175, R176, R202
 */
export function openDispute(
  given: { readonly charge: ChargeObject; readonly terms: DisputeTerms; readonly parties: Concerned },
  ctx: Place,
): Opened {
  const { charge, terms, parties } = given;
  assert(terms.amount > 0, 'something is disputed');
  const id = ctx.id('du');
  const begun: DisputeObject = {
    id,
    account: charge.account,
    created: ctx.now,
    amount: terms.amount,
    currency: charge.currency,
    charge: charge.id,
    ...(charge.payment_intent !== undefined && { payment_intent: charge.payment_intent }),
    reason: terms.reason,
    status: 'warning_needs_response',
    is_charge_refundable: true,
    due_by: dueBy(ctx.now),
    submission_count: 0,
    has_evidence: false,
    ...(charge.card && { brand: charge.card.brand }),
    lines: [],
    settledThrough: ctx.settledThrough,
  };
  const known: ChargeObject = { ...charge, disputes: [id, ...(charge.disputes ?? [])] };
  const step = terms.inquiry
    ? { dispute: begun, charge: known, post: [], lines: [] }
    : withdraw(begun, known, parties, ctx);
  const { dispute } = step;
  return {
    ...step,
    put: [dispute, step.charge],
    emit: [
      news('charge.dispute.created', dispute),
      ...(terms.inquiry ? [] : [news('charge.dispute.funds_withdrawn', dispute)]),
    ],
    schedule: waitsFor(dispute),
  };
}
