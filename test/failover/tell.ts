import { spread, tellFaults } from '../crash/tell.ts';
import type { FailoverReport } from './failover.ts';

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

export function tellFailover({ rounds, acknowledged, unknown, outages, faults }: FailoverReport): string {
  const ends = [...new Set(outages.map(({ end }) => end))];
  return [
    ...outages.map(
      ({ end, ms, afterHelpMs }, i) =>
        `Round ${i + 1}: ${end}: no write for ${seconds(ms)}, ${seconds(afterHelpMs)} of it after help had come`,
    ),
    `${rounds} rounds, ${acknowledged} writes acknowledged, ${unknown} of them after an outcome that was not known`,
    ...ends.map(
      (each) =>
        `Until writes went on after help, when ${each}: ${spread(
          outages.filter(({ end }) => end === each).map(({ afterHelpMs }) => afterHelpMs),
        )}`,
    ),
    ...tellFaults(faults),
  ].join('\n');
}
