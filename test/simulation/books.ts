/**
 * The model: the books a second time, as plain numbers, from the rules alone and as simple as can be. Nothing is cached, nothing
 * scheduled: after every step all accounts are looked at again, and a day is its two moments, one after the other.
 *
 * It shares no code with `src/`. Where both say the same after a million random steps, a mistake would have to be made twice.
 */
import { dayOf, startOf } from './calendar.ts';
import { type CountryCode, countries, type Money } from './tables.ts';

export interface External {
  id: string;
  readonly isBank: boolean;
  /** Instant payouts go to American bank accounts, and to cards. */
  readonly takesInstant: boolean;
  readonly currency: Money;
  /** What the bank says to a payout or a debit. */
  readonly answer: 'paid' | 'refused';
  isDefault: boolean;
  isErrored: boolean;
  /** Debits refused in a row (R102). */
  failures: number;
}

export type Interval = 'manual' | 'daily' | 'weekly' | 'monthly';

export interface Party {
  /** 0 is the platform; the order in which they were made. */
  readonly no: number;
  id: string;
  readonly country: CountryCode;
  readonly currency: Money;
  readonly lossesAre: 'application' | 'stripe';
  readonly platformPaysFees: boolean;
  readonly hasFullDashboard: boolean;
  readonly canReceive: boolean;
  hasConsented: boolean;
  drawsNegative: boolean;
  /** Switched off by the platform (R158). */
  isRejected: boolean;
  /** Its own delay; null: the country's. */
  delay: number | null;
  /** Instant payouts of the last day that had any. */
  instant: { readonly day: number; readonly count: number };
  /** What stays in the balance when the schedule pays out (M48). */
  readonly minimum: Map<Money, number>;
  interval: Interval;
  /** 0 is Sunday. */
  readonly weekday: number;
  readonly monthday: number;
  externals: External[];
  readonly places: Map<Money, Place>;
}

/** A bank debit of a negative balance, until it is cleared (R120). */
export interface Withdrawal {
  readonly amount: number;
  readonly bank: External;
  readonly arrives: number;
  readonly born: number;
  isPaid: boolean;
}

/** What a party has in a currency. */
export interface Place {
  available: number;
  readonly pending: Map<number, number>;
  /** The platform's money that stands against it. */
  held: number;
  /** Since when it has been negative (R152). */
  since: number | null;
  withdrawals: Withdrawal[];
  /** What account debits caused (R135). */
  caused: number;
  /** What came in on which day, whatever became of it (R191). */
  readonly credits: { readonly day: number; readonly amount: number }[];
}

/** From when money may be spent: at once, or from a day on. */
export type When = number | 'now';

export interface Row {
  readonly account: Party;
  readonly type: string;
  readonly currency: Money;
  readonly amount: number;
  readonly fee: number;
  readonly on: When;
}

export interface Charge {
  readonly kind: 'card' | 'payment';
  id: string;
  readonly owner: Party;
  readonly currency: Money;
  /** The currency in which it arrives (M45): known when it is captured. */
  row: Money;
  /** What came in: what was captured. */
  amount: number;
  readonly authorised: number;
  readonly created: number;
  isCaptured: boolean;
  isReleased: boolean;
  /** By which an application capped its fee: what was asked for. */
  readonly asked: { readonly fee: number; readonly to: Party | null; readonly part: number | null };
  readonly onBehalfOf: Party | null;
  day: When;
  /** What carried the money on, or what a payment came by. */
  transfer: Transfer | null;
  fee: Fee | null;
  /** Counts refunds that wait. */
  refunded: number;
  waiting: number;
  /** Of transfers that name it as their source. */
  transferred: number;
  readonly card: string;
  readonly disputes: Dispute[];
}

export interface Transfer {
  id: string;
  readonly from: Party;
  readonly to: Party;
  readonly amount: number;
  readonly currency: Money;
  readonly day: When;
  reversed: number;
  readonly payment: Charge;
}

export interface Fee {
  id: string;
  readonly payer: Party;
  readonly amount: number;
  readonly currency: Money;
  /** In which currency the platform got it (M45). */
  readonly earned: Money;
  readonly day: When;
  refunded: number;
}

export interface Dispute {
  id: string;
  readonly charge: Charge;
  readonly amount: number;
  isInquiry: boolean;
  isClosed: boolean;
  isWon: boolean;
  /** When an unanswered one is lost, and an inquiry is over. */
  ends: number;
}

export interface Payout {
  id: string;
  readonly owner: Party;
  readonly amount: number;
  readonly currency: Money;
  readonly bank: External;
  readonly answer: 'paid' | 'refused';
  readonly isAutomatic: boolean;
  readonly isInstant: boolean;
  readonly created: number;
  readonly arrives: number;
  readonly born: number;
  status: 'pending' | 'in_transit' | 'paid' | 'failed' | 'canceled';
  isReversed: boolean;
}

export interface Topup {
  id: string;
  readonly amount: number;
  /** The bank has paid, and did not take it back. */
  isThere: boolean;
}

export interface Refund {
  readonly charge: Charge;
  readonly amount: number;
  readonly withFee: boolean;
  readonly born: number;
}

export class Books {
  now: number;
  readonly hasReserves: boolean;
  readonly parties: Party[] = [];
  readonly charges: Charge[] = [];
  readonly transfers: Transfer[] = [];
  readonly fees: Fee[] = [];
  readonly disputes: Dispute[] = [];
  readonly payouts: Payout[] = [];
  readonly topups: Topup[] = [];
  /** Whether money that waited as long as it may is paid out (R192). */
  paysOutHeld = true;
  /** Payouts that are on their way. */
  underWay: Payout[] = [];
  /** Refunds that wait for money, oldest first (R66). */
  waiting: Refund[] = [];
  /** Refunds that the customer's bank will send back at the next start of day (M14). */
  failing: Refund[] = [];
  /** Written since somebody last looked. */
  rows: Row[] = [];
  /** Numbers of the rules that something was decided by. */
  readonly reached = new Set<string>();
  #births = 0;

  constructor(now: number, hasReserves: boolean) {
    this.now = now;
    this.hasReserves = hasReserves;
  }

  get platform(): Party {
    return this.parties[0] as Party;
  }

  get today(): number {
    return dayOf(this.now);
  }

  born(): number {
    return this.#births++;
  }

  /** Notes that rules were applied. */
  by(...rules: string[]): void {
    for (const rule of rules) this.reached.add(rule);
  }

  place(party: Party, currency: Money): Place {
    let place = party.places.get(currency);
    if (place === undefined) {
      place = { available: 0, pending: new Map(), held: 0, since: null, withdrawals: [], caused: 0, credits: [] };
      // In the order in which a day goes through them.
      const sorted = [...party.places, [currency, place] as const].sort(([a], [b]) => (a < b ? -1 : 1));
      party.places.clear();
      for (const [name, each] of sorted) party.places.set(name, each);
    }
    return place;
  }

  /** The day of what follows from something of this day: now, once it has come (2.3). */
  following(day: When): When {
    return day === 'now' || startOf(day) <= this.now ? 'now' : day;
  }

  /** Writes a row, and moves what it says (R15). */
  write(account: Party, currency: Money, row: { type: string; amount: number; fee?: number; on?: When }): void {
    const { type, amount, fee = 0, on = 'now' } = row;
    this.rows.push({ account, currency, type, amount, fee, on });
    const place = this.place(account, currency);
    if (on === 'now') place.available += amount - fee;
    else place.pending.set(on, (place.pending.get(on) ?? 0) + amount - fee);
    const isNew = !['payout_failure', 'payout_cancel', 'advance'].includes(type);
    if (isNew && amount > fee) place.credits.push({ day: on === 'now' ? this.today : on, amount: amount - fee });
  }

  holds(party: Party, currency: Money): boolean {
    return party.currency === currency || party.externals.some((external) => external.currency === currency);
  }

  /** In which currency something arrives (M45). */
  settles(party: Party, currency: Money): Money {
    if (this.holds(party, currency)) return currency;
    this.by('M45');
    return party.currency;
  }

  uncleared(place: Place): number {
    return place.withdrawals.reduce((sum, { amount }) => sum + amount, 0);
  }

  isInFlight(place: Place): boolean {
    return place.withdrawals.some(({ isPaid }) => !isPaid);
  }

  /** The bank account that a negative balance may be drawn from (R96, R97, R98, R103). */
  debitableBank(party: Party, currency: Money): External | undefined {
    if (party.no !== 0 && !party.drawsNegative) return undefined;
    if (!countries[party.country].bankDebits) {
      this.by('R98');
      return undefined;
    }
    const externals = party.externals.filter((external) => external.currency === currency);
    if (externals.some(({ isBank }) => !isBank)) this.by('R97');
    if (externals.some(({ isErrored }) => isErrored)) this.by('R103');
    const banks = externals.filter(({ isBank, isErrored }) => isBank && !isErrored);
    return banks.find(({ isDefault }) => isDefault) ?? banks[0];
  }

  /** Whether the platform's reserve stands in for a party (R60, R63, R64). */
  isBacked(party: Party): boolean {
    return this.hasReserves && party.lossesAre === 'application';
  }

  /** What follows from every operation (R120 to R135, R152). */
  follow(): void {
    for (const party of this.parties) {
      if (party.no === 0) continue;
      for (const [currency, place] of party.places) {
        const exposed = Math.max(0, -place.available) + this.uncleared(place);
        let target = 0;
        if (party.lossesAre === 'stripe') {
          target = Math.min(exposed, place.caused);
          if (exposed > 0) this.by('R133');
          if (target > 0) this.by('R135');
          place.caused = target;
        } else if (this.hasReserves) {
          target = exposed;
          if (exposed > 0) this.by('R120', 'R123');
        } else if (exposed > 0) this.by('R134');
        const change = target - place.held;
        if (change !== 0) {
          if (change > 0) this.by('M40', 'R122', 'R131');
          else this.by('M41', 'R127', 'R128', 'R131');
          if (change > 0 && this.place(this.platform, currency).available < change) this.by('R125');
          place.held = target;
          this.write(this.platform, currency, { type: 'reserve_transaction', amount: -change });
        }
        const effective = place.available - this.uncleared(place);
        if (effective >= 0) place.since = null;
        else if (place.since === null) place.since = this.now;
        else this.by('R152');
      }
    }
  }

  /** The platform's reserve in a currency is the sum over its accounts (R123). */
  reserved(currency: Money): number {
    return this.parties.reduce((sum, party) => sum + (party.places.get(currency)?.held ?? 0), 0);
  }
}
