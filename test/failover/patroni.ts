/** Three servers that Patroni keeps, with one etcd. Nobody helps: it promotes by itself, and the old primary follows by itself. */
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../support/process.ts';
import type { Patroni } from './binaries.ts';
import type { Cluster } from './failover.ts';
import { type Member, PatroniNode } from './patroni-node.ts';
import { killStarted, lastWords, leave, newPlace, type Place, startIn } from './place.ts';
import { acknowledgesLate, databaseName, urlOf } from './server.ts';

interface EndOfPatroni {
  /** Whether nothing can be written until a lease runs out; the others are over before anybody must have noticed. */
  readonly stops: boolean;
  /** @returns the server that is given up */
  fail(cluster: PatroniCluster): Promise<PatroniNode | null>;
}

const ends = {
  "the primary's PostgreSQL is killed": {
    stops: false,
    async fail({ primary }) {
      primary.killPostgres();
      return primary;
    },
  },
  'the primary is killed with its Patroni': {
    stops: true,
    async fail({ primary }) {
      await primary.kill();
      return primary;
    },
  },
  "the primary's Patroni is killed": {
    stops: false,
    async fail({ primary }) {
      await primary.killPatroni();
      return primary;
    },
  },
  'the primary stands still with its Patroni, and both wake': {
    stops: true,
    async fail({ primary }) {
      primary.freeze();
      return primary;
    },
  },
  'the synchronous standby is killed with its Patroni': {
    stops: false,
    async fail(cluster) {
      const standby = await cluster.nodeThat(({ role }) => role === 'sync_standby');
      await standby?.kill();
      return standby ?? null;
    },
  },
  'etcd is killed': {
    stops: true,
    async fail(cluster) {
      await cluster.killStore();
      return null;
    },
  },
} satisfies Readonly<Record<string, EndOfPatroni>>;

export type PatroniEnd = keyof typeof ends;
export const patroniEnds = Object.keys(ends) as PatroniEnd[];

const names = ['anna', 'bert', 'carl'];

/** For three servers to be started, copied or rewound on a busy machine. */
const orderMsMax = 120_000;

/** A primary does it when a standby has it; a standby answers null. */
const commit =
  "select case when not pg_is_in_recovery() then pg_logical_emit_message(true, 'failover', '') end as done";

/** @param binaries where PostgreSQL's programs are */
export async function startPatroni(binaries: string, programs: Patroni): Promise<Cluster<PatroniEnd>> {
  const place = await newPlace(binaries);
  const etcd = { client: `127.0.0.1:${await freePort()}`, peer: `127.0.0.1:${await freePort()}` };
  const nodes: PatroniNode[] = [];
  for (const name of names) nodes.push(await PatroniNode.named(name, etcd.client, programs.patroni, place));
  const cluster = new PatroniCluster(place, nodes, programs.etcd, etcd);
  try {
    await cluster.start();
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  return cluster;
}

class PatroniCluster implements Cluster<PatroniEnd> {
  readonly url: string;
  readonly #place: Place;
  readonly #nodes: readonly PatroniNode[];
  readonly #etcdFile: string;
  /** Where etcd listens. */
  readonly #etcd: { readonly client: string; readonly peer: string };
  #store: ChildProcess | null = null;
  #primary: PatroniNode;
  /** The server that was given up last; null when all went on. */
  #failed: PatroniNode | null = null;

  constructor(
    place: Place,
    nodes: readonly PatroniNode[],
    etcdFile: string,
    etcd: { readonly client: string; readonly peer: string },
  ) {
    this.url = urlOf(nodes);
    this.#place = place;
    this.#nodes = nodes;
    this.#etcdFile = etcdFile;
    this.#etcd = etcd;
    this.#primary = nodes[0] as PatroniNode;
  }

  get primary(): PatroniNode {
    return this.#primary;
  }

  stops(end: PatroniEnd): boolean {
    return ends[end].stops;
  }

  async start(): Promise<void> {
    this.#startStore();
    for (const node of this.#nodes) node.start();
    this.#primary = await this.#until('there was no primary', () =>
      this.nodeThat(({ role, state }) => role === 'leader' && state === 'running'),
    );
    await this.#inOrder();
    await this.#primary.ask(`create database ${databaseName}`, 'postgres');
  }

  async fail(end: PatroniEnd): Promise<void> {
    this.#failed = await ends[end].fail(this);
  }

  async help(end: PatroniEnd): Promise<number> {
    // By now the primary has stepped down: without etcd it could not tell whether it still is one.
    if (end === 'etcd is killed') this.#startStore();
    const candidates = this.#nodes.filter((node) => node !== this.#failed);
    const tries = async (node: PatroniNode) => (await node.ask(commit))[0]?.done !== null;
    for (;;) {
      this.#primary = await this.#until('no server took writes', async () => {
        const done = await Promise.all(candidates.map((node) => tries(node).catch(() => false)));
        return candidates[done.indexOf(true)];
      });
      const came = performance.now();
      // A standby that was ahead of the one that was promoted confirms a moment too much, and then goes to be rewound.
      await sleep(1000);
      const again = performance.now();
      if ((await tries(this.#primary).catch(() => false)) && performance.now() < again + 500) return came;
    }
  }

  async heal(): Promise<readonly string[]> {
    const faults: string[] = [];
    const failed = this.#failed;
    failed?.thaw();
    if (failed && (await acknowledgesLate(failed))) faults.push(`${failed.name} was given up and acknowledged a write`);
    if (failed && !failed.isRunning) failed.start();
    await this.#inOrder();
    return faults;
  }

  async stop(): Promise<void> {
    for (const node of this.#nodes) {
      node.thaw();
      await node.kill();
    }
    await this.killStore();
    await leave(this.#place);
  }

  async nodeThat(is: (member: Member) => boolean): Promise<PatroniNode | undefined> {
    const member = (await this.#primary.members()).find(is);
    return this.#nodes.find(({ name }) => name === member?.name);
  }

  #startStore(): void {
    const { client, peer } = this.#etcd;
    this.#store = startIn(this.#place, 'etcd', this.#etcdFile, [
      ...['--name', 'etcd', '--data-dir', join(this.#place.directory, 'etcd'), '--log-level', 'error', '--enable-v2'],
      ...['--listen-client-urls', `http://${client}`, '--advertise-client-urls', `http://${client}`],
      ...['--listen-peer-urls', `http://${peer}`, '--initial-advertise-peer-urls', `http://${peer}`],
      ...['--initial-cluster', `etcd=http://${peer}`],
    ]);
  }

  async killStore(): Promise<void> {
    await killStarted(this.#store);
  }

  /** Until all run on one timeline, and of the two that follow one has each commit first. */
  async #inOrder(): Promise<void> {
    await this.#until('Patroni had no cluster in order', async () => {
      const members = await this.#primary.members();
      const roles = members.map(({ role }) => role).sort();
      const run = members.every(({ state }) => state === 'running' || state === 'streaming');
      const timelines = new Set(members.map(({ timeline }) => timeline));
      return (run && timelines.size === 1 && `${roles}` === 'leader,replica,sync_standby') || undefined;
    });
  }

  /** Asks until there is an answer. @throws after two minutes, with what was said by all */
  async #until<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
    for (const end = Date.now() + orderMsMax; ; await sleep(50)) {
      const found = await ask().catch(() => undefined);
      if (found !== undefined) return found;
      if (Date.now() < end) continue;
      const said = ['etcd', ...names].map((name) => `${name}: ${lastWords(this.#place, name)}`);
      throw new Error(`${what} for ${orderMsMax} ms:\n${said.join('\n')}`);
    }
  }
}
