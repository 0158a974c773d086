import { RateLimiterMemory } from 'rate-limiter-flexible';
import { tooManyRequests } from './problem.js';
import { consume } from './rate-limit.js';

export interface SignatureFailures {
  /**
   * Counts a wrong signature. Call it after the check failed and before answering 401; never for a valid one, which is
   * so never refused.
   * @throws Problem 429 with Retry-After past 60 in a minute from this address
   */
  fail: (address: string) => Promise<void>;
}

/** @param rateLimitPerSecond 0 turns this limit off together with the other */
export function createSignatureFailures(rateLimitPerSecond: number): SignatureFailures {
  if (rateLimitPerSecond === 0) return { fail: () => Promise.resolve() };
  const limiter = new RateLimiterMemory({ points: 60, duration: 60 });
  return {
    fail: async (address) => {
      const { result, exceeded } = await consume(limiter, address);
      const retryAfterSeconds = Math.max(1, Math.ceil(result.msBeforeNext / 1000));
      if (exceeded) throw tooManyRequests(retryAfterSeconds, 'Too many wrong signatures from this address.');
    },
  };
}
