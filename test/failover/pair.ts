/** A primary and a standby that confirms every commit. Who promotes is the test, as an operator would. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from './failover.ts';
import { PostgresNode } from './node.ts';
import { leave, newPlace } from './place.ts';
import { acknowledgesLate, urlOf } from './server.ts';

export const pairEnds = [
  'the primary is killed',
  'the primary stands still, and wakes',
  'the standby is killed',
] as const;
export type PairEnd = (typeof pairEnds)[number];

export interface Pair extends Cluster<PairEnd> {
  primary: PostgresNode;
  standby: PostgresNode;
}

/** @param binaries where PostgreSQL's programs are */
export async function startPair(binaries: string): Promise<Pair> {
  const place = await newPlace(binaries);
  const anna = await PostgresNode.named('anna', place);
  const bert = await PostgresNode.named('bert', place);
  const pair: Pair = {
    primary: anna,
    standby: bert,
    url: urlOf([anna, bert]),
    // Nothing can be written until somebody helps.
    stops: () => true,

    async fail(end) {
      if (end === 'the standby is killed') await pair.standby.kill();
      else if (end === 'the primary is killed') await pair.primary.kill();
      else pair.primary.freeze();
    },

    async help(end, random) {
      await sleep(random() * 1000);
      const came = performance.now();
      const { primary, standby } = pair;
      if (end === 'the standby is killed') {
        await standby.restart();
      } else {
        await standby.promote();
        pair.primary = standby;
        pair.standby = primary;
      }
      return came;
    },

    async heal(end) {
      if (end === 'the standby is killed') return [];
      const faults: string[] = [];
      const { primary, standby: old } = pair;
      if (end === 'the primary stands still, and wakes') {
        // It goes on where it stood: whatever is written on it waits for a standby that left it.
        old.thaw();
        if (await acknowledgesLate(old)) faults.push('the old primary acknowledged a write');
        await old.kill();
      }
      await old.follow(primary);
      return faults;
    },

    async stop() {
      for (const node of [anna, bert]) {
        node.thaw();
        await node.kill();
      }
      await leave(place);
    },
  };
  try {
    await anna.create();
    await bert.follow(anna);
  } catch (error) {
    await pair.stop();
    throw error;
  }
  return pair;
}
