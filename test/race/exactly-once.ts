/** Many ask for the same thing at the same moment, at all processes: it happens once, and the others are told why not. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answered, ask, eachOf, get, openMarket, type Write } from '../support/load.ts';
import type { Fleet } from './fleet.ts';

export interface Tally {
  readonly what: string;
  readonly things: number;
  readonly requests: number;
  /** To how many of the things it happened once, more than once, never. */
  readonly once: number;
  readonly more: number;
  readonly never: number;
  readonly answers: Readonly<Record<Kind, number>>;
  /** Answers that were not what they must be, a few of them. */
  readonly wrong: readonly string[];
}

/** `later`: too many others were first, nothing happened. */
type Kind = 'done' | 'replayed' | 'refused' | 'later';

/** A thing that everybody wants, and how to see what became of it. */
interface Thing {
  readonly request: Omit<Write, 'key'>;
  /** What was made of it, and whether that is all that it must be. */
  made(): Promise<{ readonly count: number; readonly isWhole: boolean }>;
}

interface Attack {
  readonly what: string;
  /** The error that all but one get; null where all are under one key and get the same answer. */
  readonly refusal: RegExp | null;
  readonly prepare: (n: number) => Promise<Thing>;
}

/** How many things are attacked at the same time. */
const thingsAtOnce = 4;

export async function exactlyOnce(
  fleet: Fleet,
  { things, parallel }: { readonly things: number; readonly parallel: number },
): Promise<readonly Tally[]> {
  const tallies: Tally[] = [];
  for (const attack of await attacks(fleet, things)) tallies.push(await run(fleet, attack, things, parallel));
  return tallies;
}

async function attacks(fleet: Fleet, things: number): Promise<readonly Attack[]> {
  const balance = 5000;
  const market = await openMarket(fleet.next(), things, { opening: balance });
  const { key } = market;
  secretKeys.set(fleet, key);
  const read = async <T>(path: string, account?: string): Promise<T> =>
    JSON.parse(await get(fleet.next(), key, path, account)) as T;
  const make = async (n: number, path: string, form: Write['form']): Promise<string> => {
    const answer = await ask(fleet.next(), key, { path, form, key: `make ${path} ${n}` });
    if (answer?.status !== 200) throw new Error(`${path}: ${answer?.text}`);
    return (JSON.parse(answer.text) as { id: string }).id;
  };
  const usd = (amount: number) => ({ amount: String(amount), currency: 'usd' });
  // What the charges bring pays for their refunds and for the transfers.
  for (let n = 0; n < Math.ceil(things / 100); n++) {
    await make(n, '/v1/charges', { ...usd(99_000_000), source: 'tok_bypassPending' });
  }
  interface Made {
    readonly data: readonly { readonly amount: number }[];
  }
  const whole = ({ data }: Made, amount: number) => ({
    count: data.length,
    isWhole: data.reduce((sum, made) => sum + made.amount, 0) === amount,
  });
  return [
    {
      what: 'full refund of a charge',
      refusal: /"charge_already_refunded"/,
      async prepare(n) {
        const amount = 2000 + n;
        const id = await make(n + 1000, '/v1/charges', { ...usd(amount), source: 'tok_bypassPending' });
        return {
          request: { path: '/v1/refunds', form: { charge: id } },
          async made() {
            const { amount_refunded } = await read<{ amount_refunded: number }>(`/v1/charges/${id}`);
            const all = whole(await read<Made>(`/v1/refunds?charge=${id}&limit=100`), amount);
            return { ...all, isWhole: all.isWhole && amount_refunded === amount };
          },
        };
      },
    },
    {
      what: 'full reversal of a transfer',
      refusal: /is greater than the unreversed amount of the transfer \(\$0\.00\)/,
      async prepare(n) {
        const amount = 100 + n;
        const destination = market.sellers[n] as string;
        const id = await make(n, '/v1/transfers', { ...usd(amount), destination });
        return {
          request: { path: `/v1/transfers/${id}/reversals`, form: {} },
          async made() {
            const { amount_reversed } = await read<{ amount_reversed: number }>(`/v1/transfers/${id}`);
            const all = whole(await read<Made>(`/v1/transfers/${id}/reversals?limit=100`), amount);
            return { ...all, isWhole: all.isWhole && amount_reversed === amount };
          },
        };
      },
    },
    {
      what: 'payout of the whole balance',
      refusal: /"balance_insufficient"/,
      async prepare(n) {
        const account = market.sellers[n] as string;
        return {
          request: { path: '/v1/payouts', form: usd(balance), account },
          async made() {
            const { available } = await read<{ available: readonly { amount: number }[] }>('/v1/balance', account);
            const all = whole(await read<Made>('/v1/payouts?limit=100', account), balance);
            return { ...all, isWhole: all.isWhole && available[0]?.amount === 0 };
          },
        };
      },
    },
    {
      what: 'charge under one key',
      refusal: null,
      async prepare(n) {
        const customer = await make(n, '/v1/customers', { source: 'tok_visa' });
        return {
          request: { path: '/v1/charges', form: { ...usd(3000 + n), customer } },
          made: async () => whole(await read<Made>(`/v1/charges?customer=${customer}&limit=100`), 3000 + n),
        };
      },
    },
  ];
}

const secretKeys = new WeakMap<Fleet, string>();

async function run(fleet: Fleet, attack: Attack, things: number, parallel: number): Promise<Tally> {
  const { what, refusal, prepare } = attack;
  const wrong: string[] = [];
  const answers = { done: 0, replayed: 0, refused: 0, later: 0 };
  const became = { once: 0, more: 0, never: 0 };
  await eachOf(
    Array.from({ length: things }, (_, n) => n),
    thingsAtOnce,
    async (n) => {
      const thing = await prepare(n);
      const asked = Array.from({ length: parallel }, (_, i) =>
        untilAnswered(fleet, { ...thing.request, key: `${what} ${n}${refusal === null ? '' : ` by ${i}`}` }),
      );
      const heard = await Promise.all(asked);
      for (const answer of heard) {
        const kind = kindOf(answer, refusal);
        if (kind === null) wrong.push(`${answer.status} ${answer.text}`);
        else answers[kind]++;
      }
      if (refusal === null && new Set(heard.map(({ text }) => text)).size !== 1) wrong.push(`${n}: answers differ`);
      const { count, isWhole } = await thing.made();
      if (count === 1 && isWhole) became.once++;
      else if (count === 0) became.never++;
      else became.more++;
    },
  );
  return { what, things, requests: things * parallel, ...became, answers, wrong: wrong.slice(0, 5) };
}

type Heard = Omit<Answered, 'attempts'>;

/** Asks again while the key is in use, or nobody answers, as the SDKs do. */
async function untilAnswered(fleet: Fleet, write: Write): Promise<Heard> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(10 + Math.random() * 40)) {
    const answer = await ask(fleet.next(), secretKeys.get(fleet) ?? '', write);
    if (answer !== null) return answer;
  }
  throw new Error(`${write.path} under ${write.key} was not answered for a minute`);
}

function kindOf({ status, text, replayed }: Heard, refusal: RegExp | null): Kind | null {
  if (status === 200) return replayed ? 'replayed' : 'done';
  if (status === 429 && text.includes('"lock_timeout"')) return 'later';
  return status === 400 && refusal?.test(text) ? 'refused' : null;
}

export const tallyTable = (tallies: readonly Tally[]): string => {
  const rows = tallies.map(({ what, things, requests, once, more, never, answers, wrong }) =>
    [what, things, requests, once, more, never, ...Object.values(answers), wrong.length].map(String),
  );
  const head = ['', 'things', 'requests', 'once', 'more', 'never', 'done', 'replayed', 'refused', 'later', 'wrong'];
  const widths = head.map((name, i) => Math.max(name.length, ...rows.map((row) => (row[i] as string).length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] as number) : cell.padStart(widths[i] as number)))
      .join('  ');
  return [head, ...rows].map(line).join('\n');
};

/** What is wrong with a tally, one line each. */
export const misses = ({ what, once, things, answers, wrong }: Tally): readonly string[] => [
  ...(once === things ? [] : [`${what}: once for ${once} of ${things}`]),
  ...(answers.done === things ? [] : [`${what}: ${answers.done} answers say done, of ${things} things`]),
  ...wrong.map((answer) => `${what}: ${answer}`),
];
