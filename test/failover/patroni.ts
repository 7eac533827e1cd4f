/** Three servers that Patroni keeps, with one etcd. Nobody helps: it promotes by itself, and the old primary follows by itself. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../support/process.ts';
import type { Patroni } from './binaries.ts';
import type { Cluster } from './failover.ts';
import { PatroniNode } from './patroni-node.ts';
import { lastWords, leave, newPlace, startIn } from './place.ts';
import { acknowledgesLate, databaseName, urlOf } from './server.ts';

export const patroniEnds = [
  "the primary's PostgreSQL is killed",
  'the primary is killed with its Patroni',
  "the primary's Patroni is killed",
  'the primary stands still with its Patroni, and both wake',
  'the synchronous standby is killed with its Patroni',
  'etcd is killed',
] as const;
export type PatroniEnd = (typeof patroniEnds)[number];

const names = ['anna', 'bert', 'carl'];

/** Of three servers that a busy machine starts, copies or rewinds. */
const orderMsMax = 120_000;

/** @param binaries where PostgreSQL's programs are */
export async function startPatroni(binaries: string, { patroni, etcd }: Patroni): Promise<Cluster<PatroniEnd>> {
  const place = await newPlace(binaries);
  const [client, peer] = [`127.0.0.1:${await freePort()}`, `http://127.0.0.1:${await freePort()}`];
  let store: ChildProcess | null = null;
  const startStore = () => {
    store = startIn(place, 'etcd', etcd, [
      ...['--name', 'etcd', '--data-dir', join(place.directory, 'etcd'), '--log-level', 'error'],
      ...['--listen-client-urls', `http://${client}`, '--advertise-client-urls', `http://${client}`],
      ...['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, '--initial-cluster', `etcd=${peer}`],
    ]);
  };
  const killStore = async () => {
    if (store === null) return;
    const gone = once(store, 'exit');
    store.kill('SIGKILL');
    await gone;
    store = null;
  };
  const nodes = await Promise.all(names.map((name) => PatroniNode.named(name, client, patroni, place)));
  let primary = nodes[0] as PatroniNode;
  let failed: PatroniNode | null = null;

  /** Asks until it is so. @throws after two minutes, with what was said by all */
  const until = async <T>(what: string, ask: () => Promise<T | undefined>): Promise<T> => {
    for (const end = Date.now() + orderMsMax; ; await sleep(50)) {
      const found = await ask().catch(() => undefined);
      if (found !== undefined) return found;
      if (Date.now() < end) continue;
      const said = ['etcd', ...names].map((name) => `${name}: ${lastWords(place, name)}`);
      throw new Error(`${what} for ${orderMsMax} ms:\n${said.join('\n')}`);
    }
  };

  /** All run on one timeline, and of the two that follow one has each commit first. */
  const inOrder = () =>
    until('Patroni has no cluster in order', async () => {
      const members = await primary.members();
      const roles = members.map(({ role }) => role).sort();
      const runs = members.every(({ state }) => state === 'running' || state === 'streaming');
      const timelines = new Set(members.map(({ timeline }) => timeline));
      return (runs && timelines.size === 1 && `${roles}` === 'leader,replica,sync_standby') || undefined;
    });

  const cluster: Cluster<PatroniEnd> = {
    url: urlOf(nodes),
    get primary() {
      return primary;
    },
    // The others are over before anybody must have noticed.
    stops: (end) =>
      end === 'the primary is killed with its Patroni' ||
      end === 'the primary stands still with its Patroni, and both wake' ||
      end === 'etcd is killed',

    async fail(end) {
      failed = end === 'etcd is killed' ? null : primary;
      if (end === "the primary's PostgreSQL is killed") primary.killPostgres();
      else if (end === 'the primary is killed with its Patroni') await primary.kill();
      else if (end === "the primary's Patroni is killed") await primary.killPatroni();
      else if (end === 'the primary stands still with its Patroni, and both wake') primary.freeze();
      else if (end === 'etcd is killed') await killStore();
      else {
        const standby = (await primary.members()).find(({ role }) => role === 'sync_standby');
        failed = nodes.find(({ name }) => name === standby?.name) as PatroniNode;
        await failed.kill();
      }
    },

    async help(end) {
      // The primary has stepped down by now: it could not tell whether it still is one.
      if (end === 'etcd is killed') startStore();
      const candidates = nodes.filter((node) => node !== failed);
      // A primary answers when a standby has it.
      const commit =
        "select case when not pg_is_in_recovery() then pg_logical_emit_message(true, 'failover', '') end as place";
      primary = await until('no server took writes', async () => {
        const took = await Promise.all(
          candidates.map((node) =>
            node.ask(commit).then(
              ([answer]) => answer?.place !== null,
              () => false,
            ),
          ),
        );
        return candidates[took.indexOf(true)];
      });
      return performance.now();
    },

    async heal() {
      const faults: string[] = [];
      failed?.thaw();
      if (failed && failed !== primary && (await acknowledgesLate(failed))) {
        faults.push(`${failed.name}, which was given up, acknowledged a write`);
      }
      if (failed?.isRunning === false) failed.start();
      await inOrder();
      return faults;
    },

    async stop() {
      for (const node of nodes) {
        node.thaw();
        await node.kill();
      }
      await killStore();
      await leave(place);
    },
  };
  try {
    startStore();
    for (const node of nodes) node.start();
    await until('there was no primary', async () => {
      const leader = (await primary.members()).find(({ role, state }) => role === 'leader' && state === 'running');
      const found = nodes.find(({ name }) => name === leader?.name);
      if (found) primary = found;
      return found;
    });
    await inOrder();
    await primary.ask(`create database ${databaseName}`, 'postgres');
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  return cluster;
}
