/** Payouts, and what a day brings by itself (2.4, 2.5; docs/rules/clock.md, negative-balances.md, reserves.md). */
import type { Books, External, Party, Payout, Place } from './books.ts';
import {
  closeOf,
  dayOf,
  dayOfMonth,
  daySeconds,
  isWorkday,
  startOf,
  weekdayOf,
  workdayFrom,
  workdaysAfter,
} from './calendar.ts';
import { fail, retry } from './refunds.ts';
import { countries, type Money, percentage } from './tables.ts';

const attempts = 3;
const withdrawalDays = 3;
const reversalDays = 3;
const collectedAfter = 180 * daySeconds;

const defaultOf = (party: Party, currency: Money): External | undefined =>
  party.externals.find((external) => external.currency === currency && external.isDefault);

function payOut(
  books: Books,
  owner: Party,
  currency: Money,
  amount: number,
  bank: External,
  automatic: boolean,
): Payout {
  const arrives = startOf(workdaysAfter(books.today, 1));
  const payout: Payout = {
    id: '',
    owner,
    amount,
    currency,
    bank,
    answer: bank.answer,
    isAutomatic: automatic,
    isInstant: false,
    created: books.now,
    arrives,
    born: books.born(),
    status: 'pending',
    isReversed: false,
  };
  books.by('M25', 'R4');
  books.underWay.push(payout);
  books.write(owner, currency, { type: 'payout', amount: -amount });
  return payout;
}

const instantBps = 100;
const instantPerDay = 10;

/** At once, also from what is pending (M30, R186). */
function payInstantly(books: Books, owner: Party, currency: Money, amount: number, bank: External): string | Payout {
  const range = countries[owner.country].instant;
  books.by('R186');
  if (range === null || !bank.takesInstant) return 'X25';
  if (amount < range[0] || amount > range[1]) return 'X26';
  const today = books.today;
  const count = owner.instant.day === today ? owner.instant.count : 0;
  if (count >= instantPerDay) return 'X27';
  const fee = percentage(amount, instantBps);
  const payer = books.platform;
  const needed = amount + (owner === payer ? fee : 0);
  const place = books.place(owner, currency);
  const pending = [...place.pending].sort(([a], [b]) => a - b);
  const funds = place.available + pending.reduce((sum, [, each]) => sum + each, 0) - inFlightOf(place);
  if (place.available < 0 || funds < needed) return 'X11';
  owner.instant = { day: today, count: count + 1 };
  const made: Payout = {
    id: '',
    owner,
    amount,
    currency,
    bank,
    answer: bank.answer,
    isAutomatic: false,
    isInstant: true,
    created: books.now,
    arrives: books.now,
    born: books.born(),
    status: bank.answer === 'paid' ? 'paid' : 'failed',
    isReversed: false,
  };
  books.payouts.push(made);
  books.by('M30');
  if (bank.answer !== 'paid') {
    bank.isErrored = true;
    books.write(owner, currency, { type: 'payout', amount: -amount });
    books.write(owner, currency, { type: 'payout_failure', amount });
    return made;
  }
  let missing = Math.max(0, needed - place.available);
  const borrowed = pending.flatMap(([day, each]) => {
    const part = Math.min(missing, Math.max(0, each));
    missing -= part;
    return part > 0 ? [{ day, part }] : [];
  });
  if (borrowed.length > 0) {
    books.write(owner, currency, { type: 'advance', amount: borrowed.reduce((sum, { part }) => sum + part, 0) });
    for (const { day, part } of borrowed)
      books.write(owner, currency, { type: 'advance_funding', amount: -part, on: day });
  }
  books.write(owner, currency, { type: 'payout', amount: -amount });
  if (fee > 0) books.write(payer, currency, { type: 'stripe_fee', amount: -fee });
  return made;
}

/** What bank debits credited that the bank may still refuse (R106). */
const inFlightOf = (place: Place): number =>
  place.withdrawals.reduce((sum, each) => sum + (each.isPaid ? 0 : each.amount), 0);

/** By hand (R180). */
export function payout(
  books: Books,
  owner: Party,
  currency: Money,
  { amount, isInstant }: { amount: number; isInstant: boolean },
): string | Payout {
  const bank = defaultOf(owner, currency);
  if (owner.hasFullDashboard) {
    books.by('R185');
    return 'X29';
  }
  if (bank === undefined) return 'X20';
  if (owner.isRejected) return 'refused';
  if (bank.isErrored) {
    books.by('R103', 'R184');
    return 'X21';
  }
  if (isInstant) return payInstantly(books, owner, currency, amount, bank);
  const place = books.place(owner, currency);
  const inFlight = inFlightOf(place);
  if (inFlight > 0) books.by('R106');
  books.by('R180');
  if (place.available < 0) books.by('R105');
  if (place.available - inFlight < amount) return 'X11';
  const made = payOut(books, owner, currency, amount, bank, false);
  books.payouts.push(made);
  return made;
}

export function cancel(books: Books, payout: Payout): string | Payout {
  books.by('R182');
  if (payout.status !== 'pending' || payout.amount < 0) return 'X23';
  payout.status = 'canceled';
  books.by('M28');
  books.write(payout.owner, payout.currency, { type: 'payout_cancel', amount: payout.amount });
  return payout;
}

export function reversePayout(books: Books, original: Payout): string | Payout {
  const { owner, currency, amount, bank } = original;
  books.by('R183');
  const isOffered = countries[owner.country].payoutReversals;
  const isYoung = books.now < original.created + 90 * daySeconds;
  if (
    !isOffered ||
    amount < 0 ||
    !bank.isBank ||
    original.isInstant ||
    original.status !== 'paid' ||
    original.isReversed ||
    !isYoung
  ) {
    return 'X24';
  }
  original.isReversed = true;
  const day = workdaysAfter(books.today, reversalDays);
  const back: Payout = {
    ...original,
    id: '',
    amount: -amount,
    answer: 'paid',
    created: books.now,
    arrives: startOf(day),
    born: books.born(),
    status: 'pending',
    isReversed: false,
  };
  books.by('M29');
  books.payouts.push(back);
  books.underWay.push(back);
  books.write(owner, currency, { type: 'payout', amount, on: day });
  return back;
}

/** Moves the clock, and has happen what happens on the way, moment by moment. */
export function advance(books: Books, to: number): void {
  for (let day = books.today; day <= dayOf(to); day++) {
    if (startOf(day) > books.now && startOf(day) <= to) {
      books.now = startOf(day);
      startDay(books);
    }
    if (closeOf(day) > books.now && closeOf(day) <= to) {
      books.now = closeOf(day);
      closeDay(books);
    }
  }
  books.now = to;
}

const placesOf = (books: Books): readonly { party: Party; currency: Money; place: Place }[] =>
  books.parties.flatMap((party) => Array.from(party.places, ([currency, place]) => ({ party, currency, place })));

function startDay(books: Books): void {
  settle(books);
  bankResults(books);
  for (const { place } of placesOf(books)) {
    const kept = place.withdrawals.filter(({ isPaid }) => !isPaid);
    if (kept.length === place.withdrawals.length) continue;
    books.by('R126');
    place.withdrawals = kept;
    books.follow();
  }
  collect(books);
  retry(books);
  automaticPayouts(books);
  holdingLimits(books);
}

/** M46 */
function settle(books: Books): void {
  for (const { place } of placesOf(books)) {
    for (const [day, amount] of place.pending) {
      if (day > books.today) continue;
      books.by('M46');
      if (place.available < 0 && amount > 0) books.by('R12');
      place.available += amount;
      place.pending.delete(day);
    }
  }
  books.follow();
}

function bankResults(books: Books): void {
  answerWithdrawals(books);
  const due = books.underWay.filter(({ arrives }) => arrives <= books.now).sort((a, b) => a.born - b.born);
  for (const payout of books.underWay) if (payout.status === 'pending') payout.status = 'in_transit';
  books.underWay = books.underWay.filter(({ arrives, status }) => arrives > books.now && status !== 'canceled');
  for (const payout of due) {
    if (payout.status === 'canceled') continue;
    if (payout.answer === 'paid') {
      payout.status = 'paid';
      continue;
    }
    books.by('R184', 'M27');
    payout.status = 'failed';
    payout.bank.isErrored = true;
    books.write(payout.owner, payout.currency, { type: 'payout_failure', amount: payout.amount });
    books.follow();
  }
  fail(books);
}

/** What banks say to debits of negative balances, in the order in which they were made (R102 to R104). */
function answerWithdrawals(books: Books): void {
  const due = placesOf(books)
    .flatMap((at) => at.place.withdrawals.map((withdrawal) => ({ ...at, withdrawal })))
    .filter(({ withdrawal }) => !withdrawal.isPaid && withdrawal.arrives <= books.now)
    .sort((a, b) => a.withdrawal.born - b.withdrawal.born);
  for (const { party, currency, place, withdrawal } of due) {
    const { bank, amount } = withdrawal;
    const isThere = party.externals.includes(bank);
    if (isThere && bank.answer === 'paid') {
      books.by('M37');
      withdrawal.isPaid = true;
      if (bank.failures > 0) books.by('R104');
      bank.failures = 0;
      continue;
    }
    books.by('M38', 'R102', 'R109', 'R129');
    place.withdrawals = place.withdrawals.filter((each) => each !== withdrawal);
    if (isThere) bank.failures++;
    if (bank.failures >= attempts) {
      books.by('R103');
      bank.isErrored = true;
    }
    books.write(party, currency, { type: 'payout_failure', amount: -amount });
    books.follow();
  }
}

/** R150 to R156 */
function collect(books: Books): void {
  const { platform } = books;
  for (const { party, currency, place } of placesOf(books)) {
    if (place.since === null || place.since + collectedAfter > books.now) continue;
    if (books.isInFlight(place)) {
      books.by('R155');
      continue;
    }
    if (place.available >= 0) continue;
    const owed = -place.available;
    const amount = party.lossesAre === 'application' ? owed : Math.min(owed, place.caused);
    if (amount === 0) {
      books.by('R156');
      continue;
    }
    books.by('M42', 'R150', 'R151', place.held > 0 ? 'R153' : 'R154');
    if (party.lossesAre === 'stripe') books.by('R156');
    if (place.held > 0) books.write(platform, currency, { type: 'reserve_transaction', amount: place.held });
    place.held = 0;
    place.caused = 0;
    books.write(platform, currency, { type: 'connect_collection_transfer', amount: -amount });
    books.write(party, currency, { type: 'connect_collection_transfer', amount });
    books.follow();
  }
}

/** Whether the schedule names a day, before it is shifted to a business day. */
function isNamed({ interval, weekday, monthday }: Party, day: number): boolean {
  if (interval === 'daily') return true;
  if (interval === 'weekly') return weekdayOf(day) === weekday;
  const number = dayOfMonth(day);
  return number === monthday || (monthday > number && dayOfMonth(day + 1) === 1);
}

function automaticPayouts(books: Books): void {
  const today = books.today;
  if (!isWorkday(today)) return;
  for (const { party, currency, place } of placesOf(books)) {
    if (party.interval === 'manual' || party.isRejected) continue;
    const isDue = [0, 1, 2].some((back) => isNamed(party, today - back) && workdayFrom(today - back) === today);
    if (!isDue) continue;
    const { currency: own, smallestPayout } = countries[party.country];
    const smallest = currency === own ? smallestPayout : 1;
    if (place.available < 0) books.by('R105');
    const minimum = party.minimum.get(currency) ?? 0;
    const amount = place.available - minimum;
    if (amount < smallest) continue;
    if (minimum > 0) books.by('M48');
    const bank = defaultOf(party, currency);
    if (bank?.isErrored) books.by('R103');
    if (bank === undefined || bank.isErrored) continue;
    if (books.isInFlight(place)) {
      books.by('R106');
      continue;
    }
    books.by('R181');
    payOut(books, party, currency, amount, bank, true);
    books.follow();
  }
}

/** What has waited for a payout by hand too long goes out; the newest that came in is what is left (R191, R192). */
function holdingLimits(books: Books): void {
  const today = books.today;
  for (const { party, currency, place } of placesOf(books)) {
    if (party.no === 0 || party.interval !== 'manual' || party.isRejected || place.available <= 0) continue;
    const { holdDays } = countries[party.country];
    const young = place.credits.filter(({ day }) => day > today - holdDays && day <= today);
    const tooOld = place.available - young.reduce((sum, { amount }) => sum + amount, 0);
    const bank = defaultOf(party, currency);
    if (tooOld > 0 && !books.paysOutHeld) books.by('R192 notice');
    if (tooOld <= 0 || bank === undefined || bank.isErrored || !books.paysOutHeld) continue;
    const amount = Math.min(tooOld, place.available - inFlightOf(place));
    if (amount <= 0) continue;
    books.by('R191', 'R192');
    payOut(books, party, currency, amount, bank, true);
    books.follow();
  }
}

/** Negative balances are drawn from banks (R95, R108). */
function closeDay(books: Books): void {
  for (const { party, currency, place } of placesOf(books)) {
    if (place.available >= 0) continue;
    const bank = books.debitableBank(party, currency);
    if (bank === undefined) continue;
    if (books.isInFlight(place)) {
      books.by('R107');
      continue;
    }
    const amount = -place.available;
    books.by('R95', 'R96', 'R101', 'M36');
    if (party.no === 0) books.by('R108', 'M39');
    if (party.interval !== 'daily') books.by('R99');
    const arrives = startOf(workdaysAfter(books.today, withdrawalDays));
    place.withdrawals.push({ amount, bank, arrives, born: books.born(), isPaid: false });
    books.write(party, currency, { type: 'payout', amount });
    books.follow();
  }
}
