import { defaultLimits, type QueueLimits } from './queue-limits.js';
import {
  capacity,
  mayTakeLong,
  newEndpointQueue,
  noteAnswer,
  noteEmpty,
  postsAllowed,
  type EndpointQueue,
} from './endpoint-queue.js';
import type { Job } from './types.js';

export interface EndpointQueuesDeps {
  /** Posts it and sees to what comes of it. Never throws. @returns null when nothing was sent */
  post: (job: Job) => Promise<{ ok: boolean; durationMs: number } | null>;
  /** Asked before each post. */
  mayPost: () => boolean;
  /** Gives back what has no room in memory any more. */
  release: (queue: EndpointQueue, jobs: Job[]) => void;
  limits?: Partial<QueueLimits>;
}

const idleMs = 60_000;

interface Post {
  queue: EndpointQueue;
  startedAt: number;
  isSlow: boolean;
}

export type EndpointQueues = ReturnType<typeof createEndpointQueues>;

/**
 * A queue for each endpoint, all served in turn, so that none waits for another's backlog. A post that takes long gives up
 * its place among the quick ones: dead endpoints, however many, do not hold up those that answer.
 */
export function createEndpointQueues({ post, mayPost, release, limits }: EndpointQueuesDeps) {
  const { posts: maxQuick, slowAfterMs, slowPosts: maxSlow } = { ...defaultLimits, ...limits };
  const queues = new Map<string, EndpointQueue>();
  const ready: EndpointQueue[] = [];
  const posts = new Set<Post>();
  let quick = 0;
  let slow = 0;
  let queued = 0;
  let isWindingDown = false;
  let isStopped = false;

  function line(queue: EndpointQueue): void {
    if (queue.isReady || queue.wake || queue.jobs.length === 0 || queue.inFlight >= postsAllowed(queue)) return;
    if (isWindingDown && mayTakeLong(queue, slowAfterMs)) return;
    // Its own slow posts bring it back when they end.
    if (queue.slow > 0 && slow >= maxSlow) return;
    const waitMs = queue.bucket?.waitMs(Date.now()) ?? 0;
    if (waitMs > 0) {
      queue.wake = setTimeout(() => {
        queue.wake = undefined;
        line(queue);
        dispatch();
      }, waitMs);
      return;
    }
    queue.isReady = true;
    ready.push(queue);
  }

  function dispatch(): void {
    while (quick < maxQuick && ready.length > 0 && !isStopped && mayPost()) {
      const queue = ready.shift();
      const job = queue?.jobs.shift();
      if (queue) queue.isReady = false;
      if (!queue || !job) continue;
      queued -= 1;
      queue.bucket?.take(Date.now());
      void run(queue, job);
      line(queue);
    }
  }

  async function run(queue: EndpointQueue, job: Job): Promise<void> {
    const one: Post = { queue, startedAt: Date.now(), isSlow: false };
    posts.add(one);
    quick += 1;
    queue.inFlight += 1;
    const answer = await post(job);
    posts.delete(one);
    queue.inFlight -= 1;
    if (one.isSlow) {
      queue.slow -= 1;
      slow -= 1;
    } else quick -= 1;
    if (answer) noteAnswer(queue, { ...answer, wasSlow: answer.durationMs >= slowAfterMs });
    if (queue.jobs.length === 0) noteEmpty(queue);
    line(queue);
    dispatch();
  }

  /** The oldest posts stand first. */
  function markSlow(): void {
    const before = Date.now() - slowAfterMs;
    for (const one of posts) {
      if (one.startedAt > before) break;
      if (one.isSlow) continue;
      one.isSlow = true;
      one.queue.slow += 1;
      slow += 1;
      quick -= 1;
    }
  }

  return {
    /** The lane of an endpoint; made when there is none. */
    of(endpointId: string): EndpointQueue {
      const nowMs = Date.now();
      const queue = queues.get(endpointId) ?? newEndpointQueue(endpointId, nowMs);
      queue.usedAt = nowMs;
      queues.set(endpointId, queue);
      return queue;
    },
    has: (endpointId: string) => queues.has(endpointId),
    ids: () => [...queues.keys()],
    add(queue: EndpointQueue, jobs: readonly Job[]): void {
      queue.jobs.push(...jobs);
      queued += jobs.length;
      line(queue);
      dispatch();
    },
    /** How much there is to do for those that are not waiting for slow answers. */
    waiting(): number {
      let idle = 0;
      const isHeld = (queue: EndpointQueue) => isWindingDown && mayTakeLong(queue, slowAfterMs);
      for (const queue of queues.values())
        if (queue.slow > 0 || queue.bucket || isHeld(queue)) idle += queue.jobs.length;
      return queued - idle;
    },
    inFlight: () => posts.size,
    /** Begins nothing more that may take long. */
    windDown(): void {
      isWindingDown = true;
      for (const queue of ready.splice(0)) {
        queue.isReady = false;
        line(queue);
      }
    },
    /** Whether what is in flight is through in a moment, by how its endpoints have been answering. */
    areQuick: () => [...posts].every(({ queue }) => queue.averageMs !== null && !mayTakeLong(queue, slowAfterMs)),
    /** Every moment or so: sees who has become slow, and forgets who is not heard of any more. */
    maintain(): void {
      markSlow();
      const unusedSince = Date.now() - idleMs;
      for (const queue of queues.values()) {
        const excess = queue.jobs.length - 2 * capacity(queue);
        if (excess > 0 && !queue.ordered) {
          queued -= excess;
          release(queue, queue.jobs.splice(queue.jobs.length - excess));
        }
        if (queue.jobs.length === 0 && queue.inFlight === 0 && queue.usedAt < unusedSince)
          queues.delete(queue.endpointId);
        else line(queue);
      }
      dispatch();
    },
    /** Begins nothing more. @returns what was not begun */
    stop(): Job[] {
      isStopped = true;
      ready.length = 0;
      queued = 0;
      return [...queues.values()].flatMap((queue) => {
        clearTimeout(queue.wake);
        return queue.jobs.splice(0);
      });
    },
  };
}
