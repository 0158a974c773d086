import { detailsOf } from '../markdown.js';
import type { BudgetAlertInput } from '../contracts/notifications.js';

/** The phases of a budget alert. */
export type BudgetAlertPhase = 'preparing' | 'notifying' | 'done';

const headlines: Record<BudgetAlertPhase, string> = {
  preparing: 'Due: this run has notified nobody yet',
  notifying: 'Notifying channels',
  done: 'Done',
};

/**
 * The Markdown that operators see under «User Metadata»: the alert's org, its phase and its next step. Ids and states
 * only.
 * @param notifying how many channels are still being notified
 */
export function describeBudgetAlert(
  { orgId, eventId }: BudgetAlertInput,
  phase: BudgetAlertPhase,
  notifying = 0,
): string {
  return detailsOf(
    `### ${headlines[phase]}`,
    `**Next:** ${next(phase, notifying)}`,
    `Budget threshold reached: event \`${eventId}\`, org \`${orgId}\`.`,
  );
}

function next(phase: BudgetAlertPhase, notifying: number): string {
  switch (phase) {
    case 'preparing':
      return 'find the channels that want it. While MongoDB does not answer, see Pending Activities.';
    case 'notifying':
      return `${notifying} ${notifying === 1 ? 'channel is' : 'channels are'} left. Pending Activities shows the attempts, the error and the next retry of a failing channel. It is given up after a day.`;
    case 'done':
      return 'nothing. The results of the activities show which channels were notified, refused it, or are deleted.';
  }
}
