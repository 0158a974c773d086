import { randomBytes } from 'node:crypto';
import { defaultTimings } from '../../src/config/timings.js';
import { createLogger } from '../../src/observability/logger.js';
import { createEscalationSignaler } from '../../src/temporal/escalation-signaler.js';
import { escalationWorkflowId, ticketWorkflowId } from '../../workflows/contracts/workflow-ids.js';
import { scriptedNotifications } from './budget-alert-script.js';
import { scriptedDrains } from './scripted-drains.js';
import { scriptedTries } from './scripted-tries.js';
import { openWorkers, underTest } from './workers.js';
import type { EscalationDrain, EscalationState } from '../../workflows/contracts/escalation.js';
import type { ChannelDue } from '../../workflows/contracts/notifications.js';

export type EscalationWorkflows = Awaited<ReturnType<typeof openEscalationWorkflows>>;
export type EscalationUnderTest = ReturnType<EscalationWorkflows['escalation']>;

export const hourMs = 3_600_000;
export const slack: ChannelDue = { channelId: 'chn_1', channelType: 'slack' };
export const teams: ChannelDue = { channelId: 'chn_2', channelType: 'teams' };

const open: EscalationState = {
  appliedSeq: 1,
  kind: 'review',
  status: 'open',
  severity: 'high',
  breached: null,
  nextDueAt: null,
  nextClock: null,
  claimedBy: null,
  resolvedBy: null,
  resolution: null,
  ticketLink: null,
  more: false,
};
const claimed = { status: 'claimed', claimedBy: 'rev_1' } as const;
const resolved = { status: 'resolved', claimedBy: 'rev_1', resolvedBy: 'rev_1', resolution: 'denied' } as const;

/** What a look may find. */
export const found = (state: Partial<EscalationState> = {}, due: ChannelDue[] = []): EscalationDrain => ({
  state: { ...open, ...state },
  ticket: null,
  channels: due,
});
export const foundClaimed = (state: Partial<EscalationState> = {}) => found({ ...claimed, ...state });
export const foundResolved = (...due: ChannelDue[]) => found({ ...resolved, appliedSeq: 3 }, due);

/**
 * The built workflows on a real server, with scripted activities.
 * @param address by default the run's own server
 * @param timings what their starters are given
 */
export async function openEscalationWorkflows(address?: string, timings = defaultTimings) {
  const drains = scriptedTries(found(), 'StoreUnavailable');
  const people = scriptedNotifications();
  const tickets = scriptedDrains();
  const activities = {
    drainEscalation: ({ escalationId }: { escalationId: string }) => drains.run(escalationId),
    ...people.activities,
    ...tickets.activities,
  };
  const workers = await openWorkers(activities, address === undefined ? {} : { address });
  const { client, taskQueue } = workers;
  const signaler = createEscalationSignaler({
    client,
    taskQueue,
    logger: createLogger('silent'),
    timings,
  });

  return {
    client,
    taskQueue,
    restart: workers.restart,
    escalation() {
      const suffix = randomBytes(5).toString('hex');
      const [orgId, id, linkId] = [`org-${suffix}`, `esc_${suffix}`, `tkt_${suffix}`];
      const ticketId = ticketWorkflowId(orgId, linkId);
      return underTest(client, escalationWorkflowId(orgId, id), {
        orgId,
        id,
        linkId,
        /** As the API, the sources and the dispatcher wake it. */
        async wake(status: 'open' | 'claimed' | 'resolved' = 'open'): Promise<void> {
          const isAccepted = await signaler.wake({ _id: id, org_id: orgId, severity: 'high', status });
          if (!isAccepted) throw new Error('Temporal did not accept a wake-up.');
        },
        /** The next try of its look at what has happened. */
        nextDrain: () => drains.next(id),
        untakenDrains: () => drains.untaken(id),
        /** The next try of telling this channel. */
        notifying: (channelId: string) => people.next(id, channelId),
        untakenTellings: (channelId: string) => people.untaken(id, channelId),
        /** Its ticket's workflow, when it has been started. */
        ticket: underTest(client, ticketId, { drain: () => tickets.next(linkId) }),
      });
    },
    close: async () => {
      for (const script of [drains, people, tickets]) script.endAll();
      await workers.close();
    },
  };
}

type Recorded = Awaited<ReturnType<EscalationUnderTest['events']>>;

export const scheduled = (events: Recorded, name: string) =>
  events.filter((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === name);

/** What stands beside an event in the timeline. */
export const summaryOf = (event: Recorded[number] | undefined): unknown =>
  JSON.parse(Buffer.from(event?.userMetadata?.summary?.data ?? []).toString());
