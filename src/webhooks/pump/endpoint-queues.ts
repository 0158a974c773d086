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
  /** Posts a job and handles its outcome. Never throws. @returns null when nothing was sent */
  post: (job: Job) => Promise<{ ok: boolean; durationMs: number } | null>;
  /** Asked before each post. */
  mayPost: () => boolean;
  /** Releases jobs that have no room in memory. */
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
 * One queue per endpoint, served round-robin, so that no endpoint waits for another's backlog. A slow post gives up its
 * slot: dead endpoints, however many, don't delay the ones that answer.
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
    // The queue becomes ready again when one of its slow posts ends.
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

  /** Posts are kept in the order of their start. */
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
    /** Returns the queue of an endpoint, and creates it when it is missing. */
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
    /** The number of jobs that don't wait for slow answers. */
    waiting(): number {
      let idle = 0;
      const isHeld = (queue: EndpointQueue) => isWindingDown && mayTakeLong(queue, slowAfterMs);
      for (const queue of queues.values())
        if (queue.slow > 0 || queue.bucket || isHeld(queue)) idle += queue.jobs.length;
      return queued - idle;
    },
    inFlight: () => posts.size,
    /** Starts no post that may take long. */
    windDown(): void {
      isWindingDown = true;
      for (const queue of ready.splice(0)) {
        queue.isReady = false;
        line(queue);
      }
    },
    /** Whether all posts in flight will probably end within a moment. */
    areQuick: () => [...posts].every(({ queue }) => queue.averageMs !== null && !mayTakeLong(queue, slowAfterMs)),
    /** Runs every moment: marks slow posts, and removes idle queues. */
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
    /** Starts nothing more. @returns the jobs that were not started */
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
