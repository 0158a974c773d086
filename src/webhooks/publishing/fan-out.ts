import type { KnownEvent } from '../../events/known.js';
import { derivedId, timeOf } from '../../ids.js';
import type { DeliveryDoc } from '../deliveries/model.js';
import type { Subscriber } from '../endpoints/store.js';

/** Each event's deliveries: one for each endpoint of its org that wants its type. Made as they are asked for. */
export function* deliveriesOf(
  events: Iterable<KnownEvent>,
  subscribers: readonly Subscriber[],
): Generator<DeliveryDoc> {
  const wanting = new Map<string, Subscriber[]>();
  for (const endpoint of subscribers) {
    for (const type of endpoint.events) {
      const key = keyOf(endpoint.org_id, type);
      const those = wanting.get(key);
      if (those) those.push(endpoint);
      else wanting.set(key, [endpoint]);
    }
  }
  for (const event of events) {
    for (const endpoint of wanting.get(keyOf(event.org_id, event.type)) ?? []) yield newDelivery(event, endpoint);
  }
}

const keyOf = (orgId: string, type: string) => `${orgId}/${type}`;

/**
 * The id follows from the ids of event and endpoint alone: an event that a repeated request brings again is another
 * document, of a later time, with the same id.
 */
function newDelivery({ _id, org_id, type, created_at }: KnownEvent, endpoint: Subscriber): DeliveryDoc {
  return {
    _id: derivedId('dlv', `${_id}/${endpoint._id}`, timeOf(_id)),
    org_id,
    endpoint_id: endpoint._id,
    event_id: _id,
    event_type: type,
    partition: endpoint.partition,
    status: 'pending',
    attempts: 0,
    failures: 0,
    trigger: 'automatic',
    next_attempt_at: created_at,
    epoch: null,
    created_at,
    settled_at: null,
  };
}

/** Cuts what a generator gives into arrays of at most so many. */
export function* inChunks<T>(items: Iterable<T>, most: number): Generator<T[]> {
  let chunk: T[] = [];
  for (const item of items) {
    chunk.push(item);
    if (chunk.length < most) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
