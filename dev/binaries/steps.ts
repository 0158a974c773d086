import type { Progress } from './progress.js';

/** What every step is given. */
export interface StepContext {
  env: NodeJS.ProcessEnv;
  /** The cache folder, absolute. */
  cache: string;
  progress: Progress;
  signal: AbortSignal;
}

/** One way to get a program. */
export interface Step<T> {
  /** Completes "MongoDB: …", for people. */
  name: string;
  /**
   * @returns undefined when it is simply not there
   * @throws Error that says in one line why this way is closed
   */
  run(context: StepContext): Promise<T | undefined>;
}

/** None of the ways led to the program. */
export class NoWayError extends Error {
  constructor(
    readonly what: string,
    readonly tried: readonly string[],
    readonly waysOut: readonly string[],
  ) {
    const lines = (entries: readonly string[]) => entries.map((entry) => `  - ${entry}`).join('\n');
    super(`${what} could not be had. Tried:\n${lines(tried)}\nAny one of these helps:\n${lines(waysOut)}`);
    this.name = 'NoWayError';
  }
}
