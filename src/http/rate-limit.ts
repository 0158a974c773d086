import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { tooManyRequests } from './problem.js';
import type { HttpContext } from './state.js';

/** The state of a bucket after a request was counted; null while limits are off. */
export type RateLimit = (bucket: string) => Promise<RateLimitState | null>;

export interface RateLimitState {
  limit: number;
  remaining: number;
  /** Seconds until the bucket is full again. */
  resetSeconds: number;
  exceeded: boolean;
}

/**
 * Counts requests per bucket and second, in this process.
 * @param perSecond 0 turns it off
 */
export function createRateLimit(perSecond: number): RateLimit {
  if (perSecond === 0) return () => Promise.resolve(null);
  const limiter = new RateLimiterMemory({ points: perSecond, duration: 1 });
  return async (bucket) => {
    const { result, exceeded } = await consume(limiter, bucket);
    return {
      limit: perSecond,
      remaining: Math.max(0, result.remainingPoints),
      resetSeconds: Math.max(1, Math.ceil(result.msBeforeNext / 1000)),
      exceeded,
    };
  };
}

/** Counts one; a refusal is a result here, not an error. */
export async function consume(limiter: RateLimiterMemory, bucket: string) {
  try {
    return { result: await limiter.consume(bucket), exceeded: false };
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return { result: refusal, exceeded: true };
    throw refusal;
  }
}

/** @throws Problem 429 when the caller's key has used up its second */
export async function limitByKey(ctx: HttpContext, rateLimit: RateLimit): Promise<void> {
  const { caller } = ctx.state;
  const key = caller.kind === 'key' ? caller.keyId : caller.kind;
  const state = show(ctx, await rateLimit(`key:${key}`));
  if (state?.exceeded) throw tooManyRequests(state.resetSeconds);
}

/** @throws Problem 429 when an address has sent too much without a usable key */
export async function limitByAddress(ctx: HttpContext, rateLimit: RateLimit): Promise<void> {
  const state = show(ctx, await rateLimit(`address:${ctx.state.remoteAddress}`));
  if (state?.exceeded) throw tooManyRequests(state.resetSeconds, 'Too many requests from this address.');
}

/** Counts and shows, but never refuses: a tracker's signed webhooks are always taken. */
export async function showOpenLimit(ctx: HttpContext, rateLimit: RateLimit): Promise<void> {
  show(ctx, await rateLimit(`open:${ctx.state.remoteAddress}`));
}

function show(ctx: HttpContext, state: RateLimitState | null): RateLimitState | null {
  if (!state) return null;
  ctx.set('RateLimit-Limit', String(state.limit));
  ctx.set('RateLimit-Remaining', String(state.remaining));
  ctx.set('RateLimit-Reset', String(state.resetSeconds));
  return state;
}
