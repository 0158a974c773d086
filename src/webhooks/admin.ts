import { endpointWorkflowId, workflowAddress, type WorkflowAddress } from '../../workflows/contracts/workflow-ids.js';
import { createActivity } from './activity/activity.js';
import { createActivities, type ActivitiesOf } from './activity/kept.js';
import type { Deliveries, DeliveriesOptions } from './deliveries/index.js';
import type { HealthOf } from './endpoints/health.js';
import type { EndpointDoc } from './endpoints/model.js';
import type { EndpointService } from './endpoints/service.js';
import { createHealthStatusOf, type HealthStatusOf } from './health/status.js';
import { createParked } from './health/parked.js';

/** All that the console does with endpoints and their deliveries: the services of the API's calls, and what only pages show. */
export interface WebhookAdmin extends Pick<
  Deliveries,
  'service' | 'testCall' | 'recover' | 'present' | 'sentRequestOf'
> {
  endpoints: EndpointService;
  healthOf: HealthOf;
  healthStatusOf: HealthStatusOf;
  activitiesOf: ActivitiesOf;
  /** What probes an endpoint while its breaker is open. */
  workflowOf: (endpoint: Pick<EndpointDoc, '_id' | 'org_id'>) => WorkflowAddress;
}

interface AdminDeps {
  history: DeliveriesOptions;
  deliveries: Deliveries;
  endpointService: EndpointService;
  healthOf: HealthOf;
}

export function createWebhookAdmin({ history, deliveries, endpointService, healthOf }: AdminDeps): WebhookAdmin {
  const models = { deliveries: history.deliveries, attempts: history.attempts };
  const { service, testCall, recover, present, sentRequestOf } = deliveries;
  return {
    ...{ service, testCall, recover, present, sentRequestOf },
    endpoints: endpointService,
    healthOf,
    healthStatusOf: createHealthStatusOf({ health: history.health, parked: createParked(models) }),
    activitiesOf: createActivities(createActivity(models)),
    workflowOf: ({ _id, org_id }) => workflowAddress(endpointWorkflowId(org_id, _id), history.temporal),
  };
}
