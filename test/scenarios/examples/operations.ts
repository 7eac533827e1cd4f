/** One function per operation name of the examples, each by Stripe's own client where Stripe has a way to do it. */

import type Stripe from 'stripe';
import { expect } from 'vitest';
import { admin, advanceClock } from '../../support/platform.ts';
import { bankAccount } from './banks.ts';
import type { Operation } from './example.ts';
import { as, lastCharge, type MadeCharge, type Party, party, type World } from './world.ts';

type Perform = (world: World, op: Operation) => Promise<unknown>;

const paymentMethods: Readonly<Record<string, string>> = {
  '4000000000000077': 'pm_card_bypassPending',
  '4242424242424242': 'pm_card_visa',
};

function amountOf(op: Operation): number {
  if (op.amount === undefined) throw new Error(`${String(op.op)} needs an amount`);
  return op.amount;
}

const idOf = (value: string | { readonly id: string } | null | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.id;

/** A card payment, confirmed at once; remembers charge, transfer and application fee as the last ones. */
export async function chargeCard(
  world: World,
  payment: {
    readonly amount: number;
    readonly card: string | undefined;
    readonly owner: Party;
    readonly params?: Partial<Stripe.PaymentIntentCreateParams>;
  },
): Promise<Stripe.Charge> {
  const { amount, owner } = payment;
  const payment_method = paymentMethods[payment.card ?? ''];
  if (payment_method === undefined) throw new Error(`no payment method for card ${payment.card}`);
  const intent = await world.stripe.paymentIntents.create(
    { amount, currency: owner.currency, payment_method, confirm: true, expand: ['latest_charge'], ...payment.params },
    as(owner),
  );
  expect(intent.status).toBe('succeeded');
  const charge = intent.latest_charge as Stripe.Charge;
  world.charges.push({ id: charge.id, amount, owner });
  const transfer = idOf(charge.transfer);
  if (transfer !== undefined) world.transfer = transfer;
  const fee = idOf(charge.application_fee);
  if (fee !== undefined) world.applicationFee = fee;
  return charge;
}

const withFee = ({ application_fee_amount }: Operation): Partial<Stripe.PaymentIntentCreateParams> =>
  application_fee_amount === undefined ? {} : { application_fee_amount };

const directCharge: Perform = (world, op) =>
  chargeCard(world, { amount: amountOf(op), card: op.card, owner: party(world, op.account), params: withFee(op) });

const destinationCharge: Perform = (world, op) => {
  const amount = op.transfer_data_amount;
  const destination = party(world, op.account).id;
  return chargeCard(world, {
    amount: amountOf(op),
    card: op.card,
    owner: party(world, 'P'),
    params: { ...withFee(op), transfer_data: { destination, ...(amount === undefined ? {} : { amount }) } },
  });
};

const separateCharge: Perform = (world, op) =>
  chargeCard(world, {
    amount: amountOf(op),
    card: op.card,
    owner: party(world, 'P'),
    params: { transfer_group: 'ORDER_1' },
  });

const transfer: Perform = async (world, op) => {
  const { id } = await world.stripe.transfers.create({
    amount: amountOf(op),
    currency: party(world, 'P').currency,
    destination: party(world, op.account).id,
    ...(op.source_transaction === true ? { source_transaction: lastCharge(world).id } : {}),
  });
  world.transfer = id;
};

const transferReversal: Perform = (world, op) => {
  if (world.transfer === undefined) throw new Error(`${world.example.id} has made no transfer yet`);
  return world.stripe.transfers.createReversal(world.transfer, {
    amount: amountOf(op),
    ...(op.refund_application_fee === undefined ? {} : { refund_application_fee: op.refund_application_fee }),
  });
};

/** Refunds that mean another charge than the last one: "of the first charge". */
const refundsFirstCharge: ReadonlySet<string> = new Set(['E31']);

const refund: Perform = async (world, op) => {
  const charge = refundsFirstCharge.has(world.example.id) ? world.charges[0]! : lastCharge(world);
  const made = await world.stripe.refunds.create(
    {
      charge: charge.id,
      amount: amountOf(op),
      ...(op.reverse_transfer === undefined ? {} : { reverse_transfer: op.reverse_transfer }),
      ...(op.refund_application_fee === undefined ? {} : { refund_application_fee: op.refund_application_fee }),
    },
    as(charge.owner),
  );
  expect(made.status).toBe(op.expect_status ?? made.status);
  // R66: it waits for money, so it has no row yet.
  if (op.expect_status === 'pending') {
    expect(made.pending_reason).toBe('insufficient_funds');
    expect(made.balance_transaction).toBeNull();
  }
};

const feeRefund: Perform = (world, op) => {
  if (world.applicationFee === undefined) throw new Error(`${world.example.id} has no application fee yet`);
  return world.stripe.applicationFees.createRefund(world.applicationFee, { amount: amountOf(op) });
};

async function openDispute(world: World, charge: MadeCharge, amount: number, inquiry: boolean): Promise<void> {
  const dispute = await admin<Stripe.Dispute>(
    world.server,
    world.platform.secret_key,
    'POST',
    '/evenkeel/v1/disputes',
    { charge: charge.id, amount, reason: 'fraudulent', inquiry, account: charge.owner.id },
  );
  expect(dispute.status).toBe(inquiry ? 'warning_needs_response' : 'needs_response');
  expect(dispute.is_charge_refundable).toBe(inquiry);
  world.dispute = { id: dispute.id, owner: charge.owner, inquiry };
}

async function submitEvidence(world: World, text: string): Promise<Stripe.Dispute> {
  if (!world.dispute) throw new Error(`${world.example.id} has no dispute yet`);
  const { id, owner } = world.dispute;
  await world.stripe.disputes.update(id, { evidence: { uncategorized_text: text }, submit: true }, as(owner));
  // Test evidence decides at once (R173).
  return world.stripe.disputes.retrieve(id, {}, as(owner));
}

const dispute: Perform = async (world, op) => {
  if (world.dispute?.inquiry !== true) return openDispute(world, lastCharge(world), amountOf(op), false);
  const escalated = await submitEvidence(world, 'escalate_inquiry_evidence');
  expect(escalated.status).toBe('needs_response');
  world.dispute = { ...world.dispute, inquiry: false };
};

const inquiry: Perform = (world, op) => openDispute(world, lastCharge(world), amountOf(op), true);

const disputeClose: Perform = async (world, op) => {
  const status = op.status ?? 'lost';
  const closed = await submitEvidence(world, status === 'won' ? 'winning_evidence' : 'losing_evidence');
  expect(closed.status).toBe(status);
};

const accountDebitCharge: Perform = async (world, op) => {
  const debited = party(world, op.account);
  const payment = await world.stripe.charges.create({
    amount: amountOf(op),
    currency: op.currency ?? debited.currency,
    source: debited.id,
  });
  // R85: the answer is the payment on the platform, and it names the transfer on the debited account.
  expect(payment.id).toMatch(/^py_/);
  expect(payment.source_transfer).toMatch(/^tr_/);
};

const accountDebitTransfer: Perform = async (world, op) => {
  const debited = party(world, op.account);
  // R9: this is how a platform learns its own id.
  const { id: destination } = await world.stripe.accounts.retrieveCurrent();
  const reference = { type: 'charge', charge: world.debitReference };
  const params = {
    amount: amountOf(op),
    currency: op.currency ?? debited.currency,
    destination,
    // Documented by Stripe, but missing in the types of its clients.
    ...(op.reference_transaction === true ? { reference_transaction: reference } : {}),
  };
  const made = await world.stripe.transfers.create(params, as(debited));
  expect(made.destination).toBe(world.platform.id);
  expect(made.destination_payment).toMatch(/^py_/);
};

async function attachBank(world: World, owner: Party, number: string): Promise<void> {
  await world.stripe.accounts.createExternalAccount(owner.id, {
    external_account: bankAccount(owner.country, owner.currency, number),
    default_for_currency: true,
  });
}

const payout: Perform = async (world, op) => {
  const owner = party(world, op.account);
  if (op.bank !== undefined) await attachBank(world, owner, op.bank);
  const instant = op.method === 'instant';
  const { id } = await world.stripe.payouts.create(
    {
      amount: op.payout ?? amountOf(op),
      currency: owner.currency,
      ...(instant ? { method: 'instant' as const } : {}),
      ...(instant && world.debitCard !== undefined ? { destination: world.debitCard } : {}),
    },
    as(owner),
  );
  world.payout = { id, owner };
};

function lastPayout(world: World): { readonly id: string; readonly owner: Party } {
  if (!world.payout) throw new Error(`${world.example.id} has made no payout yet`);
  return world.payout;
}

const payoutCancel: Perform = async (world) => {
  const { id, owner } = lastPayout(world);
  const canceled = await world.stripe.payouts.cancel(id, {}, as(owner));
  expect(canceled.status).toBe('canceled');
};

const payoutReverse: Perform = async (world) => {
  const { id, owner } = lastPayout(world);
  const reversal = await world.stripe.payouts.reverse(id, {}, as(owner));
  expect(reversal.original_payout).toBe(id);
};

const topup: Perform = (world, op) =>
  world.stripe.topups.create({
    amount: amountOf(op),
    currency: party(world, 'P').currency,
    source: 'btok_us_verified',
    description: 'Top-up',
  });

const accountUpdate: Perform = (world, op) =>
  world.stripe.accounts.update(party(world, op.account).id, {
    settings: { payouts: { debit_negative_balances: op.debit_negative_balances === true } },
  });

const externalAccountUpdate: Perform = (world, op) => {
  if (op.bank === undefined) throw new Error('external_account_update needs a bank');
  return attachBank(world, party(world, op.account), op.bank);
};

/** The clock has moved already, before the step. */
const nothing: Perform = async () => undefined;

const operations: Readonly<Record<string, Perform>> = {
  account_debit_charge: accountDebitCharge,
  account_debit_transfer: accountDebitTransfer,
  account_update: accountUpdate,
  advance: nothing,
  destination_charge: destinationCharge,
  direct_charge: directCharge,
  dispute,
  dispute_close: disputeClose,
  external_account_update: externalAccountUpdate,
  fee_refund: feeRefund,
  inquiry,
  payout,
  payout_cancel: payoutCancel,
  payout_reverse: payoutReverse,
  refund,
  separate_charge: separateCharge,
  start: nothing,
  topup,
  transfer,
  transfer_reversal: transferReversal,
};

export const operationNames: readonly string[] = Object.keys(operations);

/** Moves the test clock to `to` (unix seconds), if that is later than where it stands: in one leap, or in strides. */
export async function moveClock(world: World, to: number, strideSeconds = Number.POSITIVE_INFINITY): Promise<void> {
  while (world.now < to) {
    const next = Math.min(to, world.now + strideSeconds);
    await advanceClock(world.stripe, world.clock, next);
    world.now = next;
  }
}

/** Runs the step's operation, or its list of them in order. */
export async function perform(world: World, op: Operation): Promise<void> {
  for (const name of [op.op].flat()) {
    const run = operations[name];
    if (!run) throw new Error(`unknown operation ${name}`);
    await run(world, op);
  }
}
