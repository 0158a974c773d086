import type { Model } from 'mongoose';
import { z } from 'zod';
import { createNewestFirst } from '../../db/newest-first.js';
import type { EventType } from '../../events/types.js';
import { decodeCursor, encodeCursor, page, type Page } from '../../http/paging.js';
import { firstIdAt, newId } from '../../lib/ids.js';
import { findDeliveries } from './find.js';
import type { DeliveryDoc, DeliveryStatus } from './model.js';

export interface DeliveryListQuery {
  limit: number;
  cursor?: string | undefined;
  status?: DeliveryStatus | undefined;
  event_type?: EventType | undefined;
  /** Of events that came since then. */
  since?: Date | undefined;
}

/** @throws Problem 422 for a cursor that is none of this list */
export type DeliveryList = (endpointId: string, query: DeliveryListQuery) => Promise<Page<DeliveryDoc>>;

/** How many deliveries one call looks through for an event type, which no index knows. */
const readForType = 5_000;

/** Hundreds may come in a second, and the last of them hours ago. */
const caution = { firstSpanMs: 50, growth: 6 };

const cursorShape = z.tuple([z.string().max(64)]);
const cursorOf = ({ event_id }: DeliveryDoc) => [event_id];

export interface DeliveryListDeps {
  deliveries: Model<DeliveryDoc>;
  /** When an endpoint was last tried; null when it was not, or is being probed: what it is sent since then may be much. */
  lastTriedAt: (endpointId: string) => Promise<Date | null>;
  /** For tests. */
  maxRead?: number;
}

/** An endpoint's history, the newest event first. */
export function createDeliveryList({ deliveries, lastTriedAt, maxRead = readForType }: DeliveryListDeps): DeliveryList {
  const newestFirst = createNewestFirst(({ event_id }: DeliveryDoc) => event_id, caution);

  return async (endpointId, { limit, cursor, status = null, event_type: type, since }) => {
    const find = findDeliveries(deliveries, endpointId, status);
    const list = `${endpointId}/${status ?? ''}`;
    const oldest = since === undefined ? null : firstIdAt('evt', since.getTime());
    const start = cursor === undefined ? null : decodeCursor(cursor, cursorShape)[0];
    const triedAt = start === null ? await lastTriedAt(endpointId) : null;
    const hint = newId('evt', triedAt?.getTime());
    const read = (before: string | null, wanted: number) =>
      newestFirst(find, { list, before, since: oldest, hint, wanted });
    return type === undefined
      ? page(await read(start, limit + 1), limit, cursorOf)
      : ofType(type, { read, start, limit, maxRead });
  };
}

interface Typed {
  read: (before: string | null, wanted: number) => Promise<DeliveryDoc[]>;
  start: string | null;
  limit: number;
  maxRead: number;
}

async function ofType(type: EventType, { read, start, limit, maxRead }: Typed): Promise<Page<DeliveryDoc>> {
  const found: DeliveryDoc[] = [];
  let before = start;
  let left = maxRead;
  for (let wanted = limit + 1; left > 0; wanted *= 4) {
    const asked = Math.min(wanted, left);
    const docs = await read(before, asked);
    found.push(...docs.filter(({ event_type }) => event_type === type));
    if (docs.length < asked || found.length > limit) return page(found, limit, cursorOf);
    before = docs.at(-1)?.event_id ?? before;
    left -= asked;
  }
  return { data: found, next_cursor: encodeCursor([before]) };
}
