import { detailsOf, plain } from '../markdown.js';
import type { PollInput, PollResult } from '../contracts/poll.js';

/**
 * The Markdown that operators see under «User Metadata»: when the tracker was polled, what changed, what failed and
 * what is next. Ids, counters and codes only.
 * @param result undefined during the poll
 */
export function describePoll(input: PollInput, result: PollResult | undefined): string {
  return detailsOf(
    `### ${result ? headline(result) : 'Polling: asking the tracker for changes'}`,
    `**Next:** ${result ? next(result) : 'read the tickets that changed. While MongoDB does not answer, see Pending Activities.'}`,
    `Of ${plain(input.provider)}, ${input.orgId === null ? 'the environment’s' : `connection \`${plain(input.name)}\`, org \`${plain(input.orgId)}\``}.`,
  );
}

/** The summary of the activity in the timeline. */
export const describeAsk = ({ provider, name }: PollInput) => `ask ${plain(provider)} (${plain(name)}) for changes`;

function headline({ at, changed, comments, statuses, failed }: PollResult): string {
  const failure = failed === null ? '' : ` · failed: ${plain(failed)}`;
  const found = `${counted(comments, 'comment', 'comments')}, ${counted(statuses, 'status', 'statuses')}`;
  return `Polled ${minute(at)} · ${counted(changed, 'ticket', 'tickets')} changed · not reported by a webhook: ${found}${failure}`;
}

function next({ more, failed }: PollResult): string {
  if (failed === 'gone') return 'nothing: the connection was deleted, and its Schedule with it.';
  if (failed !== null) return 'the next poll asks again for everything that this one did not get.';
  if (more) return 'there were more changes than one poll takes; the next poll continues.';
  return 'the Schedule starts the next poll.';
}

const counted = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

/** The format of the UI's own times. */
const minute = (ms: number) => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
