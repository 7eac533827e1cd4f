/**
 * Which events every change of an object must have, or that it has none: the lists of docs/rules a second time. Looked at is
 * what was before and what is now, never what the code meant to tell.
 */
import { eventTypeOf } from '../../src/data/event-types.ts';
import type { Changes } from '../../src/store/store.ts';

type Fields = Readonly<Record<string, unknown>> & { readonly id: string };

/** A change of an object by a command; `before` is null for a new one. */
interface Change {
  readonly before: Fields | null;
  readonly now: Fields;
  readonly command: string;
  /** Whether it is what was asked for, and not made beside it. */
  readonly isAnswer: boolean;
}

const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

const turned = ({ before, now }: Change, field: string, to: unknown): boolean =>
  now[field] === to && before?.[field] !== to;

const differs = ({ before, now }: Change, field: string): boolean =>
  JSON.stringify(before?.[field]) !== JSON.stringify(now[field]);

/** What has gone back to the customer, without what still waits for money (M15). */
const goneBack = (charge: Fields | null): number => number(charge?.amount_refunded) - number(charge?.refundsWaiting);

function ofCharge(change: Change): readonly string[] {
  const { before, now, command } = change;
  if (before === null) {
    if (now.id.startsWith('py_'))
      return command === 'charges.debit' ? ['charge.succeeded', 'payment.created'] : ['payment.created'];
    return [now.status === 'failed' ? 'charge.failed' : 'charge.succeeded'];
  }
  if (turned(change, 'captured', true)) return ['charge.captured'];
  if (turned(change, 'expired', true)) return ['charge.expired'];
  return [
    ...(goneBack(now) > goneBack(before) ? ['charge.refunded'] : []),
    ...(turned(change, 'disputed', true) ? ['charge.updated'] : []),
  ];
}

function ofRefund(change: Change): readonly string[] {
  if (change.before === null) return change.isAnswer ? ['refund.created'] : [];
  return ['charge.refund.updated', 'refund.updated', ...(turned(change, 'status', 'failed') ? ['refund.failed'] : [])];
}

function ofTransfer(change: Change): readonly string[] {
  if (change.before === null) return ['transfer.created'];
  if (!differs(change, 'amount_reversed')) return [];
  return change.command === 'transfer_reversals.create'
    ? ['transfer.reversed', 'transfer.updated']
    : ['transfer.reversed'];
}

function ofPayout(change: Change): readonly string[] {
  const { before, now } = change;
  return [
    ...(before === null ? ['payout.created'] : []),
    ...(turned(change, 'status', 'in_transit') ? ['payout.updated'] : []),
    ...(before !== null && differs(change, 'reversed_by') ? ['payout.updated'] : []),
    ...['paid', 'failed', 'canceled'].flatMap((status) =>
      turned(change, 'status', status) ? [`payout.${status}`] : [],
    ),
    ...(now.reconciled === true && before?.reconciled !== true ? ['payout.reconciliation_completed'] : []),
  ];
}

function ofDispute(change: Change): readonly string[] {
  const isInquiry = (dispute: Fields) => String(dispute.status).startsWith('warning');
  const { before, now } = change;
  if (before === null) {
    return isInquiry(now) ? ['charge.dispute.created'] : ['charge.dispute.created', 'charge.dispute.funds_withdrawn'];
  }
  if (turned(change, 'status', 'won')) return ['charge.dispute.closed', 'charge.dispute.funds_reinstated'];
  if (turned(change, 'status', 'lost') || turned(change, 'status', 'warning_closed')) return ['charge.dispute.closed'];
  return isInquiry(before) && !isInquiry(now) ? ['charge.dispute.funds_withdrawn', 'charge.dispute.updated'] : [];
}

/** What an account keeps for itself is no news. */
const own = [
  'exposure',
  'standing',
  'instantPayouts',
  'rejectRecommended',
  'consent',
  'changedPart',
  'platform',
  'holding',
  'holdingTold',
];

const shown = (account: Fields): string => {
  const fields = Object.entries(account).filter(([name]) => !own.includes(name));
  return JSON.stringify(fields.sort(), (name, value) => (name === 'failedDebits' ? undefined : value));
};

/** Null where nothing that is shown has changed: then it may be told of, or not. */
function ofAccount({ before, now, command }: Change): readonly string[] | null {
  if (before === null) return command === 'platforms.open' ? [] : ['account.updated'];
  return shown(before) === shown(now) ? null : ['account.updated'];
}

const rules: Readonly<Record<string, (change: Change) => readonly string[] | null>> = {
  acct: ofAccount,
  ch: ofCharge,
  py: ofCharge,
  re: ofRefund,
  pyr: ofRefund,
  tr: ofTransfer,
  po: ofPayout,
  du: ofDispute,
  fee: (change) => [change.before === null ? 'application_fee.created' : 'application_fee.refunded'],
  tu: (change) => [`topup.${change.now.status === 'pending' ? 'created' : change.now.status}`],
  clock: ({ before, now }) => [`test_helpers.test_clock.${before === null ? 'created' : now.status}`],
  pi: () => ['payment_intent.created', 'payment_intent.succeeded'],
  adj: () => [],
  cct: () => [],
  clocknote: () => [],
  fr: () => [],
  pm: () => [],
  rtx: () => [],
  trr: () => [],
};

/** Compares what an operation tells with what it changed. `versions` is what was before, and is brought up to date. */
export function newsDiffer(
  { put = [], emit = [], result }: Changes,
  command: string,
  versions: Map<string, unknown>,
): string | null {
  for (const [index, object] of put.entries()) {
    const now = object as unknown as Fields;
    const before = (versions.get(now.id) as Fields | undefined) ?? null;
    versions.set(now.id, now);
    const rule = rules[now.id.slice(0, now.id.lastIndexOf('_'))];
    if (rule === undefined) return `nothing says what is told of ${now.id}`;
    const must = rule({ before, now, command, isAnswer: result === now.id });
    if (must === null) continue;
    const told = emit.filter(([, about]) => about === index).map(([type]) => String(eventTypeOf(type)));
    const [says, should] = [told, must].map((types) => [...types].sort().join(', ') || 'nothing');
    if (says !== should) return `of ${now.id} it tells ${says}, and should tell ${should}`;
  }
  return null;
}
