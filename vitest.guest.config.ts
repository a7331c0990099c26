import { defineConfig } from 'vitest/config';

/** Tests on Open vSwitch's kernel datapath, in an emulated machine (test/guest): slow, and so apart. */
export default defineConfig({
  test: {
    include: ['test/guest/**/*.guest.test.ts'],
    globalSetup: ['test/support/globalSetup.ts'],
    // One guest at a time: it has as many processors as this machine may.
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 300_000,
  },
});
