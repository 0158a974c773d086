import { groupBy } from '../group-by.js';
import type { Claims } from './claims.js';
import type { EndpointCache } from './endpoint-cache.js';
import type { Holds } from './holds.js';
import type { InFlightRegistry } from './in-flight.js';
import { sendsSoon, capacity, deferTimes, setUp, type EndpointQueue } from './endpoint-queue.js';
import type { EndpointQueues } from './endpoint-queues.js';
import type { Message } from './body.js';
import type { Messages } from './messages.js';
import type { createOrdered } from './ordered.js';
import type { Orphans } from './orphans.js';
import type { createReader } from './reader.js';
import { isHeldBack, isParked } from './sender.js';
import type { DueDelivery, PumpHealth } from './types.js';

export interface ClaimerDeps {
  claims: Claims;
  reader: ReturnType<typeof createReader>;
  cache: EndpointCache;
  queues: EndpointQueues;
  registry: InFlightRegistry;
  messages: Messages;
  orphans: Orphans;
  ordered: ReturnType<typeof createOrdered>;
  health: Pick<PumpHealth, 'isOpen'>;
  holds: Holds;
  release: (docs: readonly DueDelivery[]) => void;
}

/** Unclaimed deliveries, and the fields that make them no longer due. */
interface Move {
  docs: readonly DueDelivery[];
  set: Parameters<Claims['move']>[1];
}

/** Deferred deliveries become due again in parts of about this size, one after the other. */
const partSize = 100;
const maxParts = 8;
const largeLot = 64;
const newForMs = 1_000;

/** Claims due deliveries in MongoDB, and adds them to the endpoint queues. */
export function createClaimer(deps: ClaimerDeps) {
  const { claims, reader, cache, queues, registry, messages, orphans, ordered, health, holds, release } = deps;

  /**
   * Whether the cached endpoint is as new as the one the event was fanned out to. Other deliveries may have been made
   * before a change of the endpoint.
   */
  function isCacheCurrent({
    endpoint_id,
    endpoint_version: version = Infinity,
    attempts,
    trigger,
    created_at,
  }: DueDelivery) {
    const isNew = attempts === 0 && trigger === 'automatic' && Date.now() - created_at.getTime() < newForMs;
    return isNew && cache.isCurrent(endpoint_id, version);
  }

  /** Sorts due deliveries. @returns the ones to claim; the others are parked, deferred, or left to their order */
  function sort(docs: readonly DueDelivery[], moves: Move[]): DueDelivery[] {
    const taken: DueDelivery[] = [];
    const parked: DueDelivery[] = [];
    for (const [endpointId, due] of byEndpoint(docs)) {
      const queue = queues.of(endpointId);
      const target = cache.get(endpointId);
      if (!target?.enabled) {
        taken.push(...due);
        continue;
      }
      setUp(queue, target);
      const toPark = health.isOpen(endpointId) ? due.filter((doc) => isParked(doc) && doc.epoch === null) : [];
      parked.push(...toPark);
      const unparked = toPark.length > 0 ? due.filter((doc) => !toPark.includes(doc)) : due;
      const open = deferHeld(endpointId, unparked, moves);
      if (target.ordered) {
        if (open.length > 0) ordered.saw(endpointId, open);
        continue;
      }
      const room = Math.max(capacity(queue) - queue.jobs.length, 0);
      for (const doc of open.slice(0, room)) taken.push(doc);
      const excess = open.slice(room);
      if (!sendsSoon(queue, excess.length)) moves.push(...defer(queue, excess));
    }
    if (parked.length > 0) moves.push({ docs: parked, set: { status: 'parked', next_attempt_at: null } });
    return taken;
  }

  /** Puts off what its receiver has asked us to wait with. @returns the rest */
  function deferHeld(endpointId: string, docs: readonly DueDelivery[], moves: Move[]): readonly DueDelivery[] {
    const until = holds.heldUntil(endpointId);
    if (until === null) return docs;
    const held = docs.filter((doc) => isHeldBack(doc) && doc.epoch === null);
    if (held.length > 0) moves.push({ docs: held, set: { next_attempt_at: until } });
    return docs.filter((doc) => !held.includes(doc));
  }

  function defer(queue: EndpointQueue, docs: readonly DueDelivery[]): Move[] {
    if (docs.length === 0) return [];
    const parts = Math.min(Math.ceil(docs.length / partSize), maxParts);
    const times = deferTimes(queue, docs.length, parts, Date.now());
    const size = Math.ceil(docs.length / parts);
    return times.map((time, part) => ({
      docs: docs.slice(part * size, (part + 1) * size),
      set: { next_attempt_at: new Date(time) },
    }));
  }

  /**
   * A backlog on an unhealthy endpoint never delays healthy ones, so moves are awaited only behind a large batch:
   * without that, the same batch would be read again.
   */
  async function moveAway(moves: readonly Move[]): Promise<void> {
    const moved = Promise.all(moves.map(({ docs, set }) => registry.whileMoved(docs, () => claims.move(docs, set))));
    if (moves.reduce((count, { docs }) => count + docs.length, 0) >= largeLot) await moved;
    // Deliveries that could not be moved are read again.
    else moved.catch(() => undefined);
  }

  function enqueue(docs: readonly DueDelivery[], found: ReadonlyMap<string, Message>): void {
    for (const [endpointId, due] of byEndpoint(docs)) {
      const jobs = due.flatMap((delivery) => {
        const message = found.get(delivery.event_id);
        if (message) return [{ delivery, message }];
        orphans.keep(delivery);
        return [];
      });
      queues.add(queues.of(endpointId), jobs);
    }
  }

  /** Sends orphans whose events have arrived, and drops orphans whose events never will. */
  async function checkOrphans(): Promise<void> {
    const kept = orphans.toCheck();
    if (kept.length === 0) return;
    const found = await messages.load(kept.map(({ event_id }) => event_id));
    const come = kept.filter(({ event_id }) => found.has(event_id));
    orphans.forget(come.map(({ _id }) => _id));
    enqueue(come, found);
    const lost = orphans.lost();
    await claims.drop(lost);
    registry.drop(lost);
    orphans.forget(lost);
  }

  /**
   * Claims deliveries that no pump has claimed. The lease already excludes other pumps; the claim is for later pumps,
   * so posting doesn't wait for it. Outcomes are stored behind the claim. A delivery that is cancelled at this very
   * moment may still be sent. The next read doesn't wait either, except behind a large batch: until it is claimed, the
   * same batch would be read again.
   */
  async function claimFree(docs: readonly DueDelivery[], refreshed: Promise<void>): Promise<void> {
    const claiming = claims.claim(docs);
    // If the claim fails, the outcomes of these deliveries don't count, and they are read again.
    const settled = claiming.then(
      () => undefined,
      () => undefined,
    );
    registry.add(docs, settled);
    try {
      const [found] = await Promise.all([messages.load(docs.map(({ event_id }) => event_id)), refreshed]);
      enqueue(docs, found);
    } catch (error) {
      // No other pump would touch these deliveries until their claim expires.
      release(docs);
      throw error;
    }
    if (docs.length >= largeLot) await claiming;
  }

  /** Claims deliveries whose claim by another pump has expired. They are posted only once the claim is stored. */
  async function claimExpired(docs: readonly DueDelivery[], refreshed: Promise<void>): Promise<void> {
    const claimed = await claims.claim(docs);
    registry.add(claimed);
    try {
      const [found] = await Promise.all([messages.load(claimed.map(({ event_id }) => event_id)), refreshed]);
      enqueue(claimed, found);
    } catch (error) {
      release(claimed);
      throw error;
    }
  }

  return {
    /** @returns how many deliveries were claimed or moved */
    async claimDue(): Promise<number> {
      await checkOrphans();
      const docs = await registry.unheld(() => reader.read());
      if (docs.length === 0) return 0;
      const doubtful = new Set(docs.filter((doc) => !isCacheCurrent(doc)).map(({ endpoint_id }) => endpoint_id));
      const unknown = [...doubtful].filter((id) => cache.get(id) === undefined);
      await cache.refresh(unknown);
      const moves: Move[] = [];
      const taken = sort(docs, moves);
      const free = taken.filter(({ epoch }) => epoch === null);
      const freed = taken.filter(({ epoch }) => epoch !== null);
      const refreshed = cache.refresh([...doubtful].filter((id) => !unknown.includes(id)));
      await Promise.all([claimFree(free, refreshed), claimExpired(freed, refreshed), moveAway(moves)]);
      return taken.length + moves.length;
    },
  };
}

const byEndpoint = (docs: readonly DueDelivery[]) => groupBy(docs, ({ endpoint_id }) => endpoint_id);
