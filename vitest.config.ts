import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'test/*.test.ts', 'test/support/*.test.ts', 'test/simulation/**/*.test.ts'],
        },
      },
      // Everything else in a folder below test/ needs a database or a running server.
      {
        extends: true,
        test: {
          name: 'store',
          include: ['test/*/**/*.test.ts'],
          exclude: ['test/support/**', 'test/simulation/**'],
          globalSetup: ['test/support/global-setup.ts'],
        },
      },
    ],
  },
});
