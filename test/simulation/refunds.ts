/** Refunds (M10 to M15, M35; R50 to R68). */
import type { Books, Charge, Refund } from './books.ts';
import { isBlocked, isExpired, isPending } from './charges.ts';
import { worth } from './tables.ts';
import { dueBack, giveBack, refuseTakingBack, takeBack } from './transfers.ts';

export interface Asked {
  readonly amount?: number;
  readonly withTransfer: boolean;
  readonly withFee: boolean;
}

const bankAnswersLater = 'tok_refundFail';

/** What goes back along with it, in proportion to all that went back so far (R52, R53). */
function partsOf(made: Charge, amount: number, asked: Asked): { V: number; Q: number } {
  const { transfer, fee } = made;
  const far = made.refunded - made.waiting + amount;
  const V =
    asked.withTransfer && transfer && made.kind === 'card'
      ? dueBack(transfer.amount, transfer.reversed, far, made.amount)
      : 0;
  const Q = asked.withFee && fee ? dueBack(fee.amount, fee.refunded, far, made.amount) : 0;
  return { V, Q };
}

/** What the payer has once the fee of the same request went back (R62): it gets it, or pays it. */
function ownerHas(books: Books, made: Charge, Q: number): number {
  const { available } = books.place(made.owner, made.row);
  const { fee } = made;
  if (fee === null) return available;
  if (fee.payer === made.owner) return available + Q;
  const isPaidBySame = made.owner.no === 0 && fee.earned === made.row;
  return isPaidBySame ? available - worth(Q, fee.currency, fee.earned) : available;
}

export function refund(books: Books, made: Charge, asked: Asked): string | Charge {
  if (!made.isCaptured) return release(books, made, asked);
  const left = made.amount - made.refunded;
  if (left === 0) return 'X40';
  if (isBlocked(made)) {
    books.by('R172', 'M24');
    return 'X41';
  }
  if (asked.amount !== undefined && asked.amount > left) return 'X42';
  if (asked.withTransfer && made.transfer === null) return 'X43';
  if (asked.withFee) {
    if (!made.fee) return 'X44';
    if (made.kind === 'card' && made.transfer && !asked.withTransfer) return 'X44';
  }
  books.by('R56', 'R57');
  const amount = asked.amount ?? left;
  const { V, Q } = partsOf(made, amount, asked);
  const when = whenPaid(books, made, amount, V, Q);
  if (when === 'later') {
    books.by('M15', 'R66');
    made.refunded += amount;
    made.waiting += amount;
    books.waiting.push({ charge: made, amount, withFee: asked.withFee, born: books.born() });
    return made;
  }
  if (when !== 'now') return when;
  made.refunded += amount;
  if (made.kind === 'payment') undoPayment(books, made, amount, Q);
  else pay(books, { charge: made, amount, withFee: asked.withFee, born: books.born() }, V, Q);
  return made;
}

function whenPaid(books: Books, made: Charge, amount: number, V: number, Q: number): string {
  const { owner, row, transfer } = made;
  if (isPending(books, made.day)) {
    books.by('R55', 'R65');
    return 'now';
  }
  if (V > 0 && transfer) {
    books.by('R51');
    const leaves = worth(V, transfer.currency, transfer.payment.row);
    return refuseTakingBack(books, transfer.to, transfer.payment.row, Q - leaves) ?? 'now';
  }
  const before = ownerHas(books, made, Q);
  if (before >= 0) {
    if (before >= worth(amount, made.currency, row)) return 'now';
    books.by('R63');
    const isCovered = owner.no === 0 || books.debitableBank(owner, row) !== undefined || books.isBacked(owner);
    if (isCovered) return 'now';
  }
  return made.kind === 'card' ? 'later' : 'X12';
}

/** Reversal, fee, refund: in this order (M12). */
function pay(books: Books, refunded: Refund, V: number, Q: number): void {
  const { charge: made, amount } = refunded;
  const { transfer, fee } = made;
  books.by('R50', 'R54', made.owner.no === 0 ? (V > 0 ? 'M12' : 'M11') : Q > 0 ? 'M13' : 'M10');
  if (V > 0 && transfer) {
    if (V < transfer.amount) books.by('R52');
    takeBack(books, transfer, V);
    transfer.reversed += V;
    transfer.payment.refunded += V;
  }
  if (Q > 0 && fee) {
    books.by('R53');
    giveBack(books, fee, Q);
  }
  const cost = worth(amount, made.currency, made.row);
  books.write(made.owner, made.row, { type: 'refund', amount: -cost, on: books.following(made.day) });
  if (made.card === bankAnswersLater) books.failing.push(refunded);
  if (made.refunded === made.amount && made.waiting === 0) closeInquiries(books, made);
}

/** A full refund leaves nothing to ask for (R171). */
function closeInquiries(books: Books, made: Charge): void {
  for (const dispute of made.disputes) {
    if (!dispute.isInquiry || dispute.isClosed) continue;
    books.by('R171');
    dispute.isClosed = true;
  }
}

/** A payment from a balance is nothing but its transfer's end (M35, R68). */
function undoPayment(books: Books, made: Charge, amount: number, Q: number): void {
  const { transfer, fee } = made;
  if (!transfer) throw new Error('a payment came by a transfer');
  books.by('R68', 'M35');
  transfer.reversed += amount;
  takeBack(books, transfer, amount);
  if (Q > 0 && fee) giveBack(books, fee, Q);
}

/** An authorisation is let go whole (M9). */
function release(books: Books, made: Charge, asked: Asked): string | Charge {
  if (made.isReleased || isExpired(books, made)) return 'X40';
  if (asked.amount !== undefined && asked.amount !== made.authorised) return 'refused';
  made.isReleased = true;
  return made;
}

/** At each start of day, oldest first; what does not fit blocks no other (R66). */
export function retry(books: Books): void {
  const waiting = books.waiting;
  books.waiting = [];
  for (const refunded of waiting) {
    const { charge: made, amount, withFee } = refunded;
    if (isBlocked(made)) {
      made.refunded -= amount;
      made.waiting -= amount;
      continue;
    }
    const { Q } = partsOf(made, amount, { withTransfer: false, withFee });
    if (ownerHas(books, made, Q) < worth(amount, made.currency, made.row)) {
      books.waiting.push(refunded);
      continue;
    }
    made.waiting -= amount;
    pay(books, refunded, 0, Q);
    books.follow();
  }
}

/** M14: the customer's bank sends it back, to the account that paid it. */
export function fail(books: Books): void {
  const failing = books.failing;
  books.failing = [];
  for (const { charge: made, amount } of failing) {
    books.by('M14', 'R67');
    made.refunded -= amount;
    const back = worth(amount, made.currency, made.row);
    books.write(made.owner, made.row, { type: 'refund_failure', amount: back });
    books.follow();
  }
}
