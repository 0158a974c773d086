import type { EscalationDoc } from '../escalations/model.js';

/** What is needed to start an escalation's workflow, or to find the one that runs. */
export type EscalationRing = Pick<EscalationDoc, '_id' | 'org_id' | 'severity' | 'status'>;

/** The way to an escalation's workflow. It carries nothing but «look»: what there is to do stands in MongoDB. */
export interface EscalationDoorbell {
  /** Starts the workflow, or rings the one that runs. Never throws. @returns false when Temporal did not take it */
  ring(escalation: EscalationRing): Promise<boolean>;
}
