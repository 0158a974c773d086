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
  'send the due commands to the tracker. While it fails, Pending Activities shows the attempts, the error and the next retry.';

const waiting: Record<Lifecycle, string> = {
  pending: 'continue at the next wake-up.',
  open: 'wait for a comment, the closing, or a reply of the tracker.',
  closed: 'accept late comments; the workflow ends some days after the last one.',
  error:
    'wait for a person. The link in the API has the tracker’s message (`last_error`); opening or closing the ticket there retries.',
  unlinked: 'nothing. The ticket in the tracker stays as it is, and this workflow ends.',
};

/**
 * The Markdown that operators see under «User Metadata»: the ticket, its state and its next step. It doesn't rely on
 * the summary, which a continued run has lost. The UI shows about four lines without scrolling, so the link's id, which
 * is in the page's title, is left out. Ids and states only.
 * @param known the result of the last drain of this run; undefined before the first
 * @param unreachableSince since when the tracker hasn't answered, in ms since 1970
 */
export function describeTicket(
  input: TicketInput,
  known: DrainResult | undefined,
  isDraining: boolean,
  unreachableSince?: number,
): string {
  const next = isDraining || !known ? draining : waiting[known.lifecycle];
  const held = known?.held === true ? ' Later commands are held behind the refused opening.' : '';
  const applied = known ? ` Commands applied: ${known.appliedSeq}, including the opening.` : '';
  const sent = known?.lastSent ? ` Last sent: ${describeSent(known.lastSent)}.` : '';
  const lost = unreachableSince === undefined ? '' : `, tracker unreachable since ${second(unreachableSince)}`;
  return detailsOf(
    `### ${known ? headline(known) : 'Pending: the tracker has accepted nothing in this run yet'}${lost}`,
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

/** The summary of a drain in the timeline. */
export function describeDrain(known: DrainResult | undefined): string {
  if (!known) return 'send the due commands to the tracker';
  if (known.externalId === null) return `${known.provider}: open the ticket, then send the due commands`;
  return `${known.provider} ${plain(known.externalId)}: send the due commands to the tracker`;
}

function headline({ lifecycle, provider, externalId }: DrainResult): string {
  const where = externalId === null ? `in ${provider}` : `\`${plain(externalId)}\` in ${provider}`;
  return `${headlines[lifecycle]} · ${where}`;
}

const kind = (subjectType: string) => subjectType.replaceAll('_', ' ');
