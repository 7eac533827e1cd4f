/** Clients of a bank of a few hot accounts, who write down what they asked, what they heard and when. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answered, type Write as Asked, ask, get, type Market } from '../support/load.ts';
import type { Held, History, Read, Write } from './check.ts';
import { bornIn, type Fleet } from './fleet.ts';

export interface TrafficOptions {
  readonly fleet: Fleet;
  readonly market: Market;
  readonly random: () => number;
  /** How many operations in all, reads with writes. */
  readonly operations: number;
  readonly clients: number;
  /** A process is killed about as often; null for never. */
  readonly killEveryMs: number | null;
  readonly isOver: () => boolean;
  readonly onProgress: (done: number) => void;
}

export interface Traffic extends History {
  readonly kills: number;
  /** Writes that were sent to two processes at once under one key. */
  readonly twins: number;
  /** Answers that were not what they may be: an unknown error, or two answers to one key that are not the same bytes. */
  readonly wrong: readonly string[];
}

/** How often, of a hundred. */
const percent = { read: 50, twin: 20, givenUp: 20 };

/** Asked again for so long, at some process, until there is an answer. */
const patienceMs = 60_000;

export async function trade(options: TrafficOptions): Promise<Traffic> {
  const { fleet, market, random, operations, clients, killEveryMs, isOver, onProgress } = options;
  const history = { writes: [] as Write[], reads: [] as Read[] };
  const wrong: string[] = [];
  const stop = new AbortController();
  let started = 0;
  let twins = 0;
  let kills = 0;

  const clientOf = async (_: unknown, number: number) => {
    while (started < operations && !isOver()) {
      const n = started++;
      onProgress(n);
      if (random() * 100 < percent.read) await look();
      else await move(`client ${number} write ${n}`);
    }
  };

  const look = async () => {
    const id = anyOf([market.platform, ...market.sellers]);
    const asked = performance.now();
    // A read that is not answered says nothing.
    const text = await get(fleet.next(), market.key, '/v1/balance', id === market.platform ? undefined : id).catch(
      () => null,
    );
    const answered = performance.now();
    if (text !== null) history.reads.push({ asked, answered, account: String(bornIn(id)), saw: heldIn(text) });
  };

  const move = async (key: string) => {
    const { asked: request, spends } = draw(key);
    const asked = performance.now();
    let answer: Omit<Answered, 'attempts'> | null;
    let answered: number | null = null;
    const once = async () => {
      const heard = await ask(fleet.next(), market.key, request);
      if (heard === null || isLater(heard)) return null;
      answered ??= performance.now();
      return heard;
    };
    if (random() * 100 < percent.twin) {
      twins++;
      const both = await Promise.all([once(), once()]);
      answer = both[0] ?? both[1];
      if (both[0] && both[1] && both[0].text !== both[1].text) {
        wrong.push(`${key} was answered ${both[0].text} and ${both[1].text}`);
      }
    } else answer = await once();
    const givesUp = random() * 100 < percent.givenUp;
    for (const deadline = asked + patienceMs; answer === null && !givesUp; ) {
      if (performance.now() > deadline) throw new Error(`${key} was not answered for ${patienceMs} ms`);
      await sleep(5 + random() * 20);
      answer = await once();
    }
    const write = { key, asked, answered, spends };
    if (answer === null) history.writes.push({ ...write, became: 'info', seq: null });
    else if (answer.status === 200) history.writes.push({ ...write, became: 'ok', seq: bornIn(idIn(answer.text)) });
    else if (isRefusedMoney(answer)) history.writes.push({ ...write, became: 'refused', seq: null });
    else wrong.push(`${key} was answered ${answer.status} ${answer.text}`);
  };

  const anyOf = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;

  /** To a seller, back from one, or new money that waits; amounts that often are too much for whoever sends. */
  const draw = (key: string): { asked: Asked; spends: Write['spends'] } => {
    const seller = anyOf(market.sellers);
    const amount = 1000 + Math.floor(random() * 20_000);
    const form = { amount: String(amount), currency: 'usd' };
    const kind = anyOf(['transfer', 'transfer', 'debit', 'debit', 'charge'] as const);
    if (kind === 'charge') {
      return { asked: { key, path: '/v1/charges', form: { ...form, source: 'tok_visa' } }, spends: null };
    }
    const [from, to] = kind === 'transfer' ? [market.platform, seller] : [seller, market.platform];
    const account = kind === 'debit' ? { account: seller } : {};
    return {
      asked: { key, path: '/v1/transfers', form: { ...form, destination: to }, ...account },
      spends: { account: String(bornIn(from)), amount },
    };
  };

  const kill = async () => {
    while (killEveryMs !== null) {
      await sleep(killEveryMs * (0.5 + random()), undefined, { signal: stop.signal });
      await fleet.kill9(Math.floor(random() * fleet.size));
      kills++;
    }
  };
  const killing = kill().catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  // Whoever awaits it below hears of it.
  killing.catch(() => {});
  try {
    await Promise.all(Array.from({ length: clients }, clientOf));
  } finally {
    stop.abort();
    await killing;
  }
  return { ...history, kills, twins, wrong };
}

const idIn = (text: string): string => (JSON.parse(text) as { id: string }).id;

const isRefusedMoney = ({ status, text }: { status: number; text: string }): boolean =>
  status === 400 && text.includes('"balance_insufficient"');

/** Too many others were first: nothing happened, and the key is free. */
const isLater = ({ status, text }: { status: number; text: string }): boolean =>
  status === 429 && text.includes('"lock_timeout"');

function heldIn(text: string): Held {
  const { available, pending } = JSON.parse(text) as Record<keyof Held, readonly { readonly amount: number }[]>;
  const sum = (amounts: readonly { readonly amount: number }[]) => amounts.reduce((all, { amount }) => all + amount, 0);
  return { available: sum(available), pending: sum(pending) };
}
