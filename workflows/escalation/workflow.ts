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

/** The worker that looks has a clock of its own, by which an SLA time may be yet to come: it is not asked faster. */
const soonestMs = 500;

/**
 * One escalation's life, from raised to resolved. What happens to it stands in MongoDB as numbered entries; this loop is
 * woken, lets one activity do what follows from them, and sleeps towards the SLA times. Channels are told side by side.
 * A run never assumes that it is the first.
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
      // Whatever it found, the next run finds again.
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
    // However this run ends: a message that is on its way is waited for, so that the next run does not send it again.
    await CancellationScope.nonCancellable(() => channels.cancelAll());
  }
}

/** Sleeps until there is something to see, or an SLA time passes. */
async function nextDrain(isTime: () => boolean, { nextClock, nextDueAt }: EscalationState): Promise<void> {
  if (isTime()) return;
  if (nextDueAt === null || nextClock === null) return condition(isTime);
  await condition(isTime, Math.max(soonestMs, nextDueAt - Date.now()), { summary: describeClock(nextClock) });
}

/** The state where operators look: the list shows search attributes, the page the details. */
function show(state: EscalationState, shown: EscalationState | undefined): EscalationState {
  if (shown?.status !== state.status || shown.breached !== state.breached) {
    upsertSearchAttributes(escalationAttributes(state));
  }
  return state;
}
