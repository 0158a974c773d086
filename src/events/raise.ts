import { escalationOfEvent } from '../escalations/from-event.js';
import type { EscalationStore } from '../escalations/store.js';
import type { EventDoc } from './model.js';
import type { EventStore } from './store.js';

export interface RaiseDeps {
  events: Pick<EventStore, 'markDone'>;
  escalations: Pick<EscalationStore, 'insertAll'>;
}

/** Makes what these events raise, and marks them done. Twice, or by two at once, it does no more. */
export async function raiseEscalations({ events, escalations }: RaiseDeps, docs: readonly EventDoc[]): Promise<void> {
  const raising = docs.filter(({ raise }) => raise !== null);
  await escalations.insertAll(raising.map(escalationOfEvent));
  await events.markDone(raising.map(({ _id }) => _id));
}
