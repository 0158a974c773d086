/**
 * A workflow's id and its page in the Temporal UI. The URL names no run, because a link's workflow may have several
 * runs.
 */
export interface WorkflowAddress {
  id: string;
  url: string | null;
}

export const endpointWorkflowId = (orgId: string, endpointId: string) => `endpoint/${orgId}/${endpointId}`;
export const escalationWorkflowId = (orgId: string, escalationId: string) => `escalation/${orgId}/${escalationId}`;
export const budgetAlertWorkflowId = (orgId: string, eventId: string) => `notice/${orgId}/${eventId}`;
/** @param queueSuffix of the deployment: deployments that share a namespace have separate pumps */
export const pumpWorkflowId = (pump: number, queueSuffix: string) => `delivery-pump/${pump}${queueSuffix}`;
/**
 * The id of a poll's Schedule and of the runs it starts.
 * @param poll a connection's id, or `env-jira`, `env-servicenow`
 */
export const pollScheduleId = (poll: string, queueSuffix: string) => `poll/${poll}${queueSuffix}`;
export const ticketWorkflowId = (orgId: string, linkId: string) => `ticket/${orgId}/${linkId}`;

/** The org that a workflow belongs to; undefined for pumps and polls. */
export function orgOfWorkflow(workflowId: string): string | undefined {
  const [, org, rest] = workflowId.split('/');
  return rest === undefined ? undefined : org;
}

/** @returns the workflow's id, and its page in the Temporal UI when one is configured */
export function workflowAddress(
  id: string,
  temporal: { namespace: string; uiUrl: string | undefined },
): WorkflowAddress {
  const page = `namespaces/${encodeURIComponent(temporal.namespace)}/workflows/${encodeURIComponent(id)}`;
  return { id, url: temporal.uiUrl === undefined ? null : `${temporal.uiUrl}/${page}` };
}
