import type { EventDoc, EventRaise } from './model.js';
import type { EventType } from './types.js';

export interface NewEvent {
  id: string;
  orgId: string;
  type: EventType;
  /** JSON text of an object. */
  data: string;
  occurredAt: Date;
  /** The sender's own id; null for none. */
  sourceId: string | null;
  /** When it came. */
  at: Date;
  raise: EventRaise | null;
  /** How long the call that brought it has to raise its escalation itself: past this it has died. */
  graceMs: number;
}

/** An event as it is inserted: due when it raises an escalation, or when people are to be told. */
export function newEvent({ id, orgId, type, data, occurredAt, sourceId, at, raise, graceMs }: NewEvent): EventDoc {
  const event = {
    _id: id,
    org_id: orgId,
    type,
    data,
    occurred_at: occurredAt,
    source_id: sourceId,
    dedupe_key: sourceId === null ? id : `s:${sourceId}`,
    raise,
    created_at: at,
  };
  if (raise !== null) return { ...event, due: true, due_after: new Date(at.getTime() + graceMs) };
  return type === 'budget.threshold_reached' ? { ...event, due: true, due_after: at } : { ...event, due: false };
}
