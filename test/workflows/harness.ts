import { randomBytes } from 'node:crypto';
import { WithStartWorkflowOperation, WorkflowUpdateStage, type Client } from '@temporalio/client';
import { defaultTimings } from '../../src/config/timings.js';
import { createLogger } from '../../src/observability/logger.js';
import { initialTicketAttributes } from '../../workflows/contracts/search-attributes.js';
import { createTicketSignaler } from '../../src/temporal/ticket-signaler.js';
import { wakeSignal, syncUpdate, type Wake, type Synced } from '../../workflows/contracts/messages.js';
import type { ticket } from '../../workflows/ticket/workflow.js';
import { scriptedDrains, type Drain } from './scripted-drains.js';
import { openWorkers, underTest } from './workers.js';
import type { TicketInput } from '../../workflows/contracts/ticket.js';

export type TicketUnderTest = ReturnType<TicketWorkflows['ticket']>;
export type TicketWorkflows = Awaited<ReturnType<typeof openTicketWorkflows>>;

/** The built workflows on a real server, with scripted activities. @param address by default the run's own server */
export async function openTicketWorkflows(address?: string) {
  const drains = scriptedDrains();
  const workers = await openWorkers(drains.activities, address === undefined ? {} : { address });
  const { client, taskQueue } = workers;

  return {
    client,
    /** The product's own, as the API has it. */
    signaler: () =>
      createTicketSignaler({
        client,
        taskQueue,
        logger: createLogger('silent'),
        waitMs: 20_000,
        isWorkerAlive: () => Promise.resolve(true),
        timings: { ...defaultTimings, tickets: { ...defaultTimings.tickets, closedLingerMs: 3_600_000 } },
      }),
    ticket(options: { lingerMs?: number } = {}) {
      return ticketUnderTest(client, taskQueue, drains, options.lingerMs ?? 3_600_000);
    },
    async close() {
      drains.endAll();
      await workers.close();
    },
  };
}

function ticketUnderTest(
  client: Client,
  taskQueue: string,
  drains: ReturnType<typeof scriptedDrains>,
  lingerMs: number,
) {
  const suffix = randomBytes(5).toString('hex');
  const [orgId, linkId] = [`org-${suffix}`, `tkt_${suffix}`];
  const subject = { type: 'evidence_request' as const, id: `er_${suffix}` };
  const link = { _id: linkId, org_id: orgId, subject, provider: 'mock' as const, draft: { severity: null } };
  const workflowId = `ticket/${orgId}/${linkId}`;
  const start = {
    workflowId,
    taskQueue,
    args: [{ orgId, linkId, subject, lingerMs }] as [TicketInput],
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
    typedSearchAttributes: initialTicketAttributes(link),
  };
  return underTest(client, workflowId, {
    orgId,
    subject,
    link,
    /** Signal-with-start, as the API and the sweep wake it. */
    wake: (wake: Wake = {}) =>
      client.workflow.signalWithStart<typeof ticket, [Wake?]>('ticket', {
        ...start,
        signal: wakeSignal,
        signalArgs: [wake],
      }),
    /** Update-with-start, as a waiting call does. Resolves when the workflow has it; `answer` when it answers. */
    async sync(seq: number, waitMs = 60_000): Promise<{ answer: Promise<Synced> }> {
      const update = await client.workflow.startUpdateWithStart(syncUpdate, {
        args: [{ seq, waitMs }],
        waitForStage: WorkflowUpdateStage.ACCEPTED,
        startWorkflowOperation: new WithStartWorkflowOperation<typeof ticket>('ticket', start),
      });
      const answer = update.result();
      // A test that ends before it has no use for how it ends.
      answer.catch(() => undefined);
      return { answer };
    },
    /** The next try of its activity. */
    drain: (): Promise<Drain> => drains.next(linkId),
    untakenDrains: () => drains.untaken(linkId),
  });
}
