import { createTokenBucket, type TokenBucket } from './token-bucket.js';
import type { Job } from './types.js';

/** What waits for one endpoint, and how it has been answering. */
export interface Lane {
  readonly endpointId: string;
  /** Claimed, and not yet posted. */
  readonly queue: Job[];
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
  /** What is put off goes after what was put off before. In milliseconds. */
  putOffUntil: number;
  /** Whether it stands in line for the next slot. */
  isReady: boolean;
  wake: NodeJS.Timeout | undefined;
  usedAt: number;
}

export const mostPosts = 20;
/** Enough to begin with for an endpoint that answers; few enough of one that does not. */
const firstPosts = 4;
const mostQueued = 200;
const fewestQueued = 10;
const fewestPerSecond = 0.1;
/** A quick endpoint may have as much in memory as it takes in half a second. */
const aheadMs = 500;
const quickQueued = 1_000;
const soonMs = 1_000;
const longestPutOffMs = 60_000;
const shortestPutOffMs = 100;

export const newLane = (endpointId: string, nowMs: number): Lane => ({
  endpointId,
  queue: [],
  inFlight: 0,
  slow: 0,
  limit: firstPosts,
  ordered: false,
  bucket: null,
  averageMs: null,
  isFailing: false,
  crowdedSince: null,
  putOffUntil: 0,
  isReady: false,
  wake: undefined,
  usedAt: nowMs,
});

/** Takes over what people have set. */
export function setUp(
  lane: Lane,
  { ordered, ratePerSecond }: { ordered: boolean; ratePerSecond: number | null },
): void {
  lane.ordered = ordered;
  if (ratePerSecond === (lane.bucket?.ratePerSecond ?? null)) return;
  lane.bucket = ratePerSecond === null ? null : createTokenBucket(ratePerSecond);
}

export const postsAllowed = (lane: Lane): number => (lane.ordered ? 1 : lane.limit);

/** Whether a post to it may take longer than that, as far as is known. In milliseconds. */
export const mayTakeLong = (lane: Lane, ms: number): boolean => lane.slow > 0 || (lane.averageMs ?? 0) >= ms;

/** An endpoint that answers earns another slot each time; one that keeps us waiting loses half of them. */
export function noteAnswer(
  lane: Lane,
  { ok, durationMs, wasSlow }: { ok: boolean; durationMs: number; wasSlow: boolean },
) {
  lane.averageMs = lane.averageMs === null ? durationMs : lane.averageMs * 0.8 + durationMs * 0.2;
  lane.isFailing = !ok && wasSlow;
  if (ok) lane.limit = Math.min(mostPosts, lane.limit + 1);
  else if (wasSlow) lane.limit = Math.max(1, Math.floor(lane.limit / 2));
}

/** Nothing waits for it in memory any more. */
export function noteEmpty(lane: Lane): void {
  if (!lane.isFailing) lane.crowdedSince = null;
}

/** How many go out in a second, as far as is known; null when nothing is. */
function perSecond(lane: Lane): number | null {
  const byAnswers = lane.averageMs === null ? null : (postsAllowed(lane) * 1_000) / Math.max(lane.averageMs, 1);
  const allowed = lane.bucket?.ratePerSecond ?? Infinity;
  if (byAnswers === null) return allowed === Infinity ? null : allowed;
  return Math.min(byAnswers, allowed);
}

const failsUs = (lane: Lane): boolean => lane.isFailing || (lane.averageMs === null && lane.slow > 0);

/** How many may wait in memory. What is beyond waits in MongoDB. */
export function capacity(lane: Lane): number {
  if (failsUs(lane)) return fewestQueued;
  return Math.min(quickQueued, Math.max(mostQueued, Math.ceil(((perSecond(lane) ?? 0) * aheadMs) / 1_000)));
}

/** Whether so many more are gone within a moment: then they stay where they are, and are simply read again. */
export function areSoonGone(lane: Lane, count: number): boolean {
  const rate = perSecond(lane);
  return !failsUs(lane) && (rate === null || (lane.queue.length + count) / rate < soonMs / 1_000);
}

/**
 * When those that have no room here come back: about as their turn will come, by what is known. That may change, so never
 * later than it has been crowded for: an endpoint that is quick again does not wait longer for its rest than it took to be so.
 * @returns a time for each of the parts, in milliseconds
 */
export function putOffTimes(lane: Lane, count: number, parts: number, nowMs: number): number[] {
  lane.crowdedSince ??= nowMs;
  const crowdedMs = nowMs - lane.crowdedSince;
  const latest = nowMs + Math.min(Math.max(crowdedMs, soonMs), longestPutOffMs);
  const rate = failsUs(lane) ? fewestPerSecond : Math.max(perSecond(lane) ?? 100, fewestPerSecond);
  const half = nowMs + Math.max((lane.queue.length * 500) / rate, shortestPutOffMs);
  const begin = Math.min(Math.max(half, lane.putOffUntil), latest);
  const stretch = (count * 1_000) / rate;
  lane.putOffUntil = Math.min(begin + stretch, latest);
  return Array.from({ length: parts }, (_, part) => Math.round(Math.min(begin + (stretch * part) / parts, latest)));
}
