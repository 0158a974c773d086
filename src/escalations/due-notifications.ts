import type { Outbox, Subject } from '../notifications/approvals/outbox/outbox.js';
import type { Timings } from '../config/index.js';
import type { EscalationSignaler } from '../temporal/escalation-signaler.js';
import type { EscalationStore } from './store.js';
import { wakeDue, type NamedRound } from '../temporal/dispatcher.js';

export interface DueNotificationsDeps {
  outbox: Pick<Outbox, 'unattended' | 'lease'>;
  escalations: Pick<EscalationStore, 'find'>;
  signaler: EscalationSignaler;
  /** Starts the workflow that tells people of a budget event. @returns false when Temporal did not take it */
  startBudgetAlert: (event: { orgId: string; eventId: string }) => Promise<boolean>;
  timings: Pick<Timings, 'dispatch'>;
}

const maxRound = 400;

/** Wakes workflows for abandoned notifications, for example after an operator ended the workflow. */
export function dueNotifications({
  outbox,
  escalations,
  signaler,
  startBudgetAlert,
  timings,
}: DueNotificationsDeps): NamedRound {
  const work = {
    max: maxRound,
    find: outbox.unattended,
    lease: async (subject: Subject) => ((await outbox.lease(subject)) ? subject : null),
    async wake({ orgId, subjectId }: Subject) {
      const escalation = await escalations.find(subjectId);
      return escalation ? signaler.wake(escalation) : startBudgetAlert({ orgId, eventId: subjectId });
    },
  };
  return { name: 'notifications', round: (signal) => wakeDue(work, timings.dispatch, signal) };
}
