import { defineConfig } from 'vitest/config';

/** These measure traffic, or how soon a limit is back: right only while nothing else wants the two cores. */
const measuring = ['test/**/*.traffic.test.ts', 'test/**/*.timed.test.ts'];

export default defineConfig({
  // Node takes graphql's CommonJS build, Vite its ES modules: two copies, and a schema of one is refused by the other.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    globalSetup: ['test/support/globalSetup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'parallel',
          include: ['test/**/*.test.ts'],
          // In an emulated machine: vitest.guest.config.ts. Long: vitest.histories.config.ts.
          exclude: [
            'test/packages/**',
            'test/**/*.guest.test.ts',
            'test/**/*.histories.test.ts',
            ...measuring,
          ],
          // Two cores: more workers only make the real switches and databases wait for each other.
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'measuring',
          include: measuring,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
