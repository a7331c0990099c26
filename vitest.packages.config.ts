import { defineConfig } from 'vitest/config';

/** The packages' life on a Debian of its own, with systemd (test/packages): slow, and so apart. */
export default defineConfig({
  test: {
    include: ['test/packages/*.packages.test.ts'],
    fileParallelism: false,
    // Each test goes on where the one before it ended.
    bail: 1,
    testTimeout: 120_000,
    // The first run makes that Debian.
    hookTimeout: 500_000,
  },
});
