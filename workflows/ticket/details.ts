import type { DrainResult } from '../../activities/tickets/drain.js';

const next: Record<DrainResult['lifecycle'], string> = {
  pending: 'The tracker has no ticket yet. The pending activity shows the tries, and when the next one is.',
  open: 'Waits for the next comment, the closing or a reply of the tracker.',
  closed: 'Closed. Late comments are still taken; the workflow ends some days after the last of them.',
  error: 'The tracker refused. The link in the API has its words; opening or closing the ticket again tries again.',
  unlinked: 'Unlinked: the ticket in the tracker is left alone, and this workflow ends.',
};

/** What an operator reads at the top of the workflow's page, in Markdown. Ids and states only. */
export function describeTicket(result: DrainResult): string {
  const ticket = result.externalId === null ? 'no ticket yet' : `ticket \`${plain(result.externalId)}\``;
  const waiting = result.held ? ' Commands wait behind the refused create.' : '';
  return `**${result.lifecycle}** · ${result.provider} · ${ticket}\n\n${next[result.lifecycle]}${waiting}\n\nApplied up to command ${result.appliedSeq}.`;
}

/** A tracker chooses its ids: nothing of Markdown, one line, and an end. */
function plain(text: string): string {
  return text.replace(/[^\w .:#/-]/g, '?').slice(0, 100);
}
