import { defaultLimits, type LaneLimits } from './lane-limits.js';
import { capacity, mayTakeLong, newLane, noteAnswer, noteEmpty, postsAllowed, type Lane } from './lane.js';
import type { Job } from './types.js';

export interface LanesDeps {
  /** Posts it and sees to what comes of it. Never throws. @returns null when nothing was sent */
  post: (job: Job) => Promise<{ ok: boolean; durationMs: number } | null>;
  /** Asked before each post. */
  mayPost: () => boolean;
  /** Gives back what has no room in memory any more. */
  giveBack: (lane: Lane, jobs: Job[]) => void;
  limits?: Partial<LaneLimits>;
}

const idleMs = 60_000;

interface Post {
  lane: Lane;
  startedAt: number;
  isSlow: boolean;
}

export type Lanes = ReturnType<typeof createLanes>;

/**
 * A queue for each endpoint, all served in turn, so that none waits for another's backlog. A post that takes long gives up
 * its place among the quick ones: dead endpoints, however many, do not hold up those that answer.
 */
export function createLanes({ post, mayPost, giveBack, limits }: LanesDeps) {
  const { posts: mostQuick, slowAfterMs, slowPosts: mostSlow } = { ...defaultLimits, ...limits };
  const lanes = new Map<string, Lane>();
  const ready: Lane[] = [];
  const posts = new Set<Post>();
  let quick = 0;
  let slow = 0;
  let queued = 0;
  let isWindingDown = false;
  let isStopped = false;

  function line(lane: Lane): void {
    if (lane.isReady || lane.wake || lane.queue.length === 0 || lane.inFlight >= postsAllowed(lane)) return;
    if (isWindingDown && mayTakeLong(lane, slowAfterMs)) return;
    // Its own slow posts bring it back when they end.
    if (lane.slow > 0 && slow >= mostSlow) return;
    const waitMs = lane.bucket?.waitMs(Date.now()) ?? 0;
    if (waitMs > 0) {
      lane.wake = setTimeout(() => {
        lane.wake = undefined;
        line(lane);
        dispatch();
      }, waitMs);
      return;
    }
    lane.isReady = true;
    ready.push(lane);
  }

  function dispatch(): void {
    while (quick < mostQuick && ready.length > 0 && !isStopped && mayPost()) {
      const lane = ready.shift();
      const job = lane?.queue.shift();
      if (lane) lane.isReady = false;
      if (!lane || !job) continue;
      queued -= 1;
      lane.bucket?.take(Date.now());
      void run(lane, job);
      line(lane);
    }
  }

  async function run(lane: Lane, job: Job): Promise<void> {
    const one: Post = { lane, startedAt: Date.now(), isSlow: false };
    posts.add(one);
    quick += 1;
    lane.inFlight += 1;
    const answer = await post(job);
    posts.delete(one);
    lane.inFlight -= 1;
    if (one.isSlow) {
      lane.slow -= 1;
      slow -= 1;
    } else quick -= 1;
    if (answer) noteAnswer(lane, { ...answer, wasSlow: answer.durationMs >= slowAfterMs });
    if (lane.queue.length === 0) noteEmpty(lane);
    line(lane);
    dispatch();
  }

  /** The oldest posts stand first. */
  function markSlow(): void {
    const before = Date.now() - slowAfterMs;
    for (const one of posts) {
      if (one.startedAt > before) break;
      if (one.isSlow) continue;
      one.isSlow = true;
      one.lane.slow += 1;
      slow += 1;
      quick -= 1;
    }
  }

  return {
    /** The lane of an endpoint; made when there is none. */
    of(endpointId: string): Lane {
      const nowMs = Date.now();
      const lane = lanes.get(endpointId) ?? newLane(endpointId, nowMs);
      lane.usedAt = nowMs;
      lanes.set(endpointId, lane);
      return lane;
    },
    has: (endpointId: string) => lanes.has(endpointId),
    ids: () => [...lanes.keys()],
    add(lane: Lane, jobs: readonly Job[]): void {
      lane.queue.push(...jobs);
      queued += jobs.length;
      line(lane);
      dispatch();
    },
    /** How much there is to do for those that are not waiting for slow answers. */
    waiting(): number {
      let idle = 0;
      const isHeld = (lane: Lane) => isWindingDown && mayTakeLong(lane, slowAfterMs);
      for (const lane of lanes.values()) if (lane.slow > 0 || lane.bucket || isHeld(lane)) idle += lane.queue.length;
      return queued - idle;
    },
    inFlight: () => posts.size,
    /** Begins nothing more that may take long. */
    windDown(): void {
      isWindingDown = true;
      for (const lane of ready.splice(0)) {
        lane.isReady = false;
        line(lane);
      }
    },
    /** Whether what is in flight is through in a moment, by how its endpoints have been answering. */
    areQuick: () => [...posts].every(({ lane }) => lane.averageMs !== null && !mayTakeLong(lane, slowAfterMs)),
    /** Every moment or so: sees who has become slow, and forgets who is not heard of any more. */
    tend(): void {
      markSlow();
      const unusedSince = Date.now() - idleMs;
      for (const lane of lanes.values()) {
        const excess = lane.queue.length - 2 * capacity(lane);
        if (excess > 0 && !lane.ordered) {
          queued -= excess;
          giveBack(lane, lane.queue.splice(lane.queue.length - excess));
        }
        if (lane.queue.length === 0 && lane.inFlight === 0 && lane.usedAt < unusedSince) lanes.delete(lane.endpointId);
        else line(lane);
      }
      dispatch();
    },
    /** Begins nothing more. @returns what was not begun */
    stop(): Job[] {
      isStopped = true;
      ready.length = 0;
      queued = 0;
      return [...lanes.values()].flatMap((lane) => {
        clearTimeout(lane.wake);
        return lane.queue.splice(0);
      });
    },
  };
}
