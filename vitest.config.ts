import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    // One Temporal and one MongoDB serve the whole run, on two cores: more files at once only wait for each other.
    maxWorkers: 2,
    fileParallelism: true,
    // What a file starts it ends, and what it keeps has a name of its own: to load everything anew for each costs minutes.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // A flake is a fault of ours: it is found, not tried again.
    retry: 0,
    allowOnly: false,
  },
});
