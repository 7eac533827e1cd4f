/**
 * What can be done, as steps of a few numbers each. Which charge a step refunds, and how much of it, is only found out when
 * its turn comes: so steps may be left out of a sequence, and what is left still means something. That is what shrinks well.
 */
import type { Books, Charge, External, Fee, Party, Payout, Transfer } from './books.ts';
import { dayOf, daySeconds, startOf } from './calendar.ts';
import * as cards from './charges.ts';
import * as days from './day.ts';
import type { Random } from './random.ts';
import * as refunds from './refunds.ts';
import type { CommandName, Found } from './system.ts';
import { countries, type Money, smallestCharge, worth } from './tables.ts';
import * as moves from './transfers.ts';

const weights = {
  charge: 28,
  transfer: 10,
  debit: 10,
  refund: 13,
  'refund payment': 3,
  reversal: 8,
  'fee refund': 4,
  dispute: 4,
  decision: 5,
  payout: 6,
  'payout cancel': 2,
  'payout reversal': 2,
  'holding action': 1,
  topup: 3,
  'topup reversal': 2,
  adjustment: 5,
  flag: 2,
  schedule: 2,
  'new bank': 3,
  'bank update': 3,
  'bank removal': 1,
  minimum: 1,
  consent: 1,
  capture: 2,
  delay: 1,
  rejection: 1,
  restart: 1,
  advance: 14,
};

export interface Step {
  readonly do: keyof typeof weights;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  /** Minor units. */
  readonly n: number;
  /** Per mille: how much of what there is. */
  readonly x: number;
  /** Asked for while the one before is not answered yet, so that both share a batch. */
  readonly isTogether: boolean;
  /** Asked for a second time under the same key. */
  readonly isTwice: boolean;
  /** Which process is asked, where there are several. */
  readonly via: number;
  /** After it something is asked for again that was answered before. */
  readonly isLate: boolean;
}

export const drawStep = (random: Random): Step => ({
  do: random.weighted(weights),
  a: random.int(1000),
  b: random.int(1000),
  c: random.int(1000),
  n: drawAmount(random),
  x: random.int(1000),
  isTogether: random.chance(40),
  isTwice: random.chance(6),
  via: random.int(1000),
  isLate: random.chance(4),
});

function drawAmount(random: Random): number {
  const size = random.int(100);
  if (size < 8) return 1 + random.int(99);
  if (size < 75) return 50 + random.int(30_000);
  if (size < 96) return 1000 + random.int(2_000_000);
  return random.pick([10_000_000, 10_000_001, 99_999_999, 100_000_000]);
}

/** What the system is asked, and what the model does: it answers the number of a refusal, or what it made. */
export interface Act {
  readonly name: CommandName;
  readonly params: Readonly<Record<string, unknown>>;
  /** On whose account. */
  readonly as: Party | null;
  readonly model: () => unknown;
  /** Tells the model the ids of what both have made. */
  readonly bind?: (object: Found, find: (id: unknown) => Found) => void;
}

/** All of it, a bit more, a bit less, a part of it, or some amount that has nothing to do with it; at least 1. */
function much({ x, n }: Step, base: number): number {
  if (x < 120) return Math.max(1, base);
  if (x < 200) return Math.max(1, base + 1);
  if (x < 260) return Math.max(1, base - 1);
  if (x < 650) return Math.max(1, Math.floor((base * (x - 250)) / 400));
  return n;
}

/** One of the newest: what is old and done is looked at less often. What was not answered yet cannot be named. */
function oneOf<T extends { readonly id: string }>(those: readonly T[], at: number): T | undefined {
  const all = those.filter(({ id }) => id !== '');
  return at % 5 === 0 ? all[at % all.length] : all[all.length - 1 - (at % Math.min(all.length, 12))];
}

const pick = <T>(all: readonly T[], at: number): T => all[at % all.length] as T;

const asOf = (party: Party): Party | null => (party.no === 0 ? null : party);

const anyone = (books: Books, at: number): Party => books.parties[at % books.parties.length] as Party;
const seller = (books: Books, at: number): Party => books.parties[1 + (at % (books.parties.length - 1))] as Party;

/** A currency in which a party has something, or could have. */
function currencyOf(party: Party, at: number): Money {
  const held = [...new Set([party.currency, party.currency, ...party.externals.map(({ currency }) => currency)])];
  return pick(held, at);
}

export function act(step: Step, books: Books): Act | null {
  switch (step.do) {
    case 'charge':
      return charge(step, books);
    case 'capture':
      return capture(step, books);
    case 'transfer':
      return transfer(step, books);
    case 'debit':
      return debit(step, books);
    case 'refund':
      return refund(step, books, 'card');
    case 'refund payment':
      return refund(step, books, 'payment');
    case 'reversal':
      return reversal(step, books);
    case 'fee refund':
      return feeRefund(step, books);
    case 'dispute':
      return dispute(step, books);
    case 'decision':
      return decision(step, books);
    case 'payout':
      return payout(step, books);
    case 'payout cancel':
      return payoutCancel(step, books);
    case 'payout reversal':
      return payoutReversal(step, books);
    case 'holding action':
      return holdingAction(step, books);
    case 'topup':
      return topup(step, books);
    case 'topup reversal':
      return topupReversal(step, books);
    case 'adjustment':
      return adjustment(step, books);
    case 'flag':
      return flag(step, books);
    case 'schedule':
      return schedule(step, books);
    case 'new bank':
      return newBank(step, books);
    case 'bank update':
      return bankUpdate(step, books);
    case 'bank removal':
      return bankRemoval(step, books);
    case 'minimum':
      return minimum(step, books);
    case 'consent':
      return consent(step, books);
    case 'delay':
      return delay(step, books);
    case 'rejection':
      return rejection(step, books);
    case 'restart':
      return { name: 'restart', params: {}, as: null, model: () => null };
    case 'advance':
      return advance(step, books);
  }
}

const cardTokens = [
  ...Array.from({ length: 9 }, () => 'tok_visa'),
  ...Array.from({ length: 7 }, () => 'tok_bypassPending'),
  'tok_chargeDeclined',
  'tok_createDispute',
  'tok_createDisputeInquiry',
  'tok_refundFail',
  'tok_pendingRefund',
  'tok_createMultipleDisputes',
];

function charge(step: Step, books: Books): Act | null {
  const { a, b, c, n, x } = step;
  const owner = a % 3 === 0 ? seller(books, b) : books.platform;
  const other = seller(books, b);
  const destination = owner.no === 0 && a % 3 === 1 && other ? other : undefined;
  const currency = x % 5 === 0 ? anyone(books, n).currency : owner.currency;
  const onBehalfOf = owner.no === 0 && c % 7 === 0 ? other : undefined;
  const card = pick(cardTokens, c);
  const fee = x % 4 === 0 ? Math.max(1, Math.floor((n * (x % 130)) / 100)) : undefined;
  const part =
    destination && (x % 4 === 1 || x % 32 === 0) ? Math.max(1, Math.floor((n * (x % 105)) / 100)) : undefined;
  const isIntent = c % 11 === 0;
  const takesLater = !isIntent && x % 23 === 0;
  const asked = {
    owner,
    currency,
    amount: n,
    card,
    capture: !takesLater,
    ...(fee !== undefined && { fee }),
    ...(destination && { destination }),
    ...(part !== undefined && { part }),
    ...(onBehalfOf && { onBehalfOf }),
  };
  const terms = {
    amount: n,
    currency,
    ...(fee !== undefined && { application_fee_amount: fee }),
    ...(destination && { transfer_data: { destination: destination.id, ...(part !== undefined && { amount: part }) } }),
    ...(onBehalfOf && { on_behalf_of: onBehalfOf.id }),
  };
  let made: Charge | string;
  const from = { charges: books.charges.length, disputes: books.disputes.length };
  return {
    name: isIntent ? 'intent' : 'charge',
    params: isIntent
      ? { ...terms, payment_method: card.replace('tok_', 'pm_card_'), confirm: true }
      : { ...terms, source: card, ...(takesLater && { capture: false }) },
    as: asOf(owner),
    model: () => {
      made = cards.charge(books, asked);
      return made;
    },
    bind: (object, find) => {
      if (typeof made !== 'string') bindCharge(made, isIntent ? find(object.latest_charge) : object, find);
      if (from.disputes < books.disputes.length) books.by('R166');
    },
  };
}

function bindCharge(made: Charge, object: Found, find: (id: unknown) => Found): void {
  made.id = object.id;
  if (made.transfer) {
    made.transfer.id = object.transfer as string;
    made.transfer.payment.id = find(object.transfer).destination_payment as string;
  }
  if (made.fee) made.fee.id = object.application_fee as string;
  const ids = [...((object.disputes as string[] | undefined) ?? [])].reverse();
  for (const [i, dispute] of made.disputes.entries()) dispute.id = ids[i] as string;
}

function capture(step: Step, books: Books): Act | null {
  const made = oneOf(
    books.charges.filter(({ kind, isCaptured }) => kind === 'card' && !isCaptured),
    step.a,
  );
  if (!made) return null;
  const amount = Math.max(smallestCharge[made.currency], much(step, made.authorised));
  return {
    name: 'capture',
    params: { charge: made.id, amount },
    as: asOf(made.owner),
    model: () => cards.capture(books, made, amount),
    bind: (object, find) => bindCharge(made, object, find),
  };
}

function transfer(step: Step, books: Books): Act | null {
  const { a, b, c } = step;
  const to = seller(books, a);
  const own = books.charges.filter(({ owner }) => owner.no === 0);
  const source = c % 3 === 0 ? oneOf(own, b) : undefined;
  const other = b % 4 === 0 ? anyone(books, b).currency : currencyOf(to, b);
  const currency = source && c % 10 !== 0 ? source.row : other;
  const left = source
    ? worth(source.amount, source.currency, source.row) - source.transferred
    : c % 2 === 0
      ? books.place(books.platform, currency).available
      : Math.abs(books.place(to, currency).available);
  const amount = source && c % 4 === 0 ? undefined : much(step, left);
  let made: Transfer | string;
  return {
    name: 'transfer',
    params: {
      currency,
      destination: to.id,
      ...(amount !== undefined && { amount }),
      ...(source && { source_transaction: source.id }),
    },
    as: null,
    model: () => {
      made = moves.transfer(books, {
        to,
        currency,
        ...(amount !== undefined && { amount }),
        ...(source && { source }),
      });
      return made;
    },
    bind: (object) => typeof made !== 'string' && bindTransfer(made, object.id, object.destination_payment),
  };
}

function bindTransfer(made: Transfer, id: unknown, payment: unknown): void {
  made.id = id as string;
  made.payment.id = payment as string;
}

function debit(step: Step, books: Books): Act | null {
  const { a, b, c } = step;
  const from = seller(books, a);
  const currency = b % 12 === 0 ? anyone(books, c).currency : from.currency;
  const amount = much(step, books.place(from, currency).available);
  const by = b % 2 === 0 ? 'charge' : 'transfer';
  const references = books.charges.filter(({ owner }) => c % 5 === 0 || owner === from);
  const reference =
    by === 'transfer' && (from.lossesAre === 'stripe' || c % 6 === 0) ? oneOf(references, c) : undefined;
  let made: Transfer | string;
  const model = () => {
    made = moves.debit(books, { from, currency, amount, by, ...(reference && { reference }) });
    return made;
  };
  if (by === 'charge') {
    return {
      name: 'debit by charge',
      params: { amount, currency, source: from.id },
      as: null,
      model,
      bind: (object) => typeof made !== 'string' && bindTransfer(made, object.source_transfer, object.id),
    };
  }
  return {
    name: 'transfer',
    params: {
      amount,
      currency,
      destination: books.platform.id,
      ...(reference && { reference_transaction: { type: 'charge', charge: reference.id } }),
    },
    as: from,
    model,
    bind: (object) => typeof made !== 'string' && bindTransfer(made, object.id, object.destination_payment),
  };
}

function refund(step: Step, books: Books, kind: Charge['kind']): Act | null {
  const made = oneOf(
    books.charges.filter((each) => each.kind === kind),
    step.a,
  );
  if (!made) return null;
  const { b, c } = step;
  const amount = b % 3 === 0 ? undefined : much(step, made.amount - made.refunded);
  const withTransfer = made.transfer !== null && kind === 'card' ? c % 4 !== 0 : c % 25 === 0;
  const withFee = made.fee !== null ? b % 2 === 0 : b % 25 === 0;
  return {
    name: 'refund',
    params: {
      charge: made.id,
      ...(amount !== undefined && { amount }),
      ...(withTransfer && { reverse_transfer: true }),
      ...(withFee && { refund_application_fee: true }),
    },
    as: asOf(made.owner),
    model: () => refunds.refund(books, made, { withTransfer, withFee, ...(amount !== undefined && { amount }) }),
  };
}

function reversal(step: Step, books: Books): Act | null {
  const sent: Transfer | undefined = oneOf(books.transfers, step.a);
  if (!sent) return null;
  const amount = step.b % 3 === 0 ? undefined : much(step, sent.amount - sent.reversed);
  const withFee = sent.payment.fee !== null ? step.b % 2 === 0 : step.b % 25 === 0;
  return {
    name: 'reversal',
    params: {
      transfer: sent.id,
      ...(amount !== undefined && { amount }),
      ...(withFee && { refund_application_fee: true }),
    },
    as: asOf(sent.from),
    model: () => moves.reverse(books, sent, { withFee, ...(amount !== undefined && { amount }) }),
  };
}

function feeRefund(step: Step, books: Books): Act | null {
  const fee: Fee | undefined = oneOf(books.fees, step.a);
  if (!fee) return null;
  const amount = step.b % 3 === 0 ? undefined : much(step, fee.amount - fee.refunded);
  return {
    name: 'fee refund',
    params: { fee: fee.id, ...(amount !== undefined && { amount }) },
    as: null,
    model: () => moves.refundFee(books, fee, amount),
  };
}

function dispute(step: Step, books: Books): Act | null {
  const made = oneOf(books.charges, step.a);
  if (!made) return null;
  const amount = step.b % 2 === 0 || !made.isCaptured ? made.amount || 1 : much(step, made.amount);
  const isInquiry = step.c % 3 === 0;
  let opened: ReturnType<typeof cards.dispute>;
  return {
    name: 'dispute',
    params: { charge: made.id, amount, ...(isInquiry && { inquiry: true }) },
    as: null,
    model: () => {
      opened = cards.dispute(books, made, amount, isInquiry);
      return opened;
    },
    bind: (object) => {
      if (typeof opened !== 'string') opened.id = object.id;
    },
  };
}

function decision(step: Step, books: Books): Act | null {
  const opened = oneOf(books.disputes, step.a);
  if (!opened) return null;
  const outcome = pick(['won', 'lost', 'escalated'] as const, step.b);
  return {
    name: 'decision',
    params: { dispute: opened.id, outcome },
    as: null,
    model: () => cards.decide(books, opened, outcome),
  };
}

const bindPayout = (made: Payout | string | undefined) => (object: Found) => {
  if (typeof made === 'object') made.id = object.id;
};

function payout(step: Step, books: Books): Act | null {
  const owner = anyone(books, step.a);
  const currency = currencyOf(owner, step.b);
  const { available, pending } = books.place(owner, currency);
  const isInstant = step.c % 6 === 0;
  const coming = isInstant ? [...pending.values()].reduce((sum, amount) => sum + amount, 0) : 0;
  const amount = much(step, available + coming);
  let made: Payout | string;
  return {
    name: 'payout',
    params: { amount, currency, ...(isInstant && { method: 'instant' }) },
    as: asOf(owner),
    model: () => {
      made = days.payout(books, owner, currency, { amount, isInstant });
      return made;
    },
    bind: (object) => bindPayout(made)(object),
  };
}

function payoutCancel(step: Step, books: Books): Act | null {
  const made = oneOf(books.payouts, step.a);
  if (!made) return null;
  return {
    name: 'payout cancel',
    params: { payout: made.id },
    as: asOf(made.owner),
    model: () => days.cancel(books, made),
  };
}

function payoutReversal(step: Step, books: Books): Act | null {
  const original = oneOf(books.payouts, step.a);
  if (!original) return null;
  let made: Payout | string;
  return {
    name: 'payout reversal',
    params: { payout: original.id },
    as: asOf(original.owner),
    model: () => {
      made = days.reversePayout(books, original);
      return made;
    },
    bind: (object) => bindPayout(made)(object),
  };
}

/** What becomes of money that waited too long (R192). Which accounts have some, the route finds out; here all are looked at. */
function holdingAction({ b }: Step, books: Books): Act {
  const paysOut = b % 2 === 0;
  return {
    name: 'payout settings',
    params: {
      holding_limit_action: paysOut ? 'payout' : 'notice',
      overdue: books.parties.filter(({ no }) => no !== 0).map(({ id }) => id),
    },
    as: null,
    model: () => {
      books.paysOutHeld = paysOut;
    },
  };
}

function topup({ a, n }: Step, books: Books): Act {
  const { platform } = books;
  const { currency } = platform;
  const isPaid = a % 8 !== 0;
  const made = { id: '', amount: n, isThere: isPaid };
  return {
    name: 'topup',
    params: { amount: n, currency, source: isPaid ? 'btok_us_verified' : 'btok_us_verified_noAccount' },
    as: null,
    model: () => {
      books.by('R187');
      if (isPaid) books.write(platform, currency, { type: 'topup', amount: n });
      books.topups.push(made);
    },
    bind: (object) => {
      made.id = object.id;
    },
  };
}

/** The bank takes back what it has paid, whatever is left of it (M31). */
function topupReversal({ a }: Step, books: Books): Act | null {
  const made = oneOf(books.topups, a);
  if (!made) return null;
  const { platform } = books;
  return {
    name: 'topup reversal',
    params: { topup: made.id },
    as: null,
    model: () => {
      if (!made.isThere) return 'refused';
      books.by('M31');
      made.isThere = false;
      books.write(platform, platform.currency, { type: 'topup_reversal', amount: -made.amount });
    },
  };
}

function adjustment(step: Step, books: Books): Act {
  const account = anyone(books, step.a);
  const currency = currencyOf(account, step.b);
  const amount = step.c % 3 === 0 ? step.n : -much(step, books.place(account, currency).available);
  return {
    name: 'adjustment',
    params: { account: account.id, amount, currency },
    as: null,
    model: () => {
      books.by('M47');
      books.write(account, currency, { type: 'adjustment', amount });
    },
  };
}

function flag({ a, b }: Step, books: Books): Act {
  const account = seller(books, a);
  const to = b % 3 !== 0;
  return {
    name: 'account update',
    params: { account: account.id, settings: { payouts: { debit_negative_balances: to } } },
    as: null,
    model: () => {
      if (to && !account.drawsNegative) books.by('R100');
      account.drawsNegative = to;
    },
  };
}

function schedule({ a, b }: Step, books: Books): Act | null {
  const account = anyone(books, a);
  const interval = pick(['manual', 'daily', 'weekly', 'monthly'] as const, b);
  if (account.country === 'JP' && interval === 'daily') return null;
  const { weekday, monthday } = account;
  const anchor = {
    ...(interval === 'weekly' && { weekly_anchor: weekdays[weekday] }),
    ...(interval === 'monthly' && { monthly_anchor: monthday }),
  };
  return {
    name: 'account update',
    params: { account: account.id, settings: { payouts: { schedule: { interval, ...anchor } } } },
    as: null,
    model: () => {
      account.interval = interval;
    },
  };
}

export const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** An American bank account of a currency; the number says what the bank will answer. */
export const bankParams = (currency: Money, answer: External['answer']) => ({
  object: 'bank_account',
  country: 'US',
  currency,
  routing_number: '110000000',
  account_number: answer === 'paid' ? '000123456789' : '000222222227',
});

export const newExternal = (currency: Money, answer: External['answer'], isBank = true): External => ({
  id: '',
  isBank,
  takesInstant: true,
  currency,
  answer,
  isDefault: true,
  isErrored: false,
  failures: 0,
});

export function bindExternals(externals: readonly External[], object: Found): void {
  const ids = object.external_accounts as readonly { readonly id: string }[];
  for (const [i, external] of externals.entries()) external.id = ids[i]?.id as string;
}

/** A bank account that takes the place of its currency's default (R104), or a further one. */
function newBank({ a, b, c }: Step, books: Books): Act {
  const account = anyone(books, a);
  const currency = currencyOf(account, b);
  const answer = c % 3 === 0 ? 'refused' : 'paid';
  const replaces = c % 4 !== 0;
  const isDefault = replaces || c % 8 === 0;
  let left: readonly External[] = [];
  return {
    name: replaces ? 'account update' : 'external account',
    params: {
      account: account.id,
      external_account: bankParams(currency, answer),
      ...(!replaces && { default_for_currency: isDefault }),
    },
    as: null,
    model: () => {
      books.by('R104');
      const isOld = (external: External) => external.currency === currency && external.isDefault;
      const isFirst = !account.externals.some((external) => external.currency === currency);
      if (replaces) account.externals = account.externals.filter((external) => !isOld(external));
      else if (isDefault) for (const external of account.externals.filter(isOld)) external.isDefault = false;
      account.externals.push({ ...newExternal(currency, answer), isDefault: isFirst || isDefault });
      // As they stand in the answer; commands sent together with this one may change them before it comes.
      left = [...account.externals];
    },
    bind: (object) => bindExternals(left, object),
  };
}

function bankUpdate({ a, b }: Step, books: Books): Act | null {
  const all = books.parties.flatMap(({ externals }) => externals);
  const errored = all.filter(({ isErrored, failures }) => isErrored || failures > 0);
  const external = oneOf(errored.length > 0 && b % 4 !== 0 ? errored : all, a);
  const account = books.parties.find(({ externals }) => external && externals.includes(external));
  if (!external || !account) return null;
  const becomesDefault = b % 5 === 0;
  return {
    name: 'external account update',
    params: {
      account: account.id,
      id: external.id,
      ...(becomesDefault ? { default_for_currency: true } : { metadata: { seen: 'yes' } }),
    },
    as: null,
    model: () => {
      books.by('R104');
      if (becomesDefault) {
        for (const each of account.externals) {
          if (each.currency === external.currency) each.isDefault = each === external;
        }
      }
      external.isErrored = false;
      external.failures = 0;
    },
  };
}

function bankRemoval({ a }: Step, books: Books): Act | null {
  const external = oneOf(
    books.parties.flatMap(({ externals }) => externals),
    a,
  );
  const account = books.parties.find(({ externals }) => external && externals.includes(external));
  if (!external || !account) return null;
  return {
    name: 'external account removal',
    params: { account: account.id, id: external.id },
    as: null,
    model: () => {
      const rest = account.externals.filter((each) => each !== external);
      const { currency, isDefault } = external;
      const isNeeded = currency === account.currency || rest.some((each) => each.currency === currency);
      if (isDefault && isNeeded) return 'refused';
      account.externals = rest;
    },
  };
}

/** M48 */
function minimum({ a, b, n }: Step, books: Books): Act {
  const account = anyone(books, a);
  const currency = currencyOf(account, b);
  const amount = b % 3 === 0 ? null : n % 50_000;
  return {
    name: 'balance settings',
    params: { payments: { payouts: { minimum_balance_by_currency: { [currency]: amount } } } },
    as: asOf(account),
    model: () => {
      account.minimum.set(currency, amount ?? 0);
    },
  };
}

function consent({ a }: Step, books: Books): Act {
  const account = seller(books, a);
  return {
    name: 'consent',
    params: { account: account.id, date: books.now },
    as: null,
    model: () => {
      account.hasConsented = true;
    },
  };
}

/** R3: an account's own delay, or its country's again. */
function delay({ a, b }: Step, books: Books): Act {
  const account = anyone(books, a);
  const { delay: least } = countries[account.country];
  const days = b % 3 === 0 ? null : least + (b % 20);
  return {
    name: 'account update',
    params: {
      account: account.id,
      settings: { payouts: { schedule: { delay_days: days ?? 'minimum' } } },
    },
    as: null,
    model: () => {
      if (days !== null && days > 31) return 'refused';
      account.delay = days;
    },
  };
}

function rejection({ a }: Step, books: Books): Act {
  const account = seller(books, a);
  return {
    name: 'rejection',
    params: { account: account.id, reason: 'other' },
    as: null,
    model: () => {
      if (account.lossesAre === 'stripe') return 'refused';
      books.by('R158');
      if ([...account.places.values()].some(({ held }) => held > 0)) books.by('R136');
      account.isRejected = true;
    },
  };
}

/** Mostly to somewhere in the next days; often to a moment at which something happens, or a second beside it. */
function advance({ a, b, n }: Step, books: Books): Act {
  const { now } = books;
  const today = dayOf(now);
  const beside = (n % 3) - 1;
  const targets = [
    now + 1 + (b % 59),
    now + 60 * (1 + (b % 180)),
    startOf(today + 1) + beside,
    startOf(today + 1),
    startOf(today + 1) - 60 + beside,
    startOf(today + 1 + (b % 4)),
    startOf(today + 2 + (b % 4)) - 60,
    now + daySeconds,
    now + daySeconds * (1 + (b % 7)) + (n % 7200),
    now + daySeconds * (1 + (b % 7)),
    startOf(today + 3 + (b % 10)) + (n % daySeconds),
    ...(b % 4 === 0 ? [now + 31 * daySeconds] : []),
    ...(b % 6 === 0 ? [now + 180 * daySeconds + beside, now + 200 * daySeconds] : []),
  ];
  const to = pick(targets, a);
  return {
    name: 'advance',
    params: { frozen_time: to },
    as: null,
    model: () => {
      if (to <= now) return 'refused';
      return days.advance(books, to);
    },
  };
}
