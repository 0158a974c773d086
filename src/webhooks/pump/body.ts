import { canonicalJson } from '../../lib/canonical-json.js';
import type { EventDoc } from '../../events/model.js';

export type SentEvent = Pick<EventDoc, '_id' | 'org_id' | 'type' | 'data' | 'occurred_at'>;

/** An event as it is sent, to whichever endpoint. */
export interface Message {
  /** `webhook-id`: the event's, the same on every try. */
  id: string;
  type: string;
  /** Compact JSON, keys sorted at every level. */
  body: Buffer;
}

/** @throws SyntaxError when the event's data is no JSON */
export function messageOf({ _id: id, org_id, type, data, occurred_at }: SentEvent): Message {
  const value: unknown = JSON.parse(data);
  const envelope = { data: value, id, org_id, timestamp: occurred_at.toISOString(), type };
  return { id, type, body: Buffer.from(canonicalJson(envelope), 'utf8') };
}
