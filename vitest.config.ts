import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Node takes graphql's CommonJS build, Vite its ES modules: two copies, and a schema of one is refused by the other.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    // In an emulated machine: vitest.guest.config.ts.
    exclude: ['test/**/*.guest.test.ts'],
    globalSetup: ['test/support/globalSetup.ts'],
    // Two cores: more workers only make the real switches and databases wait for each other.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
