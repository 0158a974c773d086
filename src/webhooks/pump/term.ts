import { setTimeout as sleep } from 'node:timers/promises';
import { createAttemptOnce } from './attempt.js';
import { createClaims } from './claims.js';
import { createEndpointCache } from './endpoint-cache.js';
import { createFeeder } from './feeder.js';
import { createHoldings } from './holdings.js';
import { createLanes } from './lanes.js';
import { createMessages } from './messages.js';
import { createOrdered } from './ordered.js';
import { createOrphans } from './orphans.js';
import { createOutcomes } from './outcomes.js';
import type { PumpDeps, Term } from './pump.js';
import { createReader } from './reader.js';
import { createSender } from './sender.js';
import type { DueDelivery, Outcome } from './types.js';

/** Enough to keep all slots busy while the next are read. */
const mostWaiting = 1_000;
const mostHeld = 20_000;
const mostUnstored = 5_000;
/** So many at once, and it is busy. */
const busyCount = 64;
const sleepMs = { busy: 0, few: 4, justActive: 20, idle: 100, failed: 500 };
const justActiveMs = 1_000;
const tendMs = 50;
const beatMs = 500;
const refreshMs = 2_000;
/** A turn may wait for MongoDB as long as a socket does; past this it hangs, and no beat covers for it. */
const stuckMs = 40_000;
const drainMs = 5_000;
/** What is left of that is for storing what came. */
const finishMs = 4_000;

/** One term of a pump: everything in memory is made for it and goes with it. */
export async function runTerm(deps: PumpDeps, { epoch, partitions, holdsLease, signal, onBeat }: Term): Promise<void> {
  const { deliveries, attempts, events, endpoints, cipher, http, health, gone, logger } = deps;
  let posted = 0;
  let turnAt = Date.now();
  let posting = new AbortController();
  const mayPost = () => !signal.aborted && holdsLease();

  const holdings = createHoldings();
  const orphans = createOrphans({ lostAfterMs: deps.orphanMs });
  const claims = createClaims({ deliveries, epoch, partitions });
  const cache = createEndpointCache({ endpoints, cipher });
  const messages = createMessages({ events });
  const outcomes = createOutcomes({ deliveries, attempts, epoch, health, logger, stored: holdings.stored });
  const finish = (outcome: Outcome) => outcomes.add(outcome, holdings.isAwaited(outcome.delivery._id));
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
    giveBack: (_lane, jobs) =>
      giveBack(
        jobs.map(({ delivery }) => delivery),
        new Date(Date.now() + 5_000),
      ),
    ...(deps.limits && { limits: deps.limits }),
  });
  const ordered = createOrdered({ claims, cache, lanes, holdings, messages, orphans, mayPost, finish, logger });
  const reader = createReader({ claims, most: messages.mostAtOnce });
  const feeder = createFeeder({ claims, reader, cache, lanes, holdings, messages, orphans, ordered, health, giveBack });

  let refreshedAt = 0;
  async function tend(): Promise<void> {
    lanes.tend();
    await claims.renew(holdings.ageing());
    if (Date.now() - refreshedAt < refreshMs) return;
    refreshedAt = Date.now();
    cache.keepOnly(lanes.has);
    await cache.refresh(lanes.ids());
  }

  let activeAt = 0;
  /** @returns how long to sleep */
  async function turn(): Promise<number> {
    if (!holdsLease()) {
      // Somebody else may be sending these by now.
      posting.abort();
      posting = new AbortController();
      return sleepMs.idle;
    }
    const isFull = lanes.waiting() >= mostWaiting || holdings.size() >= mostHeld || outcomes.size() >= mostUnstored;
    if (isFull) return sleepMs.few;
    const count = await feeder.feed();
    if (count > 0) activeAt = Date.now();
    if (count >= busyCount || (count === 0 && reader.isBehind())) return sleepMs.busy;
    if (count > 0 || orphans.areExpected()) return sleepMs.few;
    return Date.now() - activeAt < justActiveMs ? sleepMs.justActive : sleepMs.idle;
  }

  async function drain(): Promise<void> {
    const endsAt = Date.now() + drainMs;
    ordered.stop();
    giveBack(lanes.stop().map(({ delivery }) => delivery));
    giveBack(orphans.all());
    const finishBy = Date.now() + finishMs;
    while (lanes.inFlight() > 0 && Date.now() < finishBy && holdsLease()) await sleep(20);
    posting.abort();
    do {
      await sleep(5);
      await outcomes.drain(endsAt);
    } while (holdings.size() > 0 && Date.now() < endsAt);
  }

  const beats = setInterval(() => {
    if (Date.now() - turnAt < stuckMs) onBeat({ posted, inFlight: lanes.inFlight(), held: holdings.size() });
  }, beatMs);
  let tending: Promise<void> | null = null;
  const tends = setInterval(() => {
    const failed = (err: unknown) => logger.warn({ err }, 'the pump could not renew its claims; trying again');
    tending ??= tend()
      .catch(failed)
      .finally(() => (tending = null));
  }, tendMs);
  try {
    let isFirst = true;
    while (!signal.aborted) {
      turnAt = Date.now();
      let restMs = 0;
      try {
        if (isFirst) await claims.takeBack();
        isFirst = false;
        restMs = await turn();
      } catch (err) {
        logger.warn({ err }, 'the pump could not read or claim deliveries; trying again');
        restMs = sleepMs.failed;
      }
      await sleep(restMs, undefined, { signal }).catch(() => undefined);
    }
    turnAt = Date.now();
    await drain();
  } finally {
    clearInterval(beats);
    clearInterval(tends);
  }
}
