/** Cards, captures, disputes (docs/rules/charges.md, disputes.md). Each answers the number of a refusal, or what was made. */
import type { Books, Charge, Dispute, Fee, Party, Transfer, When } from './books.ts';
import { closeOf, dayOf, daySeconds, startOf, workdaysAfter } from './calendar.ts';
import { countries, largestCharge, type Money, percentage, smallestCharge, worth } from './tables.ts';

const authorisedFor = 7 * daySeconds;

export interface Asked {
  readonly owner: Party;
  readonly currency: Money;
  readonly amount: number;
  readonly fee?: number;
  readonly destination?: Party;
  readonly part?: number;
  readonly onBehalfOf?: Party;
  readonly card: string;
  readonly capture: boolean;
}

function refuseTerms(books: Books, asked: Asked): string | null {
  const { owner, amount, currency, fee, destination, part } = asked;
  books.by('R32');
  if (amount < smallestCharge[currency]) return 'X30';
  if (amount > largestCharge) return 'X58';
  if (fee !== undefined) {
    if (owner.no === 0 && destination === undefined) return 'X35';
    if (part !== undefined) return 'X31';
  }
  if (part !== undefined && part > amount) return 'X33';
  const refusal = destination ? refuseReceiver(books, destination) : null;
  if (refusal) return refusal;
  if (owner.isRejected || asked.onBehalfOf?.isRejected) return 'refused';
  const merchant = asked.onBehalfOf ?? owner;
  return isWorthless(books, merchant, destination ?? null, currency, part ?? amount) ? 'refused' : null;
}

/** Whether nothing is left of what goes on to a destination, once it is converted (M45). */
function isWorthless(books: Books, merchant: Party, to: Party | null, currency: Money, amount: number): boolean {
  const row = books.settles(merchant, currency);
  return to !== null && worth(worth(amount, currency, row), row, books.settles(to, row)) === 0;
}

/** R28 */
export function refuseReceiver(books: Books, to: Party): string | null {
  books.by('R28');
  const { country } = books.platform;
  const mayCross = countries[country].crossBorder && countries[to.country].crossBorder;
  if (to.country !== country && !mayCross) return 'X13';
  return to.canReceive && !to.isRejected ? null : 'X14';
}

/** A card is charged. A decline leaves a charge without money, which nothing can be done with. */
export function charge(books: Books, asked: Asked): string | Charge {
  const refusal = refuseTerms(books, asked);
  if (refusal) return refusal;
  if (asked.card === 'tok_chargeDeclined') return 'X36';
  const made: Charge = {
    kind: 'card',
    id: '',
    owner: asked.owner,
    currency: asked.currency,
    row: asked.currency,
    amount: 0,
    authorised: asked.amount,
    created: books.now,
    isCaptured: false,
    isReleased: false,
    asked: { fee: asked.fee ?? 0, to: asked.destination ?? null, part: asked.part ?? null },
    onBehalfOf: asked.onBehalfOf ?? null,
    day: 'now',
    transfer: null,
    fee: null,
    refunded: 0,
    waiting: 0,
    transferred: 0,
    card: asked.card,
    disputes: [],
  };
  books.charges.push(made);
  if (asked.capture) take(books, made, asked.amount);
  else books.by('M9');
  return made;
}

export const isExpired = (books: Books, made: Charge): boolean =>
  !made.isCaptured && books.now >= made.created + authorisedFor;

export function capture(books: Books, made: Charge, amount: number): string | Charge {
  if (made.isCaptured || made.isReleased || isExpired(books, made)) return 'refused';
  if (amount > made.authorised) return 'refused';
  if (made.asked.part !== null && made.asked.part > amount) return 'X33';
  if (isWorthless(books, made.onBehalfOf ?? made.owner, made.asked.to, made.currency, made.asked.part ?? amount)) {
    return 'refused';
  }
  take(books, made, amount);
  return made;
}

/** The money of M1 to M6 moves. */
function take(books: Books, made: Charge, taken: number): void {
  const { owner, currency, card } = made;
  const { platform } = books;
  const merchant = made.onBehalfOf ?? owner;
  const row = books.settles(merchant, currency);
  made.row = row;
  const { currency: own, delay: usual, delayIn, bps, fixed } = countries[merchant.country];
  const delay = merchant.delay ?? usual;
  const today = books.today;
  const day: When = card.startsWith('tok_bypassPending')
    ? 'now'
    : delayIn === 'days'
      ? today + delay
      : workdaysAfter(today, delay);
  books.by(day === 'now' ? 'R2' : 'R3');
  if (taken < made.asked.fee) books.by('R23');
  made.isCaptured = true;
  made.amount = taken;
  made.day = day;
  // From here on everything is in the currency in which it arrives.
  const amount = worth(taken, currency, row);
  const S = percentage(amount, bps) + worth(fixed, own, row);
  const F = worth(Math.min(made.asked.fee, taken), currency, row);
  const earn = (payer: Party, paid: number, paidIn: Money): Fee => {
    const earned = owner === platform && paidIn === row ? row : books.settles(platform, paidIn);
    const fee: Fee = { id: '', payer, amount: paid, currency: paidIn, earned, day, refunded: 0 };
    books.fees.push(fee);
    books.write(platform, earned, { type: 'application_fee', amount: worth(paid, paidIn, earned), on: day });
    return fee;
  };
  if (owner.no !== 0) {
    const ownPart = owner.platformPaysFees ? 0 : S;
    books.by('R20', owner.platformPaysFees ? 'M2' : 'M1');
    books.write(owner, row, { type: 'charge', amount, fee: ownPart + F, on: day });
    if (owner.platformPaysFees) {
      const paidIn = books.settles(platform, row);
      books.write(platform, paidIn, { type: 'stripe_fee', amount: -worth(S, row, paidIn), on: day });
    }
    if (F > 0) made.fee = earn(owner, F, row);
  } else {
    books.write(platform, row, { type: 'charge', amount, fee: S, on: day });
    const { to, part } = made.asked;
    if (made.onBehalfOf) books.by('R29', 'M5');
    if (to) {
      const T = part === null ? amount : worth(part, currency, row);
      const arrives = books.settles(to, row);
      const paid = worth(F, row, arrives);
      books.by(part === null ? 'R21' : 'R22', part === null ? 'M3' : 'M4');
      if (S + T > amount) books.by('R24');
      books.write(platform, row, { type: 'transfer', amount: -T, on: day });
      books.write(to, arrives, { type: 'payment', amount: worth(T, row, arrives), fee: paid, on: day });
      made.transfer = carry(books, platform, to, { amount: T, currency: row, arrives }, day);
      made.transferred = T;
      if (paid > 0) {
        made.fee = earn(to, paid, arrives);
        made.transfer.payment.fee = made.fee;
      }
    } else books.by('M6');
  }
  const open = (D: number, isInquiry: boolean) => dispute(books, made, D, isInquiry);
  if (card === 'tok_createDispute') open(taken, false);
  if (card === 'tok_createDisputeInquiry') open(taken, true);
  if (card === 'tok_createMultipleDisputes') {
    const half = Math.floor(taken / 2);
    open(half, false);
    open(taken - half, false);
  }
}

/** A transfer and the payment at its end. */
export function carry(
  books: Books,
  from: Party,
  to: Party,
  { amount, currency, arrives }: { amount: number; currency: Money; arrives: Money },
  day: When,
): Transfer {
  const payment: Charge = {
    kind: 'payment',
    id: '',
    owner: to,
    currency,
    row: arrives,
    amount,
    authorised: amount,
    created: books.now,
    isCaptured: true,
    isReleased: false,
    asked: { fee: 0, to: null, part: null },
    onBehalfOf: null,
    day,
    transfer: null,
    fee: null,
    refunded: 0,
    waiting: 0,
    transferred: 0,
    card: '',
    disputes: [],
  };
  const transfer: Transfer = { id: '', from, to, amount, currency, day, reversed: 0, payment };
  payment.transfer = transfer;
  books.transfers.push(transfer);
  books.charges.push(payment);
  return transfer;
}

const firstAnswerDays = 10;
const inquiryDays = 120;

/** The last second of the tenth day (R176). */
const dueBy = (now: number): number => closeOf(dayOf(now) + firstAnswerDays) + 59;

export function dispute(books: Books, made: Charge, amount: number, isInquiry: boolean): string | Dispute {
  if (made.kind !== 'card' || !made.isCaptured) return 'refused';
  if (amount > largestCharge) return 'X58';
  if (worth(amount, made.currency, made.row) === 0) return 'refused';
  if (made.disputes.length > 0) books.by('R175');
  const ends = isInquiry ? books.now + inquiryDays * daySeconds : dueBy(books.now);
  const opened: Dispute = { id: '', charge: made, amount, isInquiry, isClosed: false, isWon: false, ends };
  made.disputes.push(opened);
  books.disputes.push(opened);
  if (isInquiry) books.by('R171', 'M19');
  else withdraw(books, opened);
  return opened;
}

/** M18: the amount and the fee in one row, whether the money is there or not. */
function withdraw(books: Books, { charge: made, amount }: Dispute): void {
  const { owner, row } = made;
  const { platform } = books;
  const connected = owner.no !== 0 ? owner : (made.asked.to ?? made.onBehalfOf ?? owner);
  const { disputeFee, currency: from } = countries[connected.country];
  const D = worth(amount, made.currency, row);
  const K = worth(disputeFee, from, row);
  const on = books.following(made.day);
  const platformPays = owner.no !== 0 && owner.platformPaysFees;
  books.by('M18', 'R160', 'R164', ...(owner.no === 0 ? ['R161', 'R165'] : []), ...(on === 'now' ? [] : ['R174']));
  books.write(owner, row, { type: 'adjustment', amount: -D, fee: platformPays ? 0 : K, on });
  if (platformPays) {
    const paidIn = books.settles(platform, row);
    books.write(platform, paidIn, { type: 'stripe_fee', amount: -worth(K, row, paidIn) });
  }
  if (books.place(owner, row).available < 0) books.by('R162');
}

export const isOver = (books: Books, { isClosed, ends }: Dispute): boolean => isClosed || books.now >= ends;

export function decide(books: Books, opened: Dispute, outcome: 'won' | 'lost' | 'escalated'): string | Dispute {
  if (isOver(books, opened)) return 'refused';
  const { charge: made, amount } = opened;
  if (outcome === 'escalated') {
    if (!opened.isInquiry) return 'refused';
    opened.isInquiry = false;
    opened.ends = dueBy(books.now);
    books.by('M20');
    withdraw(books, opened);
    return opened;
  }
  opened.isClosed = true;
  if (opened.isInquiry) return opened;
  if (outcome === 'lost') {
    books.by('R170', 'M22');
    return opened;
  }
  opened.isWon = true;
  books.by('R169', 'M21');
  const back = worth(amount, made.currency, made.row);
  books.write(made.owner, made.row, { type: 'adjustment', amount: back, on: books.following(made.day) });
  return opened;
}

/** Whether a chargeback that was not won stands against refunds (R172). */
export const isBlocked = (made: Charge): boolean => made.disputes.some(({ isInquiry, isWon }) => !isInquiry && !isWon);

export const isPending = ({ now }: Books, day: When): boolean => day !== 'now' && startOf(day) > now;
