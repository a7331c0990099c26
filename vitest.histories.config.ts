import { defineConfig } from 'vitest/config';

/** Two cores: as many workers, each with a world of its own and its share of the histories. */
const shares = 2;

// One for all workers, and printed with each test's name.
process.env.HISTORIES_SEED ??= String(Date.now() % 1_000_000);

/** Recorded histories of the feed under faults, held against its promises (docs/guarantees.md): slow, and so apart. */
export default defineConfig({
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    globalSetup: ['test/support/globalSetup.ts'],
    testTimeout: 600_000,
    hookTimeout: 60_000,
    projects: Array.from({ length: shares }, (_, share) => ({
      extends: true as const,
      test: {
        name: `share ${share + 1}`,
        include: ['test/histories/inProcess.histories.test.ts'],
        env: { HISTORIES_SHARE: String(share), HISTORIES_SHARES: String(shares) },
        maxWorkers: 1,
      },
    })),
  },
});
