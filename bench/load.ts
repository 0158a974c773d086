/** One after another, each worker of the load takes the next: closed-loop, no think time. */
export interface Measured {
  latenciesMs: number[];
  elapsedMs: number;
}

/**
 * Does something `count` times, `concurrency` at a time.
 * @throws the first error, after those that run have ended: a benchmark with failures has measured nothing
 */
export async function runLoad(count: number, concurrency: number, once: () => Promise<void>): Promise<Measured> {
  const latenciesMs: number[] = [];
  let left = count;
  const startedAt = performance.now();
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      const from = performance.now();
      await once();
      latenciesMs.push(performance.now() - from);
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: Math.min(concurrency, count) }, worker));
  for (const outcome of workers) if (outcome.status === 'rejected') throw outcome.reason;
  return { latenciesMs, elapsedMs: performance.now() - startedAt };
}
