/** A round of `npm run failover -- --patroni`: the shortest of them. */
import { randomInt } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { builtMain } from '../support/paths.ts';
import { findBinaries, findPatroni, howToInstall, howToInstallPatroni } from './binaries.ts';
import { failover } from './failover.ts';
import { startPatroni } from './patroni.ts';
import { tellFailover } from './tell.ts';

const binaries = findBinaries() ?? '';
const patroni = findPatroni();
const isHere = binaries !== '' && patroni !== null;
if (!isHere) {
  console.warn(`The test of failover by Patroni is skipped: ${binaries === '' ? howToInstall : howToInstallPatroni}`);
}

describe.skipIf(!isHere)('failover by Patroni', () => {
  const seed = randomInt(2 ** 31);
  test(`when the primary's PostgreSQL is killed, seed ${seed}`, { timeout: 300_000 }, async () => {
    const report = await failover({
      main: builtMain,
      start: () => startPatroni(binaries, patroni as NonNullable<typeof patroni>),
      ends: ["the primary's PostgreSQL is killed"],
      seed,
      rounds: 1,
    });
    expect(report.faults, `npm run failover -- --patroni --seed ${seed}\n${tellFailover(report)}`).toEqual([]);
    expect(report.rounds).toBe(1);
    expect(report.acknowledged).toBeGreaterThan(20);
  });
});
