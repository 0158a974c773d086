import { createAttemptOnce } from './attempt.js';
import { createClaims } from './claims.js';
import { createEndpointCache } from './endpoint-cache.js';
import { createFeeder } from './feeder.js';
import { createHoldings } from './holdings.js';
import { putOffTimes } from './lane.js';
import { createLanes } from './lanes.js';
import { createMessages } from './messages.js';
import { createOrdered } from './ordered.js';
import { createOrphans } from './orphans.js';
import { createOutcomes } from './outcomes.js';
import type { PumpDeps, Term } from './pump.js';
import { createReader } from './reader.js';
import { createSender } from './sender.js';
import type { DueDelivery, Outcome } from './types.js';

export type Parts = ReturnType<typeof createParts>;

/** All that a term consists of, and how its parts are wired. Nothing of it outlives the term. */
export function createParts(deps: PumpDeps, { epoch, partitions, holdsLease, signal }: Term) {
  const { deliveries, attempts, events, endpoints, cipher, http, health, gone, logger } = deps;
  const timings = deps.timings.pump;
  let posted = 0;
  let posting = new AbortController();
  let isEnding = false;
  const mayPost = () => !isEnding && !signal.aborted && holdsLease();

  const holdings = createHoldings(timings);
  const orphans = createOrphans({ lostAfterMs: timings.orphanAfterMs });
  const claims = createClaims({ deliveries, events, epoch, partitions, claimMs: timings.claimMs });
  const cache = createEndpointCache({ endpoints, cipher });
  const messages = createMessages({ events });
  const stored = (batch: readonly Outcome[]) => {
    holdings.stored(batch);
    deps.counted?.(batch);
  };
  const outcomes = createOutcomes({ deliveries, attempts, epoch, health, logger, stored });
  /** What came of one is stored behind its claim: before it, it would count for nobody's. */
  const finish = (outcome: Outcome): void => {
    const id = outcome.delivery._id;
    const add = () => outcomes.add(outcome, holdings.isAwaited(id));
    const claiming = holdings.claiming(id);
    if (claiming) void claiming.then(add);
    else add();
  };
  const giveBack = (docs: readonly DueDelivery[], until = new Date()) => {
    for (const delivery of docs) finish({ kind: 'put_off', delivery, until });
  };
  const send = createSender({
    ...{ attemptOnce: createAttemptOnce({ http }), cache, health, gone, logger, finish },
    ...{ delaysMs: deps.retryDelaysMs, random: deps.random ?? Math.random, stopped: () => posting.signal },
  });
  const lanes = createLanes({
    post: async (job) => {
      const answer = await send(job);
      if (answer) posted += 1;
      return answer;
    },
    mayPost,
    giveBack: (lane, jobs) => {
      const [at] = putOffTimes(lane, jobs.length, 1, Date.now());
      const docs = jobs.map(({ delivery }) => delivery);
      giveBack(docs, new Date(at ?? Date.now()));
    },
    ...(deps.limits && { limits: deps.limits }),
  });
  const ordered = createOrdered({ claims, cache, lanes, holdings, messages, orphans, mayPost, finish, logger });
  const reader = createReader({ claims, most: messages.mostAtOnce });
  const feeder = createFeeder({ claims, reader, cache, lanes, holdings, messages, orphans, ordered, health, giveBack });

  return {
    ...{ claims, cache, lanes, orphans, outcomes, holdings, reader, feeder },
    beat: () => ({ posted, inFlight: lanes.inFlight(), held: holdings.size() }),
    /** Begins nothing more, and gives back what has not begun. */
    stop(): void {
      isEnding = true;
      ordered.stop();
      giveBack(lanes.stop().map(({ delivery }) => delivery));
      giveBack(orphans.all());
    },
    /** Cuts off what is in flight: nobody knows what came of it. What begins afterwards is let through. */
    cutOff(): void {
      posting.abort();
      posting = new AbortController();
    },
  };
}
