import { defineConfig } from 'vitest/config';

// So long each property is tried; what fails prints its seed and the path to the case.
process.env.FUZZ_SECONDS ??= '10';

/** What reads from sockets, and cursors, fuzzed for longer than `npm test` does, with seeds that nobody chose. */
export default defineConfig({
  // As in vitest.config.ts.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    globalSetup: ['test/support/globalSetup.ts'],
    include: [
      'test/agent/{ovsdb,openflow}/{fuzz,hostile}.test.ts',
      'test/src/graphql/cursorFuzz.test.ts',
      'test/src/domain/feedCursor.test.ts',
    ],
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
