import { maxDeferMs } from './claims.js';
import { createTokenBucket, type TokenBucket } from './token-bucket.js';
import type { Job } from './types.js';

/** What waits for one endpoint, and how it has been answering. */
export interface EndpointQueue {
  readonly endpointId: string;
  /** Claimed, and not yet posted. */
  readonly jobs: Job[];
  inFlight: number;
  /** Of those in flight, for long already. */
  slow: number;
  /** How many may be in flight at once, as it has earned. */
  limit: number;
  ordered: boolean;
  bucket: TokenBucket | null;
  /** Of its answers, the recent ones counting most; null before the first. */
  averageMs: number | null;
  /** Whether it keeps us waiting in vain. */
  isFailing: boolean;
  /** Since when there has been more than it took; null while there is not. In milliseconds. */
  crowdedSince: number | null;
  /** Deferred deliveries are scheduled after the ones that were deferred before. In milliseconds. */
  deferredUntil: number;
  /** Whether the queue waits for the next slot. */
  isReady: boolean;
  wake: NodeJS.Timeout | undefined;
  usedAt: number;
}

export const maxPosts = 20;
/** Enough to begin with for an endpoint that answers, and few enough for one that does not. */
const firstPosts = 4;
const maxQueued = 200;
const fewestQueued = 10;
const fewestPerSecond = 0.1;
/** A fast endpoint may have as many jobs in memory as it takes in half a second. */
const aheadMs = 500;
const quickQueued = 1_000;
const soonMs = 1_000;
const minDeferMs = 100;

export const newEndpointQueue = (endpointId: string, nowMs: number): EndpointQueue => ({
  endpointId,
  jobs: [],
  inFlight: 0,
  slow: 0,
  limit: firstPosts,
  ordered: false,
  bucket: null,
  averageMs: null,
  isFailing: false,
  crowdedSince: null,
  deferredUntil: 0,
  isReady: false,
  wake: undefined,
  usedAt: nowMs,
});

/** Applies the endpoint's settings. */
export function setUp(
  queue: EndpointQueue,
  { ordered, ratePerSecond }: { ordered: boolean; ratePerSecond: number | null },
): void {
  queue.ordered = ordered;
  if (ratePerSecond === (queue.bucket?.ratePerSecond ?? null)) return;
  queue.bucket = ratePerSecond === null ? null : createTokenBucket(ratePerSecond);
}

export const postsAllowed = (queue: EndpointQueue): number => (queue.ordered ? 1 : queue.limit);

/** Whether a post to this endpoint may take longer than `ms`, by its recent answers. */
export const mayTakeLong = (queue: EndpointQueue, ms: number): boolean =>
  queue.slow > 0 || (queue.averageMs ?? 0) >= ms;

/** Adjusts the limit: an endpoint that answers gains a slot, and one that times out loses half of its slots. */
export function noteAnswer(
  queue: EndpointQueue,
  { ok, durationMs, wasSlow }: { ok: boolean; durationMs: number; wasSlow: boolean },
) {
  queue.averageMs = queue.averageMs === null ? durationMs : queue.averageMs * 0.8 + durationMs * 0.2;
  queue.isFailing = !ok && wasSlow;
  if (ok) queue.limit = Math.min(maxPosts, queue.limit + 1);
  else if (wasSlow) queue.limit = Math.max(1, Math.floor(queue.limit / 2));
}

/** Notes that no job is waiting in memory. */
export function noteEmpty(queue: EndpointQueue): void {
  if (!queue.isFailing) queue.crowdedSince = null;
}

/** The expected posts per second; null when unknown. */
function perSecond(queue: EndpointQueue): number | null {
  const byAnswers = queue.averageMs === null ? null : (postsAllowed(queue) * 1_000) / Math.max(queue.averageMs, 1);
  const allowed = queue.bucket?.ratePerSecond ?? Infinity;
  if (byAnswers === null) return allowed === Infinity ? null : allowed;
  return Math.min(byAnswers, allowed);
}

const failsUs = (queue: EndpointQueue): boolean => queue.isFailing || (queue.averageMs === null && queue.slow > 0);

/** How many jobs may wait in memory. The rest waits in MongoDB. */
export function capacity(queue: EndpointQueue): number {
  if (failsUs(queue)) return fewestQueued;
  return Math.min(quickQueued, Math.max(maxQueued, Math.ceil(((perSecond(queue) ?? 0) * aheadMs) / 1_000)));
}

/** Whether this many more jobs are sent within a moment. They then stay due, and are simply read again. */
export function sendsSoon(queue: EndpointQueue, count: number): boolean {
  const rate = perSecond(queue);
  return !failsUs(queue) && (rate === null || (queue.jobs.length + count) / rate < soonMs / 1_000);
}

/**
 * Schedules deferred deliveries for when they will probably have room. The estimate may be wrong, so the delay is at
 * most the time for which the endpoint has been crowded: after a slowdown, an endpoint waits no longer for its rest
 * than the slowdown lasted.
 * @returns a time for each part, in milliseconds since 1970
 */
export function deferTimes(queue: EndpointQueue, count: number, parts: number, nowMs: number): number[] {
  queue.crowdedSince ??= nowMs;
  const crowdedMs = nowMs - queue.crowdedSince;
  const latest = nowMs + Math.min(Math.max(crowdedMs, soonMs), maxDeferMs);
  const rate = failsUs(queue) ? fewestPerSecond : Math.max(perSecond(queue) ?? 100, fewestPerSecond);
  const half = nowMs + Math.max((queue.jobs.length * 500) / rate, minDeferMs);
  const begin = Math.min(Math.max(half, queue.deferredUntil), latest);
  const stretch = (count * 1_000) / rate;
  queue.deferredUntil = Math.min(begin + stretch, latest);
  return Array.from({ length: parts }, (_, part) => Math.round(Math.min(begin + (stretch * part) / parts, latest)));
}
