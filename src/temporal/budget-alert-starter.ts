import { heartbeatInput } from '../../workflows/contracts/heartbeat.js';
import type { Timings } from '../config/index.js';
import { trySend } from './try-send.js';
import type { SignalerDeps } from './wake-workflow.js';
import { initialBudgetAlertAttributes } from '../../workflows/contracts/search-attributes.js';
import { budgetAlertWorkflowId } from '../../workflows/contracts/workflow-ids.js';
import type { BudgetAlertInput, BudgetAlertWorkflow } from '../../workflows/contracts/notifications.js';

type BudgetEvent = Pick<BudgetAlertInput, 'orgId' | 'eventId'>;

export interface BudgetAlertStarter {
  /**
   * Starts the notice of a budget event. One that runs is left alone, and one that is done finds nothing left to do.
   * @returns false when Temporal did not take it: the event stays due; never throws
   */
  start: (event: BudgetEvent) => Promise<boolean>;
}

export interface BudgetAlertStarterDeps extends SignalerDeps {
  timings: Pick<Timings, 'activities' | 'temporal'>;
}

export function createBudgetAlertStarter({
  client,
  taskQueue,
  logger,
  timings,
}: BudgetAlertStarterDeps): BudgetAlertStarter {
  const begin = (event: BudgetEvent) =>
    client.workflow.start<BudgetAlertWorkflow>('notice', {
      workflowId: budgetAlertWorkflowId(event.orgId, event.eventId),
      taskQueue,
      args: [{ ...event, ...heartbeatInput(timings.activities.heartbeatTimeoutMs) }],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      workflowIdConflictPolicy: 'USE_EXISTING',
      typedSearchAttributes: initialBudgetAlertAttributes(event),
      staticSummary: `Notice of budget event ${event.eventId}`,
      staticDetails: `Of org \`${event.orgId}\`. Every channel that wants budget events is told; what they are told is in the API's event.`,
    });

  return {
    start: ({ orgId, eventId }) =>
      trySend(
        { client, timeoutMs: timings.temporal.callTimeoutMs },
        () => begin({ orgId, eventId }),
        (err) => logger.warn({ err, org: orgId, event: eventId }, 'Temporal did not take a notice; it stays due'),
      ),
  };
}
