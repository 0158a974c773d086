import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ChildWorkflowCancellationType, ParentClosePolicy, startChild } from '@temporalio/workflow';
import { closedTicketLingerMs, ticketStart } from '../contracts/workflow-starts.js';
import { defaultHeartbeatTimeoutMs } from '../contracts/heartbeat.js';
import { ticket } from '../ticket/workflow.js';
import type { EscalationInput, TicketToOpen } from '../contracts/escalation.js';

/**
 * Starts the ticket workflow as a child that outlives this workflow; the UI shows the relation. A workflow that already
 * runs is left alone.
 */
export async function startTicket(input: EscalationInput, { linkId, provider }: TicketToOpen): Promise<void> {
  const link = {
    _id: linkId,
    org_id: input.orgId,
    subject: { type: 'escalation', id: input.escalationId },
    provider,
    draft: { severity: input.severity },
  };
  const { ticketLingerMs: lingerMs = closedTicketLingerMs, heartbeatTimeoutMs = defaultHeartbeatTimeoutMs } = input;
  try {
    await startChild(ticket, {
      ...ticketStart(link, { lingerMs, heartbeatTimeoutMs }),
      parentClosePolicy: ParentClosePolicy.ABANDON,
      // Cancelling the escalation's workflow must not cancel the ticket's.
      cancellationType: ChildWorkflowCancellationType.ABANDON,
    });
  } catch (error) {
    // The sweep or an earlier attempt has started it.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
