import type { Model } from 'mongoose';
import { trusted } from '../../db/schema-options.js';
import { firstIdAt } from '../../lib/ids.js';
import type { AttemptDoc, DeliveryDoc, DeliveryStatus } from '../deliveries/model.js';
import { counted, emptyHours, p95, type Hour, type Tried } from './hours.js';
import { createOlderCounts } from './older-counts.js';

/** How an endpoint was answering in the last 24 hours of the clock. */
export interface Activity {
  /** The oldest first. */
  hours: Hour[];
  succeeded: number;
  failed: number;
  /** Of the newest deliveries' tries; null when there were none. */
  p95Ms: number | null;
  /** Whether there was so much that the older hours count deliveries by how they ended, and not each try. */
  isRough: boolean;
}

/** Reads only, by the index that the history has: nothing is counted where deliveries are made. */
export type ActivityOf = (endpointId: string) => Promise<Activity>;

export interface ActivityDeps {
  deliveries: Model<DeliveryDoc>;
  attempts: Model<AttemptDoc>;
  /** Deliveries of one status that are read, for tests. */
  maxRead?: number;
  /** For tests. */
  now?: () => Date;
}

/** Tried more than once, or in vain: their tries are looked up. */
const maxLookedUp = 300;
/** Of those that got through at once, how many tell how long a try takes. */
const sampled = 50;
const dayMs = 86_400_000;
/** An event that is tried for the last time may be this old. */
const scheduleMs = 5 * dayMs;

/** What has got through is of the last day; the rest may be tried for days. */
const lookback = { succeeded: dayMs, failed: scheduleMs, retrying: scheduleMs, parked: scheduleMs, cancelled: dayMs };

type Read = Pick<DeliveryDoc, '_id' | 'event_id' | 'status' | 'attempts' | 'settled_at'>;
type AttemptSummary = Pick<AttemptDoc, 'delivery_id' | 'at' | 'duration_ms' | 'response_code' | 'error'>;

const fields = { event_id: 1, status: 1, attempts: 1, settled_at: 1 } as const;
const attemptFields = { delivery_id: 1, at: 1, duration_ms: 1, response_code: 1, error: 1 } as const;

export function createActivity({
  deliveries,
  attempts,
  maxRead = 1_000,
  now: clock = () => new Date(),
}: ActivityDeps): ActivityOf {
  const olderCounts = createOlderCounts(deliveries);

  /** One query for each status, as the history's index has them. */
  async function newest(endpoint_id: string, now: Date): Promise<Read[][]> {
    const entries = Object.entries(lookback) as [DeliveryStatus, number][];
    return Promise.all(
      entries.map(([status, backMs]) =>
        deliveries
          .find({ endpoint_id, status, event_id: trusted({ $gte: firstIdAt('evt', now.getTime() - backMs) }) }, fields)
          .sort({ event_id: -1 })
          .limit(maxRead)
          .lean<Read[]>()
          .exec(),
      ),
    );
  }

  const triesOf = (ids: readonly string[]): Promise<AttemptSummary[]> =>
    ids.length === 0
      ? Promise.resolve([])
      : attempts
          .find({ delivery_id: trusted({ $in: [...ids] }) }, attemptFields)
          .lean<AttemptSummary[]>()
          .exec();

  return async (endpointId) => {
    const now = clock();
    const empty = emptyHours(now);
    const lists = await newest(endpointId, now);
    const all = lists.flat();
    const atOnce = all.filter(isAtOnce);
    const others = all.filter((one) => one.attempts > 0 && !isAtOnce(one)).sort(newerFirst);
    const resolved = new Set(others.slice(0, maxLookedUp).map(({ _id }) => _id));
    const sample = [...atOnce].sort(newerFirst).slice(0, sampled);
    const tries = await triesOf([...resolved, ...sample.map(({ _id }) => _id)]);
    const full = lists.filter(({ length }) => length >= maxRead).map((list) => list.at(-1));
    const older = await olderCounts(endpointId, empty, full);
    const hours = counted(empty, [
      ...atOnce.map(({ settled_at: at }) => ({ at: at ?? now, succeeded: true })),
      ...tries.filter(({ delivery_id }) => resolved.has(delivery_id)).map(triedOf),
      ...older,
    ]);
    const since = empty[0]?.at ?? now;
    const durations = tries.filter((one) => one.at >= since && wasSent(one)).map(({ duration_ms }) => duration_ms);
    return {
      hours,
      succeeded: hours.reduce((sum, hour) => sum + hour.succeeded, 0),
      failed: hours.reduce((sum, hour) => sum + hour.failed, 0),
      p95Ms: p95(durations),
      isRough: full.length > 0 || others.length > maxLookedUp,
    };
  };
}

/** Delivered by its first try: its end tells all about it. */
const isAtOnce = ({ status, attempts }: Read) => status === 'succeeded' && attempts === 1;
const newerFirst = (a: Read, b: Read) => (a.event_id < b.event_id ? 1 : -1);
const triedOf = ({ at, error }: AttemptSummary): Tried => ({ at, succeeded: error === null });
/** A disabled endpoint's are on record, and were not. */
const wasSent = ({ duration_ms, response_code }: AttemptSummary) => duration_ms > 0 || response_code !== null;
