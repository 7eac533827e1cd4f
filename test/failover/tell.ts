import { spread, tellFaults } from '../crash/tell.ts';
import { allEnds, type FailoverReport } from './failover.ts';

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

export function tellFailover({ rounds, acknowledged, unknown, outages, faults }: FailoverReport): string {
  return [
    ...outages.map(
      ({ end, ms, helpAfterMs }, i) =>
        `Round ${i + 1}: ${end}: no write for ${seconds(ms)}, ${seconds(ms - helpAfterMs)} of it after help had come`,
    ),
    `${rounds} rounds, ${acknowledged} writes acknowledged, ${unknown} of them after an outcome that was not known`,
    ...allEnds.map(
      (each) =>
        `Until writes went on after help, when ${each}: ${spread(
          outages.filter(({ end }) => end === each).map(({ ms, helpAfterMs }) => ms - helpAfterMs),
        )}`,
    ),
    ...tellFaults(faults),
  ].join('\n');
}
