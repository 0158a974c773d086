import { ticketWorkflowId } from '../contracts/workflow-ids.js';
import { detailsOf, plain } from '../markdown.js';
import type { EscalationInput, EscalationState } from '../contracts/escalation.js';

type Clock = NonNullable<EscalationState['nextClock']>;

const clockLabels: Record<Clock, string> = { acknowledge: 'claimed', resolve: 'resolved' };

const draining =
  'does what follows from what has happened in the queue. While MongoDB does not answer, see Pending Activities.';

/** What is going on beside what the last look said. */
export interface InProgress {
  isDraining: boolean;
  /** How many channels are being told. */
  notifying: number;
}

/**
 * What an operator reads in Markdown under «User Metadata»: what it is, where it stands, why it waits, what is next and
 * when. It says all of that by itself, for a run that continues another one has lost its summary. The UI cuts what goes
 * beyond some four lines, so the ids that stand in the page's title are left out. Ids and states only.
 * @param known what the last look of this run said; undefined before the first
 */
export function describeEscalation(
  { orgId, severity }: EscalationInput,
  known: EscalationState | undefined,
  { isDraining, notifying }: InProgress,
): string {
  const ticket = known?.ticketLink ?? null;
  return detailsOf(
    `### ${known ? headline(known) : `Raised, ${plain(severity)}: this run has not looked yet`}`,
    `**Next:** ${known && !isDraining ? next(known, notifying) : draining}`,
    ticket === null
      ? `Of org \`${plain(orgId)}\`, ${known ? 'without a ticket' : 'its ticket not looked for yet'}.`
      : `Its ticket: \`${plain(ticketWorkflowId(orgId, ticket))}\``,
  );
}

/** What stands beside a look in the timeline. */
export function describeDrain(known: EscalationState | undefined): string {
  if (!known) return 'do what follows from what has happened: events, the ticket, people';
  return `${known.status}: do what follows from what has happened since entry ${known.appliedSeq}`;
}

/** What stands beside the timer of an SLA time. */
export const describeClock = (clock: Clock) => `SLA: to be ${clockLabels[clock]} by then, else people are reminded`;

function headline(known: EscalationState): string {
  const late = known.breached === null ? '' : `, overdue: not ${clockLabels[known.breached]} in time`;
  return `${statusText(known)}${late} · ${plain(known.severity)}, for ${known.kind}`;
}

function statusText({ status, claimedBy, resolution, resolvedBy }: EscalationState): string {
  switch (status) {
    case 'open':
      return 'Open';
    case 'claimed':
      return `Claimed by \`${plain(claimedBy ?? 'unknown')}\``;
    case 'resolved':
      return `Resolved as ${plain(resolution ?? 'unknown')} by \`${plain(resolvedBy ?? 'unknown')}\``;
  }
}

function next({ status, nextClock, nextDueAt }: EscalationState, notifying: number): string {
  const channels = notifying === 1 ? '1 channel is' : `${notifying} channels are`;
  const untold = notifying === 0 ? '' : ` ${channels} not told yet: see Pending Activities.`;
  if (status === 'resolved')
    return notifying === 0 ? 'nothing; the workflow ends.' : `the workflow ends when people have been told.${untold}`;
  const step = status === 'open' ? 'waits for a reviewer to claim it.' : 'waits for the decision.';
  const clock =
    nextDueAt === null || nextClock === null
      ? ''
      : ` To be ${clockLabels[nextClock]} by ${minute(nextDueAt)}, else people are reminded.`;
  return `${step}${clock}${untold}`;
}

/** As the UI writes it. Rounded down: whoever is told a time had better be early than late. */
const minute = (ms: number) => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
