import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ChildWorkflowCancellationType, ParentClosePolicy, startChild } from '@temporalio/workflow';
import { closedTicketLingerMs, ticketStart } from '../contracts/workflow-starts.js';
import { defaultHeartbeatTimeoutMs } from '../contracts/heartbeat.js';
import { ticket } from '../ticket/workflow.js';
import type { EscalationInput, TicketToOpen } from '../contracts/escalation.js';

/** A workflow of its own, which outlives this one however it ends: the UI shows the relation. One that runs is left alone. */
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
      // Cancelled by an operator, the escalation's workflow takes no ticket's along.
      cancellationType: ChildWorkflowCancellationType.ABANDON,
    });
  } catch (error) {
    // Started by the sweep, or by a call that came before.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
