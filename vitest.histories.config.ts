import { defineConfig } from 'vitest/config';

// One for all workers, and printed with each test's name.
process.env.HISTORIES_SEED ??= '1';

const project = (name: string, file: string, groupOrder: number, env: Record<string, string>) => ({
  extends: true as const,
  test: {
    name,
    include: [`test/histories/${file}.histories.test.ts`],
    env,
    maxWorkers: 2,
    sequence: { groupOrder },
  },
});

/** Two cores: two workers at a time, each with a world of its own and its share of the histories. */
const share = (n: number) =>
  project(`share ${n + 1}`, 'inProcess', 0, { HISTORIES_SHARE: String(n), HISTORIES_SHARES: '2' });

/** Recorded histories of the feed under faults, held against its promises (docs/guarantees.md): slow, and so apart. */
export default defineConfig({
  // As in vitest.config.ts.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    globalSetup: ['test/support/globalSetup.ts'],
    hookTimeout: 60_000,
    projects: [
      share(0),
      share(1),
      project('processes', 'processes', 1, {}),
      project('broken copies', 'broken', 1, {}),
    ],
  },
});
