import { describe, expect, test } from 'vitest';
import { platformOf, sellerOf } from '../../../test/support/parties.ts';
import { validateObject } from '../../../test/support/schema.ts';
import { controllerPresets } from '../../data/controllers.ts';
import type { Decision } from '../../engine/command.ts';
import { monday, testAccount, testContext, testPlatform } from '../../engine/testing.ts';
import { mint } from '../../kernel/id.ts';
import { minor } from '../../kernel/money.ts';
import { isRefusal, type Refusal } from '../../kernel/refusal.ts';
import { dayOf, isoDay } from '../../kernel/time.ts';
import { checkDecision } from '../../ledger/invariants.ts';
import type { AccountObject } from '../accounts/object.ts';
import { attemptCharge } from '../charges/attempt.ts';
import type { ChargeObject } from '../charges/object.ts';
import type { CardDetails } from '../payment-methods/object.ts';
import { cardFromAlias } from '../tokens/card.ts';
import { type AnswerDispute, answerDispute } from './answer.ts';
import { closeDispute, endInquiry, loseUnanswered } from './close.ts';
import { type CreateDispute, createDispute } from './create.ts';
import { type DecideDispute, decideDispute } from './decide.ts';
import type { Case } from './find.ts';
import type { DisputeObject } from './object.ts';
import { dueJob, inquiryEndJob } from './open.ts';
import { closeInquiries } from './refunded.ts';
import type { Concerned } from './rules.ts';
import { disputeView } from './view.ts';

const A = testAccount(1);
const wednesday = dayOf(monday) + 2;
const tuesday = testContext({ seq: 3000, now: monday + 86_400 });

const card: NonNullable<ChargeObject['card']> = {
  brand: 'visa',
  country: 'US',
  exp_month: 1,
  exp_year: 2030,
  fingerprint: 'f',
  funding: 'credit',
  last4: '4242',
};
const plain: ChargeObject = {
  id: mint('ch', 7, { seq: 900, pos: 0 }),
  account: testPlatform,
  created: monday,
  amount: minor(10_000),
  amount_captured: minor(10_000),
  amount_refunded: minor(0),
  currency: 'usd',
  status: 'succeeded',
  captured: true,
  paid: true,
  card,
  settlesOn: 'now',
  payment_intent: mint('pi', 7, { seq: 900, pos: 1 }),
};
const toSeller: Partial<ChargeObject> = { transfer_data: { destination: A } };

interface Given {
  readonly charge?: Partial<ChargeObject>;
  readonly seller?: Partial<AccountObject>;
  readonly direct?: true;
  readonly params?: Partial<CreateDispute>;
  readonly seq?: number;
}

function peopleOf({ charge, seller: given, direct }: Given): { charge: ChargeObject; parties: Concerned } {
  const seller = sellerOf(1, given);
  const platform = platformOf();
  return {
    charge: { ...plain, ...(direct && { account: A }), ...charge },
    parties: {
      owner: direct ? seller : platform,
      platform,
      destination: charge?.transfer_data ? seller : undefined,
      onBehalfOf: undefined,
    },
  };
}

function done<T extends Decision>(answer: T | Refusal): T {
  if (isRefusal(answer)) throw new Error(`refused: ${answer.error.message}`);
  checkDecision(answer.post ?? [], answer.lines ?? []);
  return answer;
}

const opening = (given: Given) =>
  createDispute.decide({ charge: plain.id, ...given.params }, peopleOf(given), testContext({ seq: given.seq ?? 2000 }));

/** The case of a dispute that was just opened. */
function caseOf(given: Given): Case {
  const { result, put } = done(opening(given));
  return { ...peopleOf(given), dispute: result as DisputeObject, charge: put?.[1] as ChargeObject, others: [] };
}

const who = (account: string) => (account === A ? 'A' : account === testPlatform ? 'P' : account);
const rowsOf = ({ lines = [] }: Decision) =>
  lines.map(({ account, type, amount, fee, on }) => [
    who(account),
    type,
    amount,
    fee,
    amount - fee,
    on === 'now' ? 'now' : isoDay(on).slice(5),
  ]);
const eventsOf = (decision: Decision) => decision.emit?.map(({ account, type }) => `${who(account)} ${type}`);

describe('M18 a chargeback', () => {
  test('E12, R160, R161, R163, R165 of a destination charge takes amount and fee from the platform, in one row', () => {
    const decision = done(opening({ charge: toSeller }));
    expect(rowsOf(decision)).toEqual([['P', 'adjustment', -10_000, 1500, -11_500, 'now']]);
    expect(decision.lines?.[0]).toMatchObject({
      reporting_category: 'dispute',
      source: decision.result.id,
      description: `Chargeback withdrawal for ${plain.id}`,
      fee_details: [{ amount: 1500, description: 'Dispute fee', type: 'stripe_fee' }],
    });
    expect(eventsOf(decision)).toEqual([
      'P charge.dispute.created',
      'P charge.dispute.funds_withdrawn',
      'P charge.updated',
    ]);
    expect(decision.put?.[1]).toMatchObject({
      id: plain.id,
      disputed: true,
      refundBlocked: true,
      disputes: [decision.result.id],
    });
    expect(decision.result).toMatchObject({
      status: 'needs_response',
      is_charge_refundable: false,
      reason: 'fraudulent',
    });
  });

  test('E14, R160, R162 of a direct charge takes them from the connected account', () => {
    const decision = done(opening({ direct: true }));
    expect(rowsOf(decision)).toEqual([['A', 'adjustment', -10_000, 1500, -11_500, 'now']]);
    expect(decision.result.account).toBe(A);
    expect(eventsOf(decision)?.[0]).toBe('A charge.dispute.created');
  });

  test('takes the fee from a platform that pays them, as a row of its own and at once', () => {
    const seller = { controller: { ...controllerPresets.express, fees: { payer: 'application' as const } } };
    const decision = done(opening({ direct: true, seller, charge: { settlesOn: wednesday } }));
    expect(rowsOf(decision)).toEqual([
      ['A', 'adjustment', -10_000, 0, -10_000, '03-04'],
      ['P', 'stripe_fee', -1500, 0, -1500, 'now'],
    ]);
    expect(decision.result.fee).toEqual({ amount: 1500, currency: 'usd', account: testPlatform });
  });

  test('E37, R174 of a pending charge is pending with it', () => {
    const decision = done(opening({ charge: { ...toSeller, settlesOn: wednesday } }));
    expect(rowsOf(decision)).toEqual([['P', 'adjustment', -10_000, 1500, -11_500, '03-04']]);
  });

  test("R164 of a seller in another country costs that country's fee", () => {
    const seller = { country: 'DE' as const };
    expect(rowsOf(done(opening({ charge: toSeller, seller })))).toEqual([
      ['P', 'adjustment', -10_000, 2200, -12_200, 'now'],
    ]);
  });

  test('R175 may be of a part or of more than the charge, and be one of several', () => {
    const part = done(opening({ params: { amount: minor(2500) } }));
    expect(rowsOf(part)).toEqual([['P', 'adjustment', -2500, 1500, -4000, 'now']]);
    const more = done(opening({ params: { amount: minor(10_400) }, seq: 2500, charge: part.put?.[1] as ChargeObject }));
    expect(rowsOf(more)).toEqual([['P', 'adjustment', -10_400, 1500, -11_900, 'now']]);
    expect(more.put?.[1]).toMatchObject({ disputes: [more.result.id, part.result.id] });
    // The charge is disputed already: nothing of it is news.
    expect(eventsOf(more)).not.toContain('P charge.updated');
  });

  test('R176 has to be answered by the end of the tenth day', () => {
    const { result, schedule } = done(opening({}));
    expect(schedule).toEqual([{ at: result.due_by, order: 2, job: dueJob, subject: result.id }]);
  });

  test('of a converted charge takes from the balance that the charge came to', () => {
    const decision = done(opening({ charge: { currency: 'eur', settlementCurrency: 'usd' } }));
    expect(rowsOf(decision)).toEqual([['P', 'adjustment', -11_000, 1500, -12_500, 'now']]);
    expect(decision.lines?.[0]).toMatchObject({ currency: 'usd', exchange_rate: 1.1 });
    const lost = { ...peopleOf({}), dispute: decision.result, charge: decision.put?.[1] as ChargeObject, others: [] };
    const won = done(decide('winning_evidence', lost));
    expect(rowsOf(won)).toEqual([['P', 'adjustment', 11_000, 0, 11_000, 'now']]);
  });

  const uncaptured = { captured: false };
  test.each([
    ['no_such', 'X7', {}, { charge: undefined, parties: undefined }],
    ['invalid_value', 'no card money', { amount: minor(100_000_000) }, peopleOf({ charge: uncaptured })],
    ['amount_not_multiple', 'X5', { amount: minor(100_000_001) }, peopleOf({ charge: { currency: 'kwd' } })],
    [
      'conversion_too_small',
      'M45',
      { amount: minor(1) },
      peopleOf({ charge: { currency: 'huf', settlementCurrency: 'usd' } }),
    ],
    ['amount_too_large', 'X58', { amount: minor(100_000_000) }, peopleOf({})],
  ] as const)('is refused: %s, %s', (name, _, params, state) => {
    expect(createDispute.decide({ charge: plain.id, ...params }, state, testContext())).toMatchObject({ name });
  });
});

const answer = (params: Partial<AnswerDispute>, found: Case | undefined, ctx = tuesday) =>
  answerDispute.decide({ dispute: found?.dispute.id ?? 'du_1', ...params } as AnswerDispute, found, ctx);
const decide = (text: string, found: Case, ctx = tuesday) =>
  answer({ evidence: { uncategorized_text: text } }, found, ctx);

describe('M19 an inquiry', () => {
  const inquiry: Given = { charge: toSeller, params: { inquiry: true } };

  test('E35, R171, R202 moves nothing and leaves the charge refundable', () => {
    const decision = done(opening(inquiry));
    expect(decision.lines).toEqual([]);
    expect(decision.post).toEqual([]);
    expect(eventsOf(decision)).toEqual(['P charge.dispute.created']);
    expect(decision.result).toMatchObject({ status: 'warning_needs_response', is_charge_refundable: true });
    expect(decision.put?.[1]).not.toHaveProperty('refundBlocked');
    expect(decision.put?.[1]).not.toHaveProperty('disputed');
  });

  test('E35, M20, R173 escalates into a chargeback, and the money goes then', () => {
    const found = caseOf(inquiry);
    const decision = done(decide('escalate_inquiry_evidence', found));
    expect(rowsOf(decision)).toEqual([['P', 'adjustment', -10_000, 1500, -11_500, 'now']]);
    expect(eventsOf(decision)).toEqual([
      'P charge.dispute.updated',
      'P charge.dispute.funds_withdrawn',
      'P charge.updated',
    ]);
    expect(decision.result).toMatchObject({
      id: found.dispute.id,
      status: 'needs_response',
      is_charge_refundable: false,
    });
    expect(decision.put?.[1]).toMatchObject({ disputed: true, refundBlocked: true });
    expect(decision.unschedule).toEqual([
      { at: monday + 120 * 86_400, order: 2, job: inquiryEndJob, subject: found.dispute.id },
    ]);
    expect(decision.schedule).toMatchObject([{ at: decision.result.due_by, job: dueJob }]);
  });

  test.each(['winning_evidence', 'losing_evidence'])('R173 ends by %s without a winner', (text) => {
    const decision = done(decide(text, caseOf(inquiry)));
    expect(decision.result).toMatchObject({ status: 'warning_closed', is_charge_refundable: true });
    expect(decision.lines).toEqual([]);
    expect(eventsOf(decision)).toEqual(['P charge.dispute.updated', 'P charge.dispute.closed']);
  });

  test('M20 is over after 120 days, answered or not', () => {
    const found = caseOf(inquiry);
    const [due] = done(opening(inquiry)).schedule ?? [];
    const ctx = testContext({ seq: 4000, now: due!.at });
    const waiting = done(decide('please read', found)).result;
    for (const dispute of [found.dispute, waiting]) {
      const decision = done(endInquiry.decide(due!, { ...found, dispute }, ctx));
      expect(decision.put).toMatchObject([{ status: 'warning_closed' }]);
      expect(eventsOf(decision)).toEqual(['P charge.dispute.closed']);
    }
    expect(endInquiry.decide(due!, caseOf({}), ctx)).toEqual({ result: null });
  });

  test('ends when its charge is refunded', () => {
    const { dispute } = caseOf(inquiry);
    const ended = closeInquiries([dispute, caseOf({}).dispute], tuesday);
    expect(ended.put).toMatchObject([{ id: dispute.id, status: 'warning_closed' }]);
    expect(ended.emit.map(({ type }) => type)).toEqual(['charge.dispute.closed']);
  });
});

describe('evidence', () => {
  test('E13, M21, R169 that wins brings the amount back and not the fee', () => {
    const decision = done(decide('winning_evidence', caseOf({ charge: toSeller })));
    expect(rowsOf(decision)).toEqual([['P', 'adjustment', 10_000, 0, 10_000, 'now']]);
    expect(decision.lines?.[0]).toMatchObject({
      reporting_category: 'dispute_reversal',
      description: `Chargeback reversal for ${plain.id}`,
      source: decision.result.id,
    });
    expect(eventsOf(decision)).toEqual([
      'P charge.dispute.updated',
      'P charge.dispute.funds_reinstated',
      'P charge.dispute.closed',
    ]);
    expect(decision.result).toMatchObject({ status: 'won', submission_count: 1 });
    expect(decision.result).not.toHaveProperty('due_by');
  });

  test('M21 that wins for a pending charge brings back pending money', () => {
    const decision = done(decide('winning_evidence', caseOf({ direct: true, charge: { settlesOn: wednesday } })));
    expect(rowsOf(decision)).toEqual([['A', 'adjustment', 10_000, 0, 10_000, '03-04']]);
  });

  test('M21 that wins in Mexico brings back the fee, to whoever paid it', () => {
    const mexican = { country: 'MX' as const };
    const peso: Given = { direct: true, charge: { currency: 'mxn' }, seller: mexican };
    const decision = done(decide('winning_evidence', caseOf(peso)));
    expect(rowsOf(decision)).toEqual([
      ['A', 'adjustment', 10_000, 0, 10_000, 'now'],
      ['A', 'adjustment', 30_000, 0, 30_000, 'now'],
    ]);
    expect(decision.lines?.[1]).toMatchObject({ reporting_category: 'fee' });
    const payer = { controller: { ...controllerPresets.express, fees: { payer: 'application' as const } } };
    const paid = done(decide('winning_evidence', caseOf({ ...peso, seller: { ...mexican, ...payer } })));
    // 300.00 mxn at 20: the platform had paid in dollars.
    expect(rowsOf(paid)[1]).toEqual(['P', 'adjustment', 1500, 0, 1500, 'now']);
  });

  test('R172, M24, X41 that wins makes the charge refundable, unless another chargeback stands', () => {
    const found = caseOf({});
    const { put } = done(decide('winning_evidence', found));
    expect(put?.[1]).toMatchObject({ disputed: true });
    expect(put?.[1]).not.toHaveProperty('refundBlocked');
    const other = { ...found.dispute, id: mint('du', 7, { seq: 2001, pos: 0 }), status: 'lost' as const };
    expect(done(decide('winning_evidence', { ...found, others: [other] })).put).toHaveLength(1);
  });

  test('M22, R170 that loses moves nothing', () => {
    const decision = done(decide('losing_evidence', caseOf({})));
    expect(decision.lines).toEqual([]);
    expect(decision.result.status).toBe('lost');
    expect(eventsOf(decision)).toEqual(['P charge.dispute.updated', 'P charge.dispute.closed']);
  });

  test.each(['please read', 'escalate_inquiry_evidence'])(
    'M23, R168 of a chargeback that says "%s" waits for the bank',
    (text) => {
      const decision = done(decide(text, caseOf({})));
      expect(decision.result).toMatchObject({ status: 'under_review', submission_count: 1, has_evidence: true });
      expect(eventsOf(decision)).toEqual(['P charge.dispute.updated']);
    },
  );

  test('that is only put down is submitted later', () => {
    const found = caseOf({});
    const staged = done(answer({ evidence: { uncategorized_text: 'winning_evidence' }, submit: false }, found)).result;
    expect(staged).toMatchObject({ status: 'needs_response', submission_count: 0, has_evidence: true });
    expect(done(answer({ submit: true }, { ...found, dispute: staged })).result.status).toBe('won');
  });

  test('is added to what is there; an empty text takes a key away', () => {
    const found = caseOf({});
    const dispute = done(
      answer({ evidence: { customer_name: 'Jenny', service_date: 'May' }, submit: false }, found),
    ).result;
    const next = done(answer({ evidence: { service_date: '', receipt: '' } }, { ...found, dispute })).result;
    expect(next.evidence).toEqual({ customer_name: 'Jenny' });
    expect(next.submission_count).toBe(1);
  });

  test('decides nothing in live mode', () => {
    const live = { ...tuesday, livemode: true, id: tuesday.id };
    expect(done(decide('winning_evidence', caseOf({}), live)).result.status).toBe('under_review');
  });

  test('labels do not answer a dispute, and can be given to a closed one', () => {
    const found = caseOf({});
    const lost = done(decide('losing_evidence', found)).result;
    const decision = done(answer({ metadata: { case: '7' } }, { ...found, dispute: lost }));
    expect(decision.result).toMatchObject({ status: 'lost', metadata: { case: '7' }, submission_count: 1 });
    expect(eventsOf(decision)).toEqual(['P charge.dispute.updated']);
  });

  const found = caseOf({});
  const late = testContext({ seq: 4000, now: found.dispute.due_by! + 1 });
  const lost = { ...found, dispute: { ...found.dispute, status: 'lost' as const } };
  const long = 'x'.repeat(20_000);
  const texts = [
    'access_activity_log',
    'cancellation_policy_disclosure',
    'cancellation_rebuttal',
    'duplicate_charge_explanation',
    'product_description',
    'refund_policy_disclosure',
    'refund_refusal_explanation',
    'uncategorized_text',
  ];
  const tooMuch = Object.fromEntries(texts.map((key) => [key, long]));
  test.each([
    ['no_such_in_path', undefined, { evidence: { receipt: 'file_1' } }],
    ['dispute_closed', lost, { evidence: { receipt: 'file_1', ...tooMuch } }],
    ['no_such', found, { evidence: { receipt: 'file_1', ...tooMuch } }],
    [
      'invalid_value',
      { ...found, files: { receipt: { purpose: 'pci_document' } } },
      { evidence: { receipt: 'file_1', ...tooMuch } },
    ],
    ['invalid_value', found, { evidence: tooMuch }],
    ['dispute_evidence_late', found, { evidence: { customer_name: 'Jenny' } }],
  ] as const)('is refused: %s', (name, given, params) => {
    expect(answer(params, given, late)).toMatchObject({ name });
  });

  test('R173 that decides at once is never late', () => {
    const reviewed = done(decide('please read', found)).result;
    expect(done(decide('winning_evidence', { ...found, dispute: reviewed }, late)).result.status).toBe('won');
  });
});

describe('what the bank decides by hand', () => {
  const hand = (outcome: DecideDispute['outcome'], found: Case | undefined) =>
    decideDispute.decide({ dispute: found?.dispute.id ?? 'du_1', outcome }, found, tuesday);

  test.each([
    ['won', 'won', {}, [['P', 'adjustment', 10_000, 0, 10_000, 'now']]],
    ['lost', 'lost', {}, []],
    [
      'escalated',
      'needs_response',
      { params: { inquiry: true } },
      [['P', 'adjustment', -10_000, 1500, -11_500, 'now']],
    ],
  ] as const)('R168 %s', (outcome, status, given, rows) => {
    const decision = done(hand(outcome, caseOf(given)));
    expect(decision.result.status).toBe(status);
    expect(rowsOf(decision)).toEqual(rows);
  });

  const found = caseOf({});
  test.each([
    ['no_such_in_path', undefined],
    ['dispute_closed', { ...found, dispute: { ...found.dispute, status: 'won' as const } }],
    ['invalid_value', found],
  ])('is refused: %s', (name, given) => {
    expect(hand('escalated', given)).toMatchObject({ name });
  });
});

describe('the end', () => {
  test('R176 without an answer is lost at the deadline', () => {
    const found = caseOf({});
    const due = { at: found.dispute.due_by!, order: 2, job: dueJob, subject: found.dispute.id };
    const ctx = testContext({ seq: 4000, now: due.at });
    const decision = done(loseUnanswered.decide(due, found, ctx));
    expect(decision.put).toMatchObject([{ status: 'lost' }]);
    expect(decision.lines).toEqual([]);
    expect(eventsOf(decision)).toEqual(['P charge.dispute.closed']);
    const reviewed = done(decide('please read', found)).result;
    expect(loseUnanswered.decide(due, { ...found, dispute: reviewed }, ctx)).toEqual({ result: null });
    expect(loseUnanswered.decide(due, undefined, ctx)).toEqual({ result: null });
  });

  test.each([
    ['lost', {}],
    ['warning_closed', { params: { inquiry: true } }],
  ] as const)('M22 closing makes it %s', (status, given) => {
    const found = caseOf(given);
    const decision = done(closeDispute.decide({ dispute: found.dispute.id }, found, tuesday));
    expect(decision.result.status).toBe(status);
    expect(eventsOf(decision)).toEqual(['P charge.dispute.closed']);
    expect(decision.unschedule).toHaveLength(1);
    const again = { ...found, dispute: decision.result };
    expect(closeDispute.decide({ dispute: found.dispute.id }, again, tuesday)).toMatchObject({
      error: { message: 'This dispute is already closed' },
    });
  });

  test('of a dispute that is not there', () => {
    expect(closeDispute.decide({ dispute: 'du_1' }, undefined, tuesday)).toMatchObject({
      status: 404,
      error: { message: "No such dispute: 'du_1'", param: 'dispute' },
    });
    expect(closeDispute.decide({ charge: 'ch_1' }, undefined, tuesday)).toMatchObject({ error: { param: 'id' } });
  });
});

describe('cards whose bank disputes everything', () => {
  const charge = (alias: string, capture = true) => {
    const draft = {
      amount: minor(10_001),
      currency: 'usd' as const,
      card: cardFromAlias(alias) as CardDetails,
      payment_method: 'pm_1',
      transfer_data: { destination: A },
    };
    const { parties } = peopleOf({ charge: toSeller });
    const attempt = attemptCharge(draft, { capture, canAuthenticate: false, parties }, testContext());
    if (attempt.kind === 'needsAuthentication') throw new Error('nobody can authenticate');
    checkDecision(attempt.post, attempt.lines);
    return attempt;
  };
  const disputesIn = ({ put }: ReturnType<typeof charge>) =>
    put.filter((object) => object.id.startsWith('du_')) as DisputeObject[];

  test('M18 the dispute follows what came with the charge, which is born disputed', () => {
    const attempt = charge('pm_card_createDispute');
    expect(attempt.emit.map(({ type }) => type)).toEqual([
      'charge.succeeded',
      'transfer.created',
      'payment.created',
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
    ]);
    expect(attempt.lines.at(-1)).toMatchObject({ type: 'adjustment', amount: -10_001, fee: 1500, on: wednesday });
    expect(attempt.charge).toMatchObject({ disputed: true, disputes: [disputesIn(attempt)[0]?.id] });
    expect(attempt.put[0]).toBe(attempt.charge);
    expect(attempt.schedule).toHaveLength(1);
    expect(disputesIn(attempt)).toMatchObject([{ reason: 'fraudulent', status: 'needs_response' }]);
  });

  test.each([
    ['pm_card_createDisputeProductNotReceived', [[10_001, 'product_not_received', 'needs_response']]],
    ['tok_visa_createDisputeInquiry', [[10_001, 'fraudulent', 'warning_needs_response']]],
    [
      'pm_card_createMultipleDisputes',
      [
        [5000, 'fraudulent', 'needs_response'],
        [5001, 'fraudulent', 'needs_response'],
      ],
    ],
    ['pm_card_createIssuerFraudRecord', []],
  ])('R175 %s', (alias, expected) => {
    const attempt = charge(alias);
    expect(disputesIn(attempt).map(({ amount, reason, status }) => [amount, reason, status])).toEqual(expected);
    expect(attempt.charge.disputes ?? []).toHaveLength(expected.length);
  });

  test('nothing is disputed before it is captured', () => {
    expect(disputesIn(charge('pm_card_createDispute', false))).toEqual([]);
  });
});

describe('on the wire', () => {
  const env = { livemode: false, book: 7, platform: testPlatform, application: 'ca_1', account: testPlatform };
  const wireOf = (dispute: DisputeObject, more: object = {}) => {
    const wire = disputeView.render(dispute, { ...env, ...more });
    expect(validateObject(wire)).toEqual([]);
    return wire;
  };

  test('every key is there', () => {
    const { dispute } = caseOf({});
    const wire = wireOf(dispute);
    expect(wire).toMatchObject({
      id: dispute.id,
      object: 'dispute',
      amount: 10_000,
      charge: plain.id,
      evidence_details: { due_by: dispute.due_by, has_evidence: false, past_due: false, submission_count: 0 },
      is_charge_refundable: false,
      metadata: {},
      payment_intent: plain.payment_intent,
      payment_method_details: { card: { brand: 'visa', case_type: 'chargeback', network_reason_code: '10.4' } },
      status: 'needs_response',
    });
    expect(Object.keys(wire.evidence as object)).toHaveLength(28);
    expect(Object.keys(wire)).toEqual(['id', 'object', ...Object.keys(wire).slice(2).sort()]);
  });

  test('rows are whole: withdrawal first, reinstatement second, none of an inquiry', () => {
    const found = caseOf({});
    const won = done(decide('winning_evidence', found)).result;
    expect(wireOf(won).balance_transactions).toMatchObject([
      { object: 'balance_transaction', amount: -10_000, fee: 1500, net: -11_500, created: monday, status: 'available' },
      { amount: 10_000, fee: 0, net: 10_000, created: monday + 86_400, reporting_category: 'dispute_reversal' },
    ]);
    expect(wireOf(won)).toMatchObject({ evidence_details: { due_by: null }, status: 'won' });
    const inquiry = caseOf({ params: { inquiry: true } }).dispute;
    expect(wireOf(inquiry)).toMatchObject({
      balance_transactions: [],
      payment_method_details: { card: { case_type: 'inquiry' } },
    });
  });

  test('rows are pending as the operation left them, and as the book stands when they are read', () => {
    const { dispute } = caseOf({ charge: { settlesOn: wednesday } });
    expect(wireOf(dispute).balance_transactions).toMatchObject([{ status: 'pending' }]);
    expect(wireOf(dispute, { settledThrough: wednesday - 1 }).balance_transactions).toMatchObject([
      { status: 'pending' },
    ]);
    expect(wireOf(dispute, { settledThrough: wednesday }).balance_transactions).toMatchObject([
      { status: 'available' },
    ]);
  });
});
