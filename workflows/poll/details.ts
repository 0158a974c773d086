import { detailsOf, plain } from '../markdown.js';
import type { PollInput, PollResult } from '../contracts/poll.js';

/**
 * What an operator reads in Markdown under «User Metadata»: when it was polled, what was found, what failed, what is next.
 * Ids, counters and codes only.
 * @param result undefined while it is under way
 */
export function describePoll(input: PollInput, result: PollResult | undefined): string {
  return detailsOf(
    `### ${result ? headline(result) : 'Polling: the tracker is being asked what changed'}`,
    `**Next:** ${result ? next(result) : 'look at the tickets that changed. While MongoDB does not answer, see Pending Activities.'}`,
    `Of ${plain(input.provider)}, ${input.orgId === null ? 'the environment’s' : `connection \`${plain(input.name)}\`, org \`${plain(input.orgId)}\``}.`,
  );
}

/** What stands beside the activity in the timeline. */
export const describeAsk = ({ provider, name }: PollInput) => `ask ${plain(provider)} (${plain(name)}) what changed`;

function headline({ at, changed, comments, statuses, failed }: PollResult): string {
  const failure = failed === null ? '' : ` · failed: ${plain(failed)}`;
  const found = `${counted(comments, 'comment', 'comments')}, ${counted(statuses, 'status', 'statuses')}`;
  return `Polled ${minute(at)} · ${counted(changed, 'ticket', 'tickets')} changed · no webhook had brought ${found}${failure}`;
}

function next({ more, failed }: PollResult): string {
  if (failed === 'gone') return 'nothing: its connection is deleted, and its Schedule goes with it.';
  if (failed !== null) return 'the next poll asks again for what this one did not get; nothing is lost.';
  if (more) return 'there was more than one poll takes: the next one goes on there.';
  return 'the Schedule starts the next poll.';
}

const counted = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

/** As the UI writes it. */
const minute = (ms: number) => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
