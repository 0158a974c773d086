/**
 * How API and worker are started. Node's defaults are for one process that has the machine to itself: each isolate of the worker
 * may let 48 MB of young garbage lie, and old garbage as long as there is memory. With a thousand endpoints and links, under load,
 * these take the two from 613 MB to some 480; deliveries a second stay what they were.
 */
export const programArgs = ['--enable-source-maps', '--max-semi-space-size=8', '--heap-growing-percent=40'] as const;

/** glibc would keep an arena for each of the SDK's threads. It reads this when a process begins; elsewhere it means nothing. */
export const programEnvironment = { MALLOC_ARENA_MAX: '2' } as const;
