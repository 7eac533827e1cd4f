import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ConfigError, readConfig } from '../config.ts';
import { resources } from '../data/permissions.ts';
import { type CreateKeyOptions, createKey, rollKey } from './keys.ts';

const config = readConfig({});
const asked = vi.fn();

beforeEach(() => {
  vi.stubGlobal('fetch', asked);
});
afterEach(() => {
  vi.unstubAllGlobals();
  asked.mockReset();
});

test.each<[CreateKeyOptions, string]>([
  [{ permission: ['balance'] }, "'balance' is no permission; write charge=read or transfer=write"],
  [{ permission: ['balance=x'] }, "'balance=x' is no permission; write charge=read or transfer=write"],
  [{ permission: ['chrge=read'] }, `'chrge' is nothing that a permission is for; there are ${resources.join(', ')}`],
  [{ permission: ['charge=read', 'charge=write'] }, '--permission says twice what the key may with charge'],
  [
    { publishable: true, permission: ['charge=read'] },
    '--publishable goes with neither --permission nor --account: these are for restricted keys',
  ],
  [
    { publishable: true, account: ['all'] },
    '--publishable goes with neither --permission nor --account: these are for restricted keys',
  ],
  [{ account: ['all'] }, '--account is for restricted keys: say with --permission what the key may'],
  [{ permission: ['charge=read'], account: ['all', 'acct_x'] }, '--account is either all, or the ids of accounts'],
])('keys create %j is refused before the server is asked', async (options, says) => {
  await expect(createKey(config, options)).rejects.toThrow(new ConfigError(says));
  expect(asked).not.toHaveBeenCalled();
});

test.each([
  ['5x', "'5x' is no length of time; write 24h or 7d"],
  ['2026-03-02', "'2026-03-02' is no length of time; write 24h or 7d"],
  ['9d', '--overlap 9d is too long: at most 7d'],
])('keys roll --overlap %s is refused before the server is asked', async (overlap, says) => {
  await expect(rollKey(config, 'key_1', { overlap })).rejects.toThrow(new ConfigError(says));
  expect(asked).not.toHaveBeenCalled();
});
