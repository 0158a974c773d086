import { defineConfig } from 'vitest/config';
import { LongestFirst, RecordDurations } from './test/support/durations.js';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    // On two cores: files wait for timers and receivers a third of their time.
    maxWorkers: 3,
    fileParallelism: true,
    // What a file starts it ends, and what it keeps has a name of its own: to load everything anew for each costs minutes.
    isolate: false,
    // The product under test runs from its build, loaded by Node itself.
    server: { deps: { external: [/\/dist\//] } },
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // As long as `eventually` waits; the default of a second is too short for a busy machine.
    expect: { poll: { timeout: 15_000 } },
    // A flake is a fault of ours: it is found, not tried again.
    retry: 0,
    sequence: { sequencer: LongestFirst },
    allowOnly: false,
    ...(process.env.RECORD_DURATIONS === '1' && { reporters: ['default', new RecordDurations()] }),
  },
});
