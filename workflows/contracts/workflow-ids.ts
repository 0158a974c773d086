/** Where a workflow is to be seen. The URL names no run: a link's workflow may have several, one after another. */
export interface WorkflowAddress {
  id: string;
  url: string | null;
}

export const endpointWorkflowId = (orgId: string, endpointId: string) => `endpoint/${orgId}/${endpointId}`;
export const escalationWorkflowId = (orgId: string, escalationId: string) => `escalation/${orgId}/${escalationId}`;
export const budgetAlertWorkflowId = (orgId: string, eventId: string) => `notice/${orgId}/${eventId}`;
/** @param queueSuffix of a deployment that shares its namespace: each has pumps of its own */
export const pumpWorkflowId = (pump: number, queueSuffix: string) => `delivery-pump/${pump}${queueSuffix}`;
/** Of a Schedule, and of the runs that it starts. @param poll a connection's id, or `env-jira`, `env-servicenow` */
export const pollScheduleId = (poll: string, queueSuffix: string) => `poll/${poll}${queueSuffix}`;
export const ticketWorkflowId = (orgId: string, linkId: string) => `ticket/${orgId}/${linkId}`;

/** Whose workflow it is; undefined of pumps and polls, which are nobody's. */
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
