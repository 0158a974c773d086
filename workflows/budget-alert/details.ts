import { detailsOf } from '../markdown.js';
import type { BudgetAlertInput } from '../contracts/notifications.js';

/** Where a notice stands. */
export type BudgetAlertPhase = 'preparing' | 'notifying' | 'done';

const headlines: Record<BudgetAlertPhase, string> = {
  preparing: 'Due: nobody has been told in this run yet',
  notifying: 'People are being told',
  done: 'Done',
};

/**
 * What an operator reads in Markdown under «User Metadata»: what it is, whose, where it stands, what is next. Ids and
 * states only.
 * @param telling how many channels are being told
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
      return 'sees which channels want it. While MongoDB does not answer, see Pending Activities.';
    case 'notifying':
      return `${notifying} ${notifying === 1 ? 'channel is' : 'channels are'} left. Of one that does not take it, see Pending Activities: the tries, the reason, the next try. After a day it is given up.`;
    case 'done':
      return 'nothing. Each channel was told, or refused, or is gone: the results of the activities say which.';
  }
}
