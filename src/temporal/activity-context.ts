import { asyncLocalStorage, type Info } from '@temporalio/activity';
import { orgOfWorkflow } from '../../workflows/contracts/workflow-ids.js';

/** What a line of the log says of the activity that it came from. */
export function aboutActivity({ workflowExecution, workflowType, activityType, attempt }: Info) {
  const workflowId = workflowExecution?.workflowId;
  return {
    workflow_id: workflowId,
    workflow_type: workflowType,
    activity: activityType,
    attempt,
    org_id: workflowId === undefined ? undefined : orgOfWorkflow(workflowId),
  };
}

/** Of the activity that runs here; nothing outside of one. A new object each time. */
export function activityFields(): object {
  const context = asyncLocalStorage.getStore();
  return context ? aboutActivity(context.info) : {};
}
