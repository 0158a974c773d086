import type { HealthDoc } from '../webhooks/health/model.js';

/** What is needed to start a sick endpoint's workflow, or to find the one that runs. */
export type EndpointRing = Pick<HealthDoc, '_id' | 'org_id'>;

/** The way to a sick endpoint's workflow. It carries nothing but «look»: what there is to do stands in MongoDB. */
export interface EndpointDoorbell {
  /** Starts the workflow, or rings the one that runs. Never throws. @returns false when Temporal did not take it */
  ring(endpoint: EndpointRing): Promise<boolean>;
}
