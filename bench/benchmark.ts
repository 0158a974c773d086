import type { Stack } from './stack.js';

export interface BenchContext {
  stack: Stack;
  /** A short run, for a look: the numbers are coarse. */
  quick: boolean;
  /** Of a benchmark that has parts, those that are wanted; all when left out. */
  parts?: readonly string[];
  /** Tells people what goes on; never part of the result. */
  log: (line: string) => void;
}

export interface BenchReport {
  /** For people. */
  text: string;
  /** For programs: plain JSON. */
  data: Record<string, unknown>;
}

/** One benchmark: it starts what it needs on the stack, which ends it afterwards. */
export type Benchmark = (context: BenchContext) => Promise<BenchReport>;

/** One that starts what it needs by itself. */
export type StandaloneBenchmark = (context: Omit<BenchContext, 'stack'>) => Promise<BenchReport>;
