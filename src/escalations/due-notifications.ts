import type { Outbox } from '../notifications/approvals/outbox/outbox.js';
import type { Timings } from '../config/index.js';
import type { EscalationSignaler } from '../temporal/escalation-signaler.js';
import type { EscalationStore } from './store.js';
import type { NamedRound } from '../temporal/dispatcher.js';
import { mapConcurrent } from '../lib/map-concurrent.js';

export interface DueNotificationsDeps {
  outbox: Pick<Outbox, 'unattended' | 'lease'>;
  escalations: Pick<EscalationStore, 'find'>;
  signaler: EscalationSignaler;
  /** Starts the workflow that tells people of a budget event. @returns false when Temporal did not take it */
  startBudgetAlert: (event: { orgId: string; eventId: string }) => Promise<boolean>;
  timings: Pick<Timings, 'dispatch'>;
}

const maxRound = 400;
const atOnce = 20;

/** Wakes workflows for abandoned notifications, for example after an operator ended the workflow. */
export function dueNotifications({
  outbox,
  escalations,
  signaler,
  startBudgetAlert,
  timings,
}: DueNotificationsDeps): NamedRound {
  const { temporalDownMs } = timings.dispatch;
  return {
    name: 'notifications',
    async round(signal) {
      const subjects = await outbox.unattended(maxRound);
      const isAccepted = await mapConcurrent(subjects, atOnce, async (subject) => {
        if (signal.aborted || !(await outbox.lease(subject))) return true;
        const { orgId, subjectId } = subject;
        const escalation = await escalations.find(subjectId);
        return escalation ? signaler.wake(escalation) : startBudgetAlert({ orgId, eventId: subjectId });
      });
      return isAccepted ? undefined : temporalDownMs;
    },
  };
}
