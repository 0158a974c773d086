import { detailsOf } from '../markdown.js';
import type { NoticeInput } from '../contracts/notifications.js';

/** Where a notice stands. */
export type NoticePhase = 'preparing' | 'telling' | 'done';

const headlines: Record<NoticePhase, string> = {
  preparing: 'Due: nobody has been told in this run yet',
  telling: 'People are being told',
  done: 'Done',
};

/**
 * What an operator reads in Markdown under «User Metadata»: what it is, whose, where it stands, what is next. Ids and
 * states only.
 * @param telling how many channels are being told
 */
export function describeNotice({ orgId, eventId }: NoticeInput, phase: NoticePhase, telling = 0): string {
  return detailsOf(
    `### ${headlines[phase]}`,
    `**Next:** ${next(phase, telling)}`,
    `Budget threshold reached: event \`${eventId}\`, org \`${orgId}\`.`,
  );
}

function next(phase: NoticePhase, telling: number): string {
  switch (phase) {
    case 'preparing':
      return 'sees which channels want it. While MongoDB does not answer, see Pending Activities.';
    case 'telling':
      return `${telling} ${telling === 1 ? 'channel is' : 'channels are'} left. Of one that does not take it, see Pending Activities: the tries, the reason, the next try. After a day it is given up.`;
    case 'done':
      return 'nothing. Each channel was told, or refused, or is gone: the results of the activities say which.';
  }
}
