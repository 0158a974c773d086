import { createAttemptOnce } from './attempt.js';
import { createClaims } from './claims.js';
import { createEndpointCache } from './endpoint-cache.js';
import { createClaimer } from './claimer.js';
import { createHolds } from './holds.js';
import { createInFlightRegistry } from './in-flight.js';
import { deferTimes } from './endpoint-queue.js';
import { createEndpointQueues } from './endpoint-queues.js';
import { createMessages } from './messages.js';
import { createOrdered } from './ordered.js';
import { createOrphans } from './orphans.js';
import { createOutcomes } from './outcomes.js';
import type { PumpDeps, Term } from './pump.js';
import { createReader } from './reader.js';
import { createSender } from './sender.js';
import type { DueDelivery, Outcome } from './types.js';

export type Parts = ReturnType<typeof createParts>;

/** Creates and wires the parts of one term. Nothing of it outlives the term. */
export function createParts(deps: PumpDeps, { epoch, partitions, holdsLease, signal }: Term) {
  const { deliveries, attempts, events, endpoints, cipher, http, health, gone, logger } = deps;
  const timings = deps.timings.pump;
  let posted = 0;
  let posting = new AbortController();
  let isEnding = false;
  const mayPost = () => !isEnding && !signal.aborted && holdsLease();

  const registry = createInFlightRegistry(timings);
  const orphans = createOrphans({ lostAfterMs: timings.orphanAfterMs });
  const claims = createClaims({ deliveries, events, epoch, partitions, claimMs: timings.claimMs });
  const cache = createEndpointCache({ endpoints, cipher });
  const holds = createHolds();
  const messages = createMessages({ events });
  const stored = (batch: readonly Outcome[]) => {
    registry.stored(batch);
    deps.counted?.(batch);
  };
  const outcomes = createOutcomes({ deliveries, attempts, epoch, health, logger, stored });
  /** An outcome is stored after its claim; before the claim it would not count. */
  const finish = (outcome: Outcome): void => {
    const id = outcome.delivery._id;
    const add = () => outcomes.add(outcome, registry.isAwaited(id));
    const claiming = registry.claiming(id);
    if (claiming) void claiming.then(add);
    else add();
  };
  const release = (docs: readonly DueDelivery[], until = new Date()) => {
    for (const delivery of docs) finish({ kind: 'put_off', delivery, until });
  };
  const send = createSender({
    ...{ attemptOnce: createAttemptOnce({ http }), cache, health, holds, gone, logger, finish },
    ...{ delaysMs: deps.retryDelaysMs, random: deps.random ?? Math.random, stopped: () => posting.signal },
  });
  const queues = createEndpointQueues({
    post: async (job) => {
      const answer = await send(job);
      if (answer) posted += 1;
      return answer;
    },
    mayPost,
    release: (queue, jobs) => {
      const [at] = deferTimes(queue, jobs.length, 1, Date.now());
      const docs = jobs.map(({ delivery }) => delivery);
      release(docs, new Date(at ?? Date.now()));
    },
    ...(deps.limits && { limits: deps.limits }),
  });
  const ordered = createOrdered({ claims, cache, queues, registry, messages, orphans, mayPost, finish, logger });
  const reader = createReader({ claims, limitOf: messages.maxAtOnce });
  const claimer = createClaimer({
    claims,
    reader,
    cache,
    queues,
    registry,
    messages,
    orphans,
    ordered,
    health,
    holds,
    release,
  });

  return {
    ...{ claims, cache, queues, orphans, outcomes, registry, reader, claimer },
    beat: () => ({ posted, inFlight: queues.inFlight(), held: registry.size() }),
    /** Starts nothing more, and releases the jobs that have not started. */
    stop(): void {
      isEnding = true;
      ordered.stop();
      release(queues.stop().map(({ delivery }) => delivery));
      release(orphans.all());
    },
    /** Aborts the posts in flight; their outcome is unknown. Later posts are not affected. */
    cutOff(): void {
      posting.abort();
      posting = new AbortController();
    },
  };
}
