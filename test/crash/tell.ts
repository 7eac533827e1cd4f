import { allDeaths, type CrashReport } from './crash.ts';

/** A value that the given part of all do not exceed. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? 0;
}

/** `p50 812 ms, p99 1204 ms (34 times)` */
export const spread = (values: readonly number[]): string =>
  values.length === 0
    ? 'never'
    : `p50 ${Math.round(percentile(values, 0.5))} ms, p99 ${Math.round(percentile(values, 0.99))} ms (${values.length} times)`;

const faultsTold = 20;

export const tellFaults = (faults: readonly string[]): string[] => [
  ...faults.slice(0, faultsTold),
  ...(faults.length > faultsTold ? [`… and ${faults.length - faultsTold} more`] : []),
  faults.length === 0 ? 'Nothing was lost, nothing happened twice, the audit is clean.' : `${faults.length} faults.`,
];

export function tellCrash(report: CrashReport): string {
  const killed = allDeaths.map((death) => `${death} ${report.deaths.get(death) ?? 0}`);
  return [
    `${report.rounds} rounds; killed: ${killed.join('; ')}`,
    `${report.acknowledged} writes acknowledged, ${report.unknown} of them after an outcome that was not known`,
    `Server ready again: ${spread(report.serverMs)}`,
    `PostgreSQL ready again: ${spread(report.postgresMs)}`,
    `First write acknowledged after a death: ${spread(report.outageMs)}`,
    `${report.events} webhooks, all signed; ${report.eventsAgain} were sent once more`,
    ...tellFaults(report.faults),
  ].join('\n');
}
