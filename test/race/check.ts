/**
 * Whether what clients saw of a bank can be explained by its journal: strict serializability. The journal is one order of all
 * writes, so it is enough to ask whether that order respects real time, and whether every read can be put somewhere into it:
 *
 *   - what was acknowledged stands in the journal once, under its key, where its answer says, and took effect there
 *   - what was answered before something else was asked for stands before it
 *   - a refusal for lack of money is right at its place, and so is what was not refused
 *   - every read equals the state at a place after all that had been answered, reads too, when it was asked for, and
 *     before all that was asked for once it was answered
 *
 * A read takes the first place that fits. Later reads are only bound from below by it, and writes have fixed places; so when
 * the first one is too late for a write behind it, no other choice would have done.
 */

/** What an account holds, as a read shows it. */
export interface Held {
  readonly available: number;
  readonly pending: number;
}

/** An operation of the journal, and what it added to whom. */
export interface Entry {
  readonly seq: number;
  readonly key: string | null;
  readonly moves: ReadonlyMap<string, Held>;
}

/** Milliseconds of one monotonic clock; `answered` is null while nobody knows. */
interface Span {
  readonly asked: number;
  readonly answered: number | null;
}

export interface Write extends Span {
  readonly key: string;
  /** What it takes from whose available money: refused when that is less. */
  readonly spends: { readonly account: string; readonly amount: number } | null;
  /** `info`: no answer came, and it was given up. */
  readonly became: 'ok' | 'refused' | 'info';
  /** The operation that made what was answered. */
  readonly seq: number | null;
}

export interface Read extends Span {
  readonly answered: number;
  readonly account: string;
  readonly saw: Held;
}

export interface History {
  readonly writes: readonly Write[];
  readonly reads: readonly Read[];
}

/** @returns what cannot be explained, one line each; empty when everything can */
export function check(journal: readonly Entry[], { writes, reads }: History): readonly string[] {
  const wrong: string[] = [];
  const placeOf = new Map<string, number>();
  const states = new States();
  for (const [i, { seq, key, moves }] of journal.entries()) {
    const before = i === 0 ? seq - 1 : (journal[i - 1] as Entry).seq;
    if (seq !== before + 1) wrong.push(`operation ${seq} follows ${before}`);
    if (key !== null && placeOf.has(key)) wrong.push(`${key} happened as ${placeOf.get(key)} and as ${seq}`);
    if (key !== null) placeOf.set(key, seq);
    states.add(seq, moves);
  }
  const placed: { readonly write: Write; readonly seq: number }[] = [];
  for (const write of writes) {
    const seq = placeOf.get(write.key);
    if (seq === undefined) {
      if (write.became !== 'info') wrong.push(`${write.key} was answered and is not in the journal`);
      continue;
    }
    placed.push({ write, seq });
    wrong.push(...misanswered(write, seq, states, journal));
  }
  // From here on only places count.
  const firstBehind = firstAskedAfter(placed);
  const steps = [
    ...placed.map(({ write, seq }) => ({ span: write, seq, read: null })),
    ...reads.map((read) => ({ span: read, seq: null, read })),
  ].sort((a, b) => a.span.asked - b.span.asked);
  const answered = new Answered(journal[0] === undefined ? 0 : journal[0].seq - 1);
  for (const { span, seq, read } of steps) {
    const from = answered.latestBefore(span.asked);
    if (read === null) {
      if (seq <= from.place) wrong.push(`${span.key} stands at ${seq}, before ${from.what} at ${from.place}`);
      if (span.answered !== null) answered.add(span.answered, seq, span.key);
      continue;
    }
    const what = `a read of ${read.account} that saw ${spell(read.saw)}`;
    const place = states.firstPlace(read.account, read.saw, from.place);
    const behind = firstBehind(read.answered);
    if (place === null) wrong.push(`${what} fits nowhere from ${from.place} (${from.what}) on`);
    else if (place >= behind.place) {
      wrong.push(
        `${what} fits first at ${place}, but was answered before ${behind.what}, at ${behind.place}, was asked`,
      );
    } else answered.add(read.answered, place, what);
  }
  return wrong;
}

const spell = ({ available, pending }: Held): string => `${available} + ${pending}`;

/** What its answer says against what the journal says. */
function misanswered(
  { key, became, seq: says, spends }: Write,
  seq: number,
  states: States,
  journal: readonly Entry[],
) {
  const wrong: string[] = [];
  if (says !== null && says !== seq)
    wrong.push(`${key} was answered as operation ${says}, the journal has it at ${seq}`);
  const { moves } = journal[seq - (journal[0] as Entry).seq] as Entry;
  if (became === 'ok' && moves.size === 0) wrong.push(`${key} was acknowledged and moved nothing`);
  if (became === 'refused' && moves.size > 0) wrong.push(`${key} was refused and moved money`);
  if (spends === null) return wrong;
  const had = states.at(spends.account, seq - 1).available;
  const isEnough = had >= spends.amount;
  if (became === 'ok' && !isEnough) wrong.push(`${key} spent ${spends.amount} where there was ${had}`);
  if (became === 'refused' && isEnough) wrong.push(`${key} was refused ${spends.amount} where there was ${had}`);
  return wrong;
}

/** What every account held from which operation on. */
class States {
  readonly #accounts = new Map<string, { readonly seq: number; readonly held: Held }[]>();

  add(seq: number, moves: ReadonlyMap<string, Held>): void {
    for (const [account, { available, pending }] of moves) {
      const all = this.#accounts.get(account) ?? [];
      this.#accounts.set(account, all);
      const last = all.at(-1)?.held ?? { available: 0, pending: 0 };
      all.push({ seq, held: { available: last.available + available, pending: last.pending + pending } });
    }
  }

  at(account: string, place: number): Held {
    const all = this.#accounts.get(account) ?? [];
    return all[this.#indexAt(all, place)]?.held ?? { available: 0, pending: 0 };
  }

  /** The first place from `from` on where the account holds this. */
  firstPlace(account: string, { available, pending }: Held, from: number): number | null {
    const all = this.#accounts.get(account) ?? [];
    for (let i = this.#indexAt(all, from); i < all.length; i++) {
      const { seq, held } = all[i] ?? { seq: from, held: { available: 0, pending: 0 } };
      if (held.available === available && held.pending === pending) return Math.max(from, seq);
    }
    return all.length === 0 && available === 0 && pending === 0 ? from : null;
  }

  /** The last change at or before `place`; -1 when there is none. */
  #indexAt(all: readonly { readonly seq: number }[], place: number): number {
    let low = 0;
    let high = all.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((all[middle] as { seq: number }).seq <= place) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

interface Placed {
  readonly place: number;
  readonly what: string;
}

/** The latest place of all that had been answered by some moment. Moments are asked for in ascending order. */
class Answered {
  readonly #waiting = new Heap();
  #latest: Placed;

  constructor(start: number) {
    this.#latest = { place: start, what: 'the beginning' };
  }

  add(moment: number, place: number, what: string): void {
    this.#waiting.push({ moment, place, what });
  }

  latestBefore(moment: number): Placed {
    for (let next = this.#waiting.first; next && next.moment < moment; next = this.#waiting.first) {
      this.#waiting.shift();
      if (next.place > this.#latest.place) this.#latest = next;
    }
    return this.#latest;
  }
}

/** The first place of the writes that were asked for after some moment. */
function firstAskedAfter(placed: readonly { readonly write: Write; readonly seq: number }[]) {
  const byAsked = [...placed].sort((a, b) => a.write.asked - b.write.asked);
  const nowhere: Placed = { place: Number.POSITIVE_INFINITY, what: 'nothing' };
  const first: Placed[] = Array(byAsked.length + 1).fill(nowhere);
  for (let i = byAsked.length - 1; i >= 0; i--) {
    const { seq, write } = byAsked[i] as (typeof byAsked)[number];
    const later = first[i + 1] as Placed;
    first[i] = seq < later.place ? { place: seq, what: write.key } : later;
  }
  return (moment: number): Placed => {
    let low = 0;
    let high = byAsked.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((byAsked[middle] as (typeof byAsked)[number]).write.asked <= moment) low = middle + 1;
      else high = middle;
    }
    return first[low] as Placed;
  };
}

type Timed = Placed & { readonly moment: number };

/** The earliest moment first. */
class Heap {
  readonly #items: Timed[] = [];

  get first(): Timed | undefined {
    return this.#items[0];
  }

  push(item: Timed): void {
    const items = this.#items;
    let at = items.push(item) - 1;
    while (at > 0) {
      const above = (at - 1) >>> 1;
      if ((items[above] as Timed).moment <= item.moment) break;
      items[at] = items[above] as Timed;
      at = above;
    }
    items[at] = item;
  }

  shift(): void {
    const items = this.#items;
    const item = items.pop();
    if (item === undefined || items.length === 0) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= items.length) break;
      if (below + 1 < items.length && (items[below + 1] as Timed).moment < (items[below] as Timed).moment) below++;
      if (item.moment <= (items[below] as Timed).moment) break;
      items[at] = items[below] as Timed;
      at = below;
    }
    items[at] = item;
  }
}
