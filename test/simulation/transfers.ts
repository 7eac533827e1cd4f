/** Transfers, account debits, reversals, fees given back (docs/rules/transfers.md, account-debits.md). */
import type { Books, Charge, Fee, Party, Transfer } from './books.ts';
import { carry, isPending, refuseReceiver } from './charges.ts';
import { countries, largestCharge, type Money, percentage, share, worth } from './tables.ts';

export function transfer(
  books: Books,
  asked: { to: Party; currency: Money; amount?: number; source?: Charge },
): string | Transfer {
  const { to, currency, source } = asked;
  const { platform } = books;
  const refusal = refuseReceiver(books, to);
  if (refusal) return refusal;
  const there = books.place(platform, currency);
  if (source === undefined) {
    const amount = asked.amount as number;
    if (there.available < amount) {
      books.by('R10', 'R25');
      return 'X10';
    }
    books.by('M7', 'R25');
    if (worth(amount, currency, books.settles(to, currency)) === 0) return 'refused';
    return send(books, to, currency, amount, null);
  }
  if (!source.isCaptured) return 'refused';
  books.by('R26', 'M8');
  if (source.row !== currency) return 'X15';
  const left = worth(source.amount, source.currency, source.row) - source.transferred;
  const amount = asked.amount ?? left;
  if (amount > left || left === 0) return 'X16';
  if (worth(amount, currency, books.settles(to, currency)) === 0) return 'refused';
  source.transferred += amount;
  return send(books, to, currency, amount, source);
}

function send(books: Books, to: Party, currency: Money, amount: number, source: Charge | null): Transfer {
  const on = source ? books.following(source.day) : 'now';
  const arrives = books.settles(to, currency);
  const arriving = worth(amount, currency, arrives);
  const receiver = books.place(to, arrives);
  if (on === 'now' && receiver.available < 0) books.by('R12', 'R31');
  if (on === 'now' && receiver.available < 0 && receiver.available + arriving >= 0) books.by('R130');
  books.write(books.platform, currency, { type: 'transfer', amount: -amount, on });
  books.write(to, arrives, { type: 'payment', amount: arriving, on });
  return carry(books, books.platform, to, { amount, currency, arrives }, on);
}

const debitBps = 150;
const largestDebitInDollars = 10_000_000;

/** The one flow of both forms (R73). */
export function debit(
  books: Books,
  asked: { from: Party; currency: Money; amount: number; by: 'charge' | 'transfer'; reference?: Charge },
): string | Transfer {
  const { from, currency, amount, by, reference } = asked;
  const { platform } = books;
  if (reference !== undefined) {
    books.by('R91');
    if (reference.owner !== from) return 'X60';
  } else if (from.lossesAre === 'stripe') {
    books.by(by === 'charge' ? 'R72' : 'R90');
    return by === 'charge' ? 'X51' : 'X50';
  }
  if (reference && from.lossesAre === 'application') books.by('R94');
  books.by('R77', 'R78');
  const { region } = countries[from.country];
  if (region === null || region !== countries[platform.country].region) return 'X52';
  books.by('R79');
  if (currency !== from.currency) return 'X54';
  books.by('R80');
  if (worth(amount, currency, 'usd') > largestDebitInDollars) return 'X55';
  if (by === 'charge' && amount > largestCharge) return 'X58';
  const arrives = books.settles(platform, currency);
  const arriving = worth(amount, currency, arrives);
  if (arriving === 0) return 'refused';
  books.by('R76');
  if (!from.hasConsented) return 'X56';
  const place = books.place(from, currency);
  const before = place.available;
  if (from.lossesAre === 'application' && amount > before) {
    books.by('R81', 'R89');
    const hasBank = from.externals.some((external) => external.isBank && external.currency === currency);
    if (!books.hasReserves || !hasBank) return 'X57';
    if (!countries[from.country].bankDebits) books.by('R112');
  }
  if (from.lossesAre === 'stripe') {
    books.by('R92');
    place.caused += Math.max(0, amount - Math.max(0, before));
  }
  const Z = percentage(arriving, debitBps);
  books.by('R73', 'R84', 'R86', by === 'charge' ? 'M32' : reference ? 'M34' : 'M33', by === 'charge' ? 'R85' : 'R87');
  books.write(from, currency, { type: 'transfer', amount: -amount });
  books.write(platform, arrives, { type: 'payment', amount: arriving });
  if (Z > 0) books.write(platform, arrives, { type: 'stripe_fee', amount: -Z });
  return carry(books, from, platform, { amount, currency, arrives }, 'now');
}

/** How much of `total` is due back once `far` of `of` is undone (M12: counted from the first time on). */
export const dueBack = (total: number, undone: number, far: number, of: number): number =>
  Math.max(0, share(total, far, of) - undone);

/** The part of a transfer, or of a debit, that its receiver gives back. */
export function takeBack(books: Books, { from, to, currency, day, payment }: Transfer, amount: number): void {
  const on = books.following(day);
  const cost = worth(amount, currency, payment.row);
  books.write(from, currency, { type: 'transfer_refund', amount, on });
  books.write(to, payment.row, { type: 'payment_refund', amount: -cost, on });
}

export function giveBack(books: Books, fee: Fee, amount: number): void {
  const on = books.following(fee.day);
  fee.refunded += amount;
  books.by('M17');
  const cost = worth(amount, fee.currency, fee.earned);
  books.write(books.platform, fee.earned, { type: 'application_fee_refund', amount: -cost, on });
  books.write(fee.payer, fee.currency, { type: 'adjustment', amount, on });
}

/** May so much be taken from who received a transfer (R60, R62, R64)? `change` is negative. */
export function refuseTakingBack(books: Books, to: Party, currency: Money, change: number): string | null {
  const before = books.place(to, currency).available;
  if (before + change >= 0) return null;
  books.by('R60', 'R62');
  if (before < 0) books.by('R64');
  if (to.no === 0) return before < 0 ? 'X12' : null;
  return books.isBacked(to) ? null : 'X47';
}

/** By the sender: M16, or M35 of a debit. */
export function reverse(
  books: Books,
  sent: Transfer,
  { amount: asked, withFee }: { amount?: number; withFee: boolean },
): string | Transfer {
  const { payment, to, currency } = sent;
  const left = Math.min(sent.amount - sent.reversed, payment.amount - payment.refunded);
  const amount = asked ?? left;
  if (amount > left || left === 0) return 'X45';
  const { fee } = payment;
  if (withFee && !fee) return 'X44';
  const back = withFee && fee ? dueBack(fee.amount, fee.refunded, sent.reversed + amount, sent.amount) : 0;
  if (!isPending(books, sent.day)) {
    const refusal = refuseTakingBack(books, to, payment.row, back - worth(amount, currency, payment.row));
    if (refusal) return refusal;
  }
  books.by(sent.from.no === 0 ? 'M16' : 'M35', 'R59');
  sent.reversed += amount;
  payment.refunded += amount;
  takeBack(books, sent, amount);
  if (back > 0 && fee) giveBack(books, fee, back);
  return sent;
}

/** R69: of what the account owes, as much reserve comes free as is filled, so only the rest has to be there. */
export function refundFee(books: Books, fee: Fee, asked?: number): string | Fee {
  const left = fee.amount - fee.refunded;
  const amount = asked ?? left;
  if (amount > left || left === 0) return 'X49';
  books.by('R69');
  if (!isPending(books, fee.day)) {
    const { available, held } = books.place(fee.payer, fee.currency);
    const cost = worth(amount, fee.currency, fee.earned);
    const freed = fee.earned === fee.currency ? Math.min(amount, held, Math.max(0, -available)) : 0;
    if (freed < cost && books.place(books.platform, fee.earned).available < cost - freed) return 'X12';
  }
  giveBack(books, fee, amount);
  return fee;
}
