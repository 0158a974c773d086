import { detailsOf, plain, second } from '../markdown.js';
import type { DrainResult, TicketInput } from '../contracts/ticket.js';

type Lifecycle = DrainResult['lifecycle'];
type LastSent = NonNullable<DrainResult['lastSent']>;

const headlines: Record<Lifecycle, string> = {
  pending: 'Pending: the tracker has no ticket yet',
  open: 'Open',
  closed: 'Closed',
  error: 'Error: the tracker refused',
  unlinked: 'Unlinked',
};

const draining =
  'bring what is due to the tracker. While it does not take it, see Pending Activities: the tries, the reason, the next try.';

const waiting: Record<Lifecycle, string> = {
  pending: 'continues when it is woken.',
  open: 'waits for a comment, the closing, or a reply of the tracker.',
  closed: 'takes late comments; the workflow ends some days after the last of them.',
  error:
    'waits for somebody. The link in the API has the tracker’s words (`last_error`); opening or closing the ticket there tries again.',
  unlinked: 'nothing. The ticket in the tracker is left alone, and this workflow ends.',
};

/**
 * What an operator reads in Markdown under «User Metadata»: what it is, whose, where it stands, what is next. It says all
 * of that by itself, for a run that continues another one has lost its summary. The UI shows about four lines of it without
 * scrolling, so the link, which stands in the page's title, is left out. Ids and states only.
 * @param known what the last drain of this run said; undefined before the first
 */
export function describeTicket(input: TicketInput, known: DrainResult | undefined, isDraining: boolean): string {
  const next = isDraining || !known ? draining : waiting[known.lifecycle];
  const held = known?.held === true ? ' Whatever came after the refused opening is held behind it.' : '';
  const applied = known ? ` Commands applied: ${known.appliedSeq}, the opening included.` : '';
  const sent = known?.lastSent ? ` Last sent: ${describeSent(known.lastSent)}.` : '';
  return detailsOf(
    `### ${known ? headline(known) : 'Pending: the tracker has taken nothing in this run yet'}`,
    `**Next:** ${next}${held}`,
    `Of ${kind(input.subject.type)} \`${plain(input.subject.id)}\`, org \`${plain(input.orgId)}\`.${sent}${applied}`,
  );
}

const sentLabels: Record<LastSent['kind'], string> = {
  create: 'the opening',
  comment: 'a comment',
  close: 'the closing',
};

function describeSent({ kind, at }: LastSent): string {
  return `${sentLabels[kind]}, applied ${second(at)}`;
}

/** What stands beside a drain in the timeline. */
export function describeDrain(known: DrainResult | undefined): string {
  if (!known) return 'bring what is due to the tracker';
  if (known.externalId === null) return `${known.provider}: open the ticket, then what is due`;
  return `${known.provider} ${plain(known.externalId)}: bring what is due to the tracker`;
}

function headline({ lifecycle, provider, externalId }: DrainResult): string {
  const where = externalId === null ? `in ${provider}` : `\`${plain(externalId)}\` in ${provider}`;
  return `${headlines[lifecycle]} · ${where}`;
}

const kind = (subjectType: string) => subjectType.replaceAll('_', ' ');
