import { escalationOfEvent } from './from-event.js';
import type { EscalationStore } from './store.js';
import type { EventDoc } from '../events/model.js';
import type { EventStore } from '../events/store.js';

export interface RaiseDeps {
  events: Pick<EventStore, 'markDone'>;
  escalations: Pick<EscalationStore, 'insertAll'>;
}

/**
 * Makes what these events raise, and marks them done. Twice, or by two at once, it does no more.
 * @returns when the escalations stand; `marked` when that is on record, which nobody needs to wait for: what is not
 * marked is done once more, to no effect
 */
export async function raiseEscalations(
  { events, escalations }: RaiseDeps,
  docs: readonly EventDoc[],
): Promise<{ marked: Promise<void> }> {
  const raising = docs.filter(({ raise }) => raise !== null);
  await escalations.insertAll(raising.map(escalationOfEvent));
  return { marked: events.markDone(raising.map(({ _id }) => _id)) };
}
