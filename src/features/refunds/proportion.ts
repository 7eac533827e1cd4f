import { type Minor, minor, share } from '../../kernel/money.ts';

/**
 * How much of something has to be undone now, so that it is undone in the same proportion as a payment is.
 *
 * Counts from the first time on: the share of everything undone so far, less what was undone already. So many small parts
 * undo exactly what one large part would, the odd unit included, and the last part takes all that is left.
 *
 * @param total   the transfer or fee that goes along; minor units
 * @param undone  of `total`, so far, by whatever way; more than its share when somebody gave back more by hand
 * @param so.far  of the payment, with the part that is undone now
 * @param so.of   the whole payment
 * @returns minor units of `total`'s currency, halves away from zero; never below 0, never more than is left of it
 * @rule M12, M13, M16, R52, R53
 */
export const dueBack = (
  { total, undone }: { readonly total: Minor; readonly undone: Minor },
  so: { readonly far: Minor; readonly of: Minor },
): Minor => minor(Math.max(0, share(total, { part: so.far, whole: so.of }) - undone));
