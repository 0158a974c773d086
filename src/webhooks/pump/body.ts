import type { EventDoc } from '../../events/model.js';

export type SentEvent = Pick<EventDoc, '_id' | 'org_id' | 'type' | 'data' | 'occurred_at'>;

/** An event as it is sent, to whichever endpoint. */
export interface Message {
  /** `webhook-id`: the event's, the same on every try. */
  id: string;
  type: string;
  /** JSON, the envelope's keys sorted, without white space between them; `data` is the sender's own text, byte for byte. */
  body: Buffer;
}

/** The data is inserted as text: parsing it would lose digits, and reorder keys. */
export function messageOf({ _id: id, org_id, type, data, occurred_at }: SentEvent): Message {
  const rest = JSON.stringify({ id, org_id, timestamp: occurred_at.toISOString(), type });
  return { id, type, body: Buffer.from(`{"data":${data},${rest.slice(1)}`, 'utf8') };
}
