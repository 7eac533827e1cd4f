import type { Wire } from '../../api/view.ts';
import type { Currency } from '../../data/currencies.ts';
import { SECONDS_PER_DAY, type UnixSeconds } from '../../kernel/time.ts';
import type { Balance } from '../../ledger/balance.ts';
import type { Position } from './position.ts';

interface Sums {
  accounts: number;
  /** Negatives that the platform is liable for, and bank debits of such accounts that may come back. */
  negative: number;
  uncleared: number;
  /** What account debits caused on accounts that Stripe is liable for (R135). */
  debits: number;
  /** Negatives that are Stripe's affair. */
  others: number;
  reserved: number;
  covered: number;
  oldest: Position | null;
}

const none = (): Sums => ({
  accounts: 0,
  negative: 0,
  uncleared: 0,
  debits: 0,
  others: 0,
  reserved: 0,
  covered: 0,
  oldest: null,
});

/** What a platform stands to lose, by currency; each position is looked at once, so their number does not matter. */
export class Exposure {
  readonly #sums = new Map<Currency, Sums>();

  add(position: Position): void {
    const { currency, exposed, liable, reserved, available, effective, negativeSince } = position;
    const sums = this.#sums.get(currency) ?? none();
    this.#sums.set(currency, sums);
    if (liable === 'platform') {
      sums.negative += Math.max(0, -available);
      sums.uncleared += available - effective;
    } else {
      sums.debits += exposed;
      sums.others += Math.max(0, -available) + (available - effective) - exposed;
    }
    sums.reserved += reserved;
    if (exposed === 0) return;
    sums.accounts++;
    // Per account: what is held for one covers no other (R123).
    sums.covered += Math.min(exposed, reserved);
    // Of several since the same moment the account that was made first: they come newest first.
    if (negativeSince !== null && negativeSince <= (sums.oldest?.negativeSince ?? Number.POSITIVE_INFINITY)) {
      sums.oldest = position;
    }
  }

  /**
   * @param own the platform's own balances: what it has to pay from, and what it owes itself
   * @returns one entry a currency in which the platform or an account has anything to answer for, by name
   */
  wire(own: ReadonlyMap<Currency, Balance>, now: UnixSeconds): readonly Wire[] {
    const owing = [...own].filter(([, { available }]) => available < 0).map(([currency]) => currency);
    return [...new Set([...this.#sums.keys(), ...owing])].sort().map((currency) => {
      const sums = this.#sums.get(currency) ?? none();
      const total = sums.negative + sums.uncleared + sums.debits;
      return {
        object: 'exposure',
        accounts: sums.accounts,
        caused_by_debits: sums.debits,
        covered: sums.covered,
        currency,
        liability_of_stripe: sums.others,
        negative: sums.negative,
        oldest: sums.oldest && {
          account: sums.oldest.account,
          days: Math.floor((now - (sums.oldest.negativeSince as number)) / SECONDS_PER_DAY),
          since: sums.oldest.negativeSince,
        },
        platform_available: own.get(currency)?.available ?? 0,
        reserved: sums.reserved,
        total,
        uncleared: sums.uncleared,
        uncovered: total - sums.covered,
      };
    });
  }
}
