import { escalationStart } from '../../workflows/contracts/workflow-starts.js';
import type { Timings } from '../config/index.js';
import { wakeWorkflow, type SignalerDeps } from './wake-workflow.js';

/** What starting an escalation's workflow, or waking the one that runs, needs of the escalation. */
export interface EscalationWakeTarget {
  _id: string;
  org_id: string;
  severity: string;
  status: string;
}

/** Wakes escalation workflows. The signal carries no work: what is due is in MongoDB. */
export interface EscalationSignaler {
  /** Starts the workflow, or wakes the one that runs. Never throws. @returns false when Temporal did not accept the call */
  wake(escalation: EscalationWakeTarget): Promise<boolean>;
}

export interface EscalationSignalerDeps extends SignalerDeps {
  timings: Pick<Timings, 'activities' | 'temporal' | 'tickets'>;
}

export function createEscalationSignaler(
  deps: EscalationSignalerDeps,
): EscalationSignaler & { settled(): Promise<void> } {
  const wakes = new Set<Promise<boolean>>();
  return {
    wake(target) {
      const subject = { org: target.org_id, escalation: target._id };
      const start = escalationStart(target, deps.timings);
      const waking = wakeWorkflow(deps, 'escalation', start, subject).finally(() => wakes.delete(waking));
      wakes.add(waking);
      return waking;
    },
    /** Waits for the wake-ups in flight, so that a shutdown loses none. */
    async settled() {
      await Promise.all(wakes);
    },
  };
}
