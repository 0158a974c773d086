import { randomInt } from 'node:crypto';
import type { Model } from 'mongoose';
import type { Timings } from '../../config/index.js';
import type { EventDoc } from '../../events/model.js';
import type { Cipher } from '../../lib/encryption.js';
import type { AttemptDoc, DeliveryDoc } from '../deliveries/model.js';
import { dropOrphans } from '../deliveries/orphans.js';
import { oldestUnsettled } from '../deliveries/unsettled.js';
import type { EndpointDoc } from '../endpoints/model.js';
import type { Attempt, AttemptOnce } from '../pump/attempt.js';
import { messageOf, type SentEvent } from '../pump/body.js';
import { attemptDocOf } from '../pump/outcome-writes.js';
import { recordAttempts } from '../pump/record-attempts.js';
import { openTarget } from '../pump/target.js';

export interface ProbeDeps {
  deliveries: Model<DeliveryDoc>;
  attempts: Model<AttemptDoc>;
  events: Model<EventDoc>;
  cipher: Pick<Cipher, 'decrypt'>;
  attemptOnce: AttemptOnce;
  timings: Pick<Timings, 'pump'>;
}

/**
 * Tries an endpoint with the oldest delivery that waits for it.
 * @returns null when there is none to try it with, or it cannot be signed for now
 */
export type Probe = (endpoint: EndpointDoc, signal?: AbortSignal) => Promise<Attempt | null>;

const eventFields = { org_id: 1, type: 1, data: 1, occurred_at: 1 } as const;

export function createProbe({ deliveries, attempts, events, cipher, attemptOnce, timings }: ProbeDeps): Probe {
  const oldest = (filter: object): Promise<DeliveryDoc | null> =>
    deliveries.findOne(filter).sort({ event_id: 1 }).lean<DeliveryDoc>().exec();

  /** What nobody is at. Of an ordered endpoint it is the oldest of all, or none: nothing may overtake it. */
  async function candidate({ _id: endpoint_id, ordered }: EndpointDoc): Promise<DeliveryDoc | null> {
    if (ordered) {
      const [first] = await oldestUnsettled(deliveries, endpoint_id, { limit: 1 });
      return first && (first.status === 'parked' || first.epoch === null) ? first : null;
    }
    return (
      (await oldest({ endpoint_id, status: 'parked' })) ??
      (await oldest({ endpoint_id, status: 'retrying', epoch: null }))
    );
  }

  /** While it is probed it is parked, for no pump touches those. @returns whether it is ours */
  async function claim({ _id, status, epoch }: DeliveryDoc, mine: number): Promise<boolean> {
    const { modifiedCount } = await deliveries.updateOne(
      { _id, status, epoch },
      { $set: { status: 'parked', epoch: mine, next_attempt_at: null } },
    );
    return modifiedCount === 1;
  }

  async function next(endpoint: EndpointDoc): Promise<{ delivery: DeliveryDoc; event: SentEvent } | null> {
    for (;;) {
      const delivery = await candidate(endpoint);
      if (!delivery) return null;
      const event = await events.findById(delivery.event_id, eventFields).lean<SentEvent>().exec();
      if (event) return { delivery, event };
      if (Date.now() - delivery.created_at.getTime() < timings.pump.orphanAfterMs) return null;
      // Its event was never accepted, or is past its time.
      await dropOrphans({ deliveries, events }, { _id: [delivery._id], status: delivery.status });
    }
  }

  /** On record as any other attempt; its place in the retry schedule stays. */
  async function store(delivery: DeliveryDoc, attempt: Attempt, epoch: number): Promise<void> {
    const kind = attempt.succeeded ? 'succeeded' : 'interrupted';
    const doc = attemptDocOf({ kind, delivery: { ...delivery, trigger: 'automatic' }, attempt }, attempt.at);
    const renumbered = await recordAttempts({ deliveries, attempts, epoch }, doc ? [doc] : []);
    const number = renumbered.get(delivery._id) ?? delivery.attempts + 1;
    await deliveries.updateOne(
      { _id: delivery._id, status: 'parked', epoch },
      { $set: { ...afterwards(delivery, attempt), attempts: number, epoch: null } },
    );
  }

  return async (endpoint, signal) => {
    const { url, orgId, opened } = openTarget(endpoint, cipher, new Date());
    if (!opened) return null;
    const found = await next(endpoint);
    if (!found) return null;
    const { delivery, event } = found;
    const epoch = probeEpoch();
    if (!(await claim(delivery, epoch))) return null;
    const attempt = await attemptOnce({
      delivery,
      message: messageOf(event),
      endpoint: { url, orgId, opened },
      signal,
    });
    await store(delivery, attempt, epoch);
    return attempt;
  };
}

/** Below all of the pumps', and nobody else's. */
const probeEpoch = () => -(Date.now() * 1_000 + randomInt(1_000));

function afterwards(
  { status, next_attempt_at }: DeliveryDoc,
  { succeeded, isGone }: Attempt,
): Partial<Pick<DeliveryDoc, 'status' | 'next_attempt_at' | 'settled_at'>> {
  const settled = { next_attempt_at: null, settled_at: new Date() };
  if (succeeded) return { status: 'succeeded', ...settled };
  if (isGone) return { status: 'failed', ...settled };
  return status === 'retrying' ? { status, next_attempt_at } : { status: 'parked', next_attempt_at: null };
}
