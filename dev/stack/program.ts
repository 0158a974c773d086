/**
 * How API and worker are started. Node's defaults are for one process that has the machine to itself: each isolate of the worker
 * may let 48 MB of young garbage lie, and old garbage as long as there is memory. With a thousand endpoints and links, under load,
 * these take the two from 613 MB to some 480; deliveries a second stay what they were. Four helpers of V8 mark old garbage together,
 * and on two cores everything else waits for them: with one, the slowest events in a hundred come a quarter sooner.
 */
export const programArgs = [
  '--enable-source-maps',
  '--max-semi-space-size=8',
  '--heap-growing-percent=40',
  '--v8-pool-size=1',
] as const;

/** glibc would keep an arena for each of the SDK's threads. It reads this when a process begins; elsewhere it means nothing. */
export const programEnvironment = { MALLOC_ARENA_MAX: '2' } as const;
