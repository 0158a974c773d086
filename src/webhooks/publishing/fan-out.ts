import type { KnownEvent } from '../../events/known.js';
import { derivedId, timeOf } from '../../lib/ids.js';
import type { DeliveryDoc } from '../deliveries/model.js';
import type { Subscriber } from '../endpoints/store.js';
import { groupBy } from '../group-by.js';

/** The endpoints of one org that want events, by type. */
export type Audience = ReadonlyMap<string, readonly Subscriber[]>;

/** Made once for all calls that share a read: an org may have hundreds of endpoints. @param subscribers of one org */
export function audienceOf(subscribers: readonly Subscriber[]): Audience {
  const wanted = subscribers.flatMap((endpoint) => endpoint.events.map((type) => ({ type, endpoint })));
  const byType = groupBy(wanted, ({ type }) => type);
  return new Map([...byType].map(([type, those]) => [type, those.map(({ endpoint }) => endpoint)]));
}

/** Each event's deliveries: one for each endpoint of its org that wants its type. Made as they are asked for. */
export function* deliveriesOf(events: Iterable<KnownEvent>, audience: Audience): Generator<DeliveryDoc> {
  for (const event of events) for (const endpoint of audience.get(event.type) ?? []) yield newDelivery(event, endpoint);
}

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
    endpoint_version: endpoint.version,
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
export function* inChunks<T>(items: Iterable<T>, max: number): Generator<T[]> {
  let chunk: T[] = [];
  for (const item of items) {
    chunk.push(item);
    if (chunk.length < max) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
