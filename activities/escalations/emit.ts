import type { EscalationDoc, HistoryEntry } from '../../src/escalations/model.js';
import type { OwnEventType } from '../../src/events/types.js';
import { stringifyJson } from '../../src/lib/json/index.js';
import { derivedId } from '../../src/lib/ids.js';
import type { LinkDoc } from '../../src/tickets/links/model.js';
import type { EscalationActivityDeps } from './context.js';

/** Stores an event about the escalation. The event's id derives from the escalation, so a second run stores nothing. */
export async function emit(
  { events, eventData, atPoint }: EscalationActivityDeps,
  type: OwnEventType,
  link: LinkDoc | null,
  escalation: EscalationDoc,
  entry: HistoryEntry,
): Promise<void> {
  const id = derivedId('evt', `${escalation._id}/${type}`, entry.at.getTime());
  await events.append([
    {
      _id: id,
      org_id: escalation.org_id,
      type,
      data: stringifyJson(eventData(type === 'escalation.created' ? asRaised(escalation) : escalation, link)),
      occurred_at: entry.at,
      source_id: null,
      dedupe_key: id,
      raise: null,
      due: false,
      created_at: new Date(),
    },
  ]);
  await atPoint?.('after_event', escalation);
}

/** The escalation as it was when it was raised. */
function asRaised(escalation: EscalationDoc): EscalationDoc {
  const { created_at: updated_at } = escalation;
  return { ...escalation, status: 'open', ...unclaimed, ...unresolved, breached: null, updated_at };
}

const unclaimed = { claimed_by: null, claimed_at: null };
const unresolved = { resolution: null, resolved_by: null, resolved_at: null };
