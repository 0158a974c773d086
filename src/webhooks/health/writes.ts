import type { AnyBulkWriteOperation } from 'mongoose';
import { trusted } from '../../db/schema-options.js';
import type { HealthDoc } from './model.js';
import type { Tally } from './tally.js';

/** An endpoint's health before its first try is counted. */
export const newHealth = (id: string, orgId: string, at: Date): HealthDoc => ({
  _id: id,
  org_id: orgId,
  breaker: 'closed',
  failures_in_a_row: 0,
  failing_since: null,
  last_success_at: null,
  last_failure_at: null,
  opened_at: null,
  probes: 0,
  next_probe_at: null,
  ring_after: null,
  updated_at: at,
});

/** Closes a breaker. @param ringAfter when the workflow is to be woken, so that it releases the parked deliveries */
export const closing = (wakeAfter: Date) =>
  ({ breaker: 'closed', opened_at: null, probes: 0, next_probe_at: null, ring_after: wakeAfter }) as const;

/**
 * What tallies make of their endpoints' health, to be applied in this order. A success closes an open breaker. Times are
 * kept to the second, so that many endpoints share an update: one each took two milliseconds.
 */
export function writesOf(batch: readonly [string, Tally][], at: Date): AnyBulkWriteOperation<HealthDoc>[] {
  const failing = batch.filter(([, { lastSuccessAt }]) => lastSuccessAt === null);
  const answering = batch.filter(([, { lastSuccessAt }]) => lastSuccessAt !== null);
  const updated_at = at;
  return [
    ...shared(failing, (tally) => ({
      update: { $inc: { failures_in_a_row: tally.failures }, $max: timesOf(tally), $set: { updated_at } },
    })),
    ...shared(failing, ({ failingSince }) => ({
      filter: { failing_since: null },
      update: { $set: { failing_since: second(failingSince) } },
    })),
    ...shared(answering, (tally) => {
      const { failures: failures_in_a_row, failingSince } = tally;
      const begunAgain = { failures_in_a_row, failing_since: second(failingSince), updated_at };
      return { update: { $set: begunAgain, $max: timesOf(tally) } };
    }),
    ...shared(answering, () => ({ filter: { breaker: 'open' }, update: { $set: closing(at) } })),
  ];
}

interface Write {
  filter?: { failing_since: null } | { breaker: 'open' };
  update: { $set?: Partial<HealthDoc>; $inc?: { failures_in_a_row: number }; $max?: Partial<HealthDoc> };
}

/** One update for all that have the same coming. */
function shared(
  batch: readonly [string, Tally][],
  writeOf: (tally: Tally) => Write,
): AnyBulkWriteOperation<HealthDoc>[] {
  const groups = new Map<string, { write: Write; ids: string[] }>();
  for (const [id, tally] of batch) {
    const write = writeOf(tally);
    const key = JSON.stringify(write);
    const group = groups.get(key);
    if (group) group.ids.push(id);
    else groups.set(key, { write, ids: [id] });
  }
  return [...groups.values()].map(({ write: { filter, update }, ids }) => ({
    updateMany: { filter: { _id: trusted({ $in: ids }), ...filter }, update },
  }));
}

const timesOf = ({ lastSuccessAt, lastFailureAt }: Tally): Partial<HealthDoc> => ({
  ...(lastSuccessAt && { last_success_at: second(lastSuccessAt) }),
  ...(lastFailureAt && { last_failure_at: second(lastFailureAt) }),
});

const second = <T extends Date | null>(time: T) =>
  (time === null ? null : new Date(Math.floor(time.getTime() / 1_000) * 1_000)) as T;
