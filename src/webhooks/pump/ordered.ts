import type { Logger } from '../../observability/logger.js';
import { maxDeferMs, type Claims } from './claims.js';
import type { EndpointCache } from './endpoint-cache.js';
import type { InFlightRegistry } from './in-flight.js';
import type { EndpointQueues } from './endpoint-queues.js';
import type { Messages } from './messages.js';
import type { Orphans } from './orphans.js';
import { maxRead, newLine, nextStretch, noteDue, noteUnsettled, type Line } from './ordered-line.js';
import { headOf } from './ordered-head.js';
import type { DueDelivery, Outcome } from './types.js';
import type { Message } from './body.js';

export interface OrderedDeps {
  claims: Claims;
  cache: EndpointCache;
  queues: Pick<EndpointQueues, 'of' | 'add'>;
  registry: InFlightRegistry;
  messages: Messages;
  orphans: Orphans;
  mayPost: () => boolean;
  finish: (outcome: Outcome) => void;
  logger: Logger;
}

/** The pause before the next step of an endpoint that cannot continue yet. */
const restMs = 100;
/** An event is stored concurrently with its deliveries, and may arrive a moment after them. */
const soonMs = 10;
/** People may cancel or resend the blocking delivery; this is how soon the pump notices. */
const maxAlarmMs = 5_000;
const settledKinds: readonly Outcome['kind'][] = ['succeeded', 'failed', 'cancelled', 'disabled'];

/**
 * Sends the deliveries of ordered endpoints: the oldest unsettled one first, and none behind it before its outcome is
 * stored.
 */
export function createOrdered(deps: OrderedDeps) {
  const { claims, cache, queues, registry, messages, orphans, mayPost, finish, logger } = deps;
  const lines = new Map<string, Line>();
  let isStopped = false;

  const release = (docs: readonly DueDelivery[], until: Date) => {
    for (const delivery of docs) finish({ kind: 'put_off', delivery, until });
  };

  function post(endpointId: string, delivery: DueDelivery, message: Message): Promise<Outcome> {
    return new Promise((resolve) => {
      registry.whenSettled(delivery._id, resolve);
      queues.add(queues.of(endpointId), [{ delivery, message }]);
    });
  }

  /**
   * The deliveries before the first one whose event may still arrive. All are classified, so that they wait
   * concurrently.
   */
  function expected(docs: readonly DueDelivery[], found: ReadonlyMap<string, Message>): DueDelivery[] {
    const awaited = new Set(docs.filter((doc) => !found.has(doc.event_id) && orphans.classify(doc) === 'wait'));
    const first = docs.findIndex((doc) => awaited.has(doc));
    return first === -1 ? [...docs] : docs.slice(0, first);
  }

  /**
   * Sends these deliveries in order, while each one settles.
   * @returns when to continue, in milliseconds; 0 for at once
   */
  async function send(
    endpointId: string,
    line: Line,
    docs: readonly DueDelivery[],
    found: ReadonlyMap<string, Message>,
  ) {
    for (const [index, delivery] of docs.entries()) {
      const message = found.get(delivery.event_id);
      if (message && !mayPost()) {
        release(docs.slice(index), new Date());
        return restMs;
      }
      orphans.forget([delivery._id]);
      if (!message) {
        await claims.drop([delivery._id]);
        registry.drop([delivery._id]);
        continue;
      }
      const outcome = await post(endpointId, delivery, message);
      if (!settledKinds.includes(outcome.kind)) {
        release(docs.slice(index + 1), new Date(Date.now() + (mayPost() ? maxDeferMs : 0)));
        return outcome.kind === 'retry' ? outcome.delayMs : maxAlarmMs;
      }
      line.waiting.delete(delivery.event_id);
    }
    return 0;
  }

  /** @returns when to run the next step, in milliseconds; 0 for at once, null when no delivery is known to wait */
  async function step(endpointId: string, line: Line): Promise<number | null> {
    const stretch = nextStretch(line);
    if (!stretch) return null;
    if (!mayPost()) return restMs;
    await cache.refresh([endpointId]);
    // The endpoint is no longer ordered. Its deferred deliveries come back like all others.
    if (cache.get(endpointId)?.ordered === false) return null;
    const due = line.due;
    line.due = [];
    const docs = await claims.unsettled(endpointId, stretch.upTo, maxRead);
    noteUnsettled(line, stretch, docs);
    const { head, waitMs } = headOf(docs, { epoch: claims.epoch, nowMs: Date.now(), isHeld: registry.has });
    const found = await messages.load(head.map(({ event_id }) => event_id));
    const going = expected(head, found);
    const claimed = await claims.claim(going);
    registry.add(claimed);
    // The first one keeps its time. The others have no time of their own while they wait behind it.
    const behind = due.filter(
      ({ _id }) => !registry.has(_id) && (_id !== docs[0]?._id || docs[0].status === 'pending'),
    );
    const moved = claims.move(behind, { next_attempt_at: new Date(Date.now() + maxDeferMs) });
    // If this fails, they are read again.
    await moved.catch(() => undefined);
    if (head.length === 0) return docs.length === 0 ? 0 : waitMs;
    // Another process has claimed one of them, so nothing behind it may be sent.
    const isClaimed = new Set(claimed.map(({ _id }) => _id));
    const gap = going.findIndex(({ _id }) => !isClaimed.has(_id));
    const whole = gap === -1 ? going : going.slice(0, gap);
    release(
      claimed.filter((doc) => !whole.includes(doc)),
      new Date(),
    );
    const nextMs = await send(endpointId, line, whole, found);
    return whole.length === head.length ? nextMs : Math.max(nextMs, orphans.areExpected() ? soonMs : restMs);
  }

  async function move(endpointId: string, line: Line): Promise<void> {
    if (line.isMoving) return;
    line.isMoving = true;
    clearTimeout(line.alarm);
    let nextMs: number | null = 0;
    try {
      while (nextMs === 0) nextMs = await step(endpointId, line);
    } catch (err) {
      logger.warn({ err, endpoint: endpointId }, 'an ordered endpoint could not be served; trying again');
      nextMs = 1_000;
    }
    line.isMoving = false;
    if (nextMs === null) lines.delete(endpointId);
    if (nextMs === null || isStopped) return;
    line.alarm = setTimeout(() => void move(endpointId, line), Math.min(nextMs, maxAlarmMs));
  }

  return {
    /** Notes due deliveries, to be sent in their order. */
    saw(endpointId: string, docs: readonly DueDelivery[]): void {
      const line = lines.get(endpointId) ?? newLine();
      lines.set(endpointId, line);
      noteDue(line, docs);
      void move(endpointId, line);
    },
    stop(): void {
      isStopped = true;
      for (const line of lines.values()) clearTimeout(line.alarm);
    },
  };
}
