import {
  CancellationScope,
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { escalationAttributes } from '../contracts/search-attributes.js';
import { wakeSignal } from '../contracts/messages.js';
import { createChannelDrains } from '../notifications/channels.js';
import { describeClock, describeEscalation } from './details.js';
import { drain } from './drain.js';
import { startTicket } from './start-ticket.js';
import type { EscalationInput, EscalationState } from '../contracts/escalation.js';

/**
 * The worker's clock may be behind this one, so an SLA time that has passed here may not have passed there. This is the
 * fastest rate of asking.
 */
const soonestMs = 500;

/**
 * The life of one escalation, from raised to resolved. MongoDB holds what happens to it, as numbered entries. This loop
 * is woken, runs one activity that processes the new entries, and sleeps until the next SLA time. Channels are notified
 * concurrently. A run never assumes that it is the first.
 */
export async function escalation(input: EscalationInput): Promise<void> {
  const at = { isWoken: true, isDraining: true };
  let shown: EscalationState | undefined;
  const describe = () => {
    const { isDraining } = at;
    setCurrentDetails(describeEscalation(input, shown, { isDraining, notifying: channels.running() }));
  };
  const channels = createChannelDrains({ ...input, subjectId: input.escalationId, onNotified: describe });
  setHandler(wakeSignal, () => {
    at.isWoken = true;
  });
  const isLong = () => workflowInfo().continueAsNewSuggested;
  const long = condition(isLong).then(() => 'long' as const);

  try {
    for (;;) {
      Object.assign(at, { isWoken: false, isDraining: true });
      describe();
      const found = await drain(input, shown, long);
      // The next run finds the same channels and ticket again.
      if (found === 'long' || isLong()) return await continueAsNew<typeof escalation>(input);
      const { state, ticket, channels: due } = found;
      shown = show(state, shown);
      if (ticket) await startTicket(input, ticket);
      channels.start(due);
      at.isWoken ||= state.more;
      at.isDraining = false;
      describe();
      const isOver = () => state.status === 'resolved' && channels.isIdle();
      await nextDrain(() => at.isWoken || isOver(), state);
      if (!at.isWoken && isOver()) return;
    }
  } finally {
    // Wait for a message in flight however this run ends, so that the next run doesn't send it again.
    await CancellationScope.nonCancellable(() => channels.cancelAll());
  }
}

/** Sleeps until a wake-up, or until an SLA time passes. */
async function nextDrain(isTime: () => boolean, { nextClock, nextDueAt }: EscalationState): Promise<void> {
  if (isTime()) return;
  if (nextDueAt === null || nextClock === null) return condition(isTime);
  await condition(isTime, Math.max(soonestMs, nextDueAt - Date.now()), { summary: describeClock(nextClock) });
}

/** Publishes the state: search attributes for the list of workflows, details for the workflow's page. */
function show(state: EscalationState, shown: EscalationState | undefined): EscalationState {
  if (shown?.status !== state.status || shown.breached !== state.breached) {
    upsertSearchAttributes(escalationAttributes(state));
  }
  return state;
}
