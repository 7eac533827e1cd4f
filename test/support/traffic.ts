/** Many clients that write at once, whatever happens to the server meanwhile; and what must be true of it afterwards. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answered, eachOf, get, listAll, type Market, randomTrade, type Write, write } from './load.ts';
import type { TestServer } from './process.ts';

type Target = Pick<TestServer, 'url'>;

export type Kind = 'charge' | 'transfer' | 'debit' | 'refund' | 'payout' | 'clock';
export type Effect = Write & { readonly kind: Kind };
export type Acknowledged = Effect & Answered;

export const clientCount = 16;

/** After that many, it is known well enough that something is wrong. */
const faultsMax = 50;
const repeatMsMax = 5_000;

interface TransferWire {
  readonly id: string;
  readonly source_transaction: string | null;
}

const idOf = ({ text }: Answered): string => (JSON.parse(text) as { id: string }).id;

export interface TrafficOptions {
  readonly random: () => number;
  /** Refunds and payouts, too, and, on a market with a test clock, moves of it. */
  readonly all?: boolean;
}

/** Sixteen clients, each with one write under way, until told to stop; then every write has its answer. */
export class Traffic {
  readonly acknowledged: Acknowledged[] = [];
  /** What had no answer for a minute; a client to whom that happens gives up. */
  readonly unanswered: string[] = [];
  readonly #server: Target;
  readonly #market: Market;
  readonly #random: () => number;
  readonly #all: boolean;
  #stopping = false;
  /** When the newest of the acknowledged writes was asked for. */
  #newest = 0;
  /** When each was acknowledged. */
  readonly #moments: number[] = [];
  #trading = 0;
  readonly #clients: Promise<unknown>;

  constructor(server: Target, market: Market, { random, all = false }: TrafficOptions) {
    this.#server = server;
    this.#market = market;
    this.#random = random;
    this.#all = all;
    const clients = Array.from({ length: clientCount }, (_, number) => this.#trade(number));
    if (all && market.clock !== null) clients.push(this.#moveClock(market.clock));
    this.#trading = clients.length;
    const toTheEnd = clients.map((client) =>
      client.catch((error) => this.unanswered.push(String(error))).finally(() => this.#trading--),
    );
    this.#clients = Promise.all(toTheEnd);
  }

  /** Returns when a write is acknowledged that was first asked for after `moment` (of `performance.now`), or all gave up. */
  async untilAcknowledgedSince(moment: number): Promise<void> {
    while (this.#newest < moment && this.#trading > 0) await sleep(5);
  }

  /** The longest time after `moment` in which no write was acknowledged, until one was. */
  longestSilenceSince(moment: number): { readonly from: number; readonly to: number } {
    let longest = { from: moment, to: moment };
    let from = moment;
    for (const to of this.#moments) {
      if (to < moment) continue;
      if (to - from > longest.to - longest.from) longest = { from, to };
      from = to;
    }
    return longest;
  }

  async stop(): Promise<readonly Acknowledged[]> {
    this.#stopping = true;
    await this.#clients;
    return this.acknowledged;
  }

  async #trade(number: number): Promise<void> {
    /** Charges of this client that are not refunded. */
    const charges: { readonly id: string; readonly amount: number }[] = [];
    for (let n = 0; !this.#stopping; n++) {
      const key = `client ${number} write ${n}`;
      const answered = await this.#do(this.#draw(charges, key));
      if (answered.kind === 'charge' && answered.status === 200) {
        charges.push(JSON.parse(answered.text) as { id: string; amount: number });
      }
    }
  }

  #draw(charges: { readonly id: string; readonly amount: number }[], key: string): Effect {
    const choice = this.#all ? this.#random() : 0;
    if (choice > 0.85) {
      const charge = charges.shift();
      if (charge) {
        // Whole or in part; the seller gives back its share.
        const amount = this.#random() < 0.5 ? charge.amount : 1 + Math.floor(this.#random() * charge.amount);
        const form = { charge: charge.id, amount: String(amount), reverse_transfer: 'true' };
        return { kind: 'refund', key, path: '/v1/refunds', form };
      }
    } else if (choice > 0.7) {
      const account = this.#market.sellers[Math.floor(this.#random() * this.#market.sellers.length)] as string;
      const form = { amount: String(100 + Math.floor(this.#random() * 900)), currency: 'usd' };
      return { kind: 'payout', key, path: '/v1/payouts', form, account };
    }
    return randomTrade(this.#market, this.#random, key);
  }

  /** Eight hours at a time: balances settle, payouts arrive. */
  async #moveClock(clock: string): Promise<void> {
    const path = `/v1/test_helpers/test_clocks/${clock}`;
    let time = (JSON.parse(await get(this.#server, this.#market.key, path)) as { frozen_time: number }).frozen_time;
    for (let n = 0; !this.#stopping; n++) {
      time += 8 * 3600;
      const form = { frozen_time: String(time) };
      await this.#do({ kind: 'clock', key: `clock ${n}`, path: `${path}/advance`, form });
      await sleep(200);
    }
  }

  async #do(effect: Effect): Promise<Acknowledged> {
    const asked = performance.now();
    const acknowledged = { ...effect, ...(await write(this.#server, this.#market.key, effect)) };
    this.acknowledged.push(acknowledged);
    this.#newest = Math.max(this.#newest, asked);
    this.#moments.push(performance.now());
    return acknowledged;
  }
}

/**
 * What is wrong after traffic has stopped, with every write answered: writes that are gone or changed, that happened twice,
 * or of which nobody was told; empty when all is well.
 */
export async function faultsOf(
  server: Target,
  market: Market,
  acknowledged: readonly Acknowledged[],
): Promise<readonly string[]> {
  const faults: string[] = [];
  const nameOf = ({ kind, key }: Effect) => `${kind} under '${key}'`;
  const done = acknowledged.filter((each) => {
    if (each.status === 200) return true;
    faults.push(`refused: ${nameOf(each)}: ${each.text}`);
    return false;
  });
  const faultsBefore = faults.length;
  const refunded = new Set(done.filter(({ kind }) => kind === 'refund').map(({ form }) => form.charge));
  // What changes afterwards by design: a charge with its refund, a payout with the days.
  const changes = (each: Acknowledged) => each.kind === 'payout' || refunded.has(idOf(each));
  await eachOf(done, clientCount, async (each) => {
    if (faults.length > faultsBefore + faultsMax) return;
    if (each.kind !== 'clock') {
      const found = await get(server, market.key, `${each.path}/${idOf(each)}`, each.account).catch(String);
      const same = changes(each) ? found.includes(`"id": "${idOf(each)}"`) : found === each.text;
      if (!same) faults.push(`lost: ${nameOf(each)}: acknowledged ${each.text}, found ${found}`);
    }
    const again = await write(server, market.key, each, repeatMsMax).catch((error) => {
      faults.push(`not repeated: ${nameOf(each)}: ${error}`);
    });
    if (!again) return;
    if (again.status !== 200 || again.text !== each.text || !again.replayed) {
      const how = again.replayed ? 'another answer' : 'done again';
      faults.push(`not repeated: ${nameOf(each)}: ${how}: acknowledged ${each.text}, repeated ${again.text}`);
    }
  });
  const told = (...kinds: Kind[]) => done.filter(({ kind }) => kinds.includes(kind)).map(idOf);
  const compare = (what: string, found: readonly string[], expected: readonly string[]) => {
    const [here, there] = [new Set(found), new Set(expected)];
    for (const id of here) if (!there.has(id)) faults.push(`twice: ${what} ${id} is there, and nobody was told of it`);
    for (const id of there) if (!here.has(id)) faults.push(`lost: ${what} ${id} was acknowledged and is not there`);
    if (expected.length !== there.size) faults.push(`lost: two keys were answered with the same ${what}`);
  };
  try {
    const idsIn = async (path: string, account?: string) =>
      (await listAll(server, market.key, path, account)).map(({ id }) => id);
    compare('charge', await idsIn('/v1/charges'), told('charge', 'debit'));
    compare('refund', await idsIn('/v1/refunds'), told('refund'));
    const transfers = await listAll<TransferWire>(server, market.key, '/v1/transfers');
    const own = transfers.filter(({ source_transaction }) => source_transaction === null);
    const sources = transfers.flatMap(({ source_transaction }) => source_transaction ?? []);
    const ownIds = own.map(({ id }) => id);
    compare('transfer', ownIds, told('transfer'));
    compare('charge with a transfer', sources, told('charge'));
    if (sources.length !== new Set(sources).size) faults.push('twice: a charge has two transfers');
    const payouts = await Promise.all(market.sellers.map((seller) => idsIn('/v1/payouts', seller)));
    compare('payout', payouts.flat(), told('payout'));
  } catch (error) {
    faults.push(`lost: the lists cannot be read: ${error}`);
  }
  return faults;
}
