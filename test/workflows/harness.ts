import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client, Connection, WithStartWorkflowOperation, WorkflowUpdateStage } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { inject } from 'vitest';
import { initialTicketAttributes } from '../../src/temporal/search-attributes.js';
import { createLogger } from '../../src/observability/logger.js';
import { createTicketDoorbell } from '../../src/temporal/ticket-doorbell.js';
import { taskQueues } from '../../src/temporal/task-queues.js';
import { ringSignal, syncUpdate, type Ring, type Synced } from '../../workflows/messages.js';
import type { ticket, TicketInput } from '../../workflows/ticket/workflow.js';
import { scriptedDrains, type Drain } from './scripted-drains.js';

const dist = (file: string) => fileURLToPath(new URL(`../../dist/${file}`, import.meta.url));

export const bundlePath = dist('workflow-bundle.js');
/** The build's, for the SDK loads it as JavaScript. */
export const dataConverter = { failureConverterPath: dist('src/temporal/failure-converter.js') };

// Activities fail here on purpose; what is told about that belongs into no test's output.
Runtime.install({ logger: new DefaultLogger('ERROR') });

export type TicketUnderTest = ReturnType<TicketWorkflows['ticket']>;
export type TicketWorkflows = Awaited<ReturnType<typeof openTicketWorkflows>>;

/** The built workflows on a real server, with scripted activities. @param address by default the run's own server */
export async function openTicketWorkflows(address = inject('temporalAddress')) {
  const drains = scriptedDrains();
  const queues = taskQueues(`-${randomBytes(4).toString('hex')}`);
  const connection = await Connection.connect({ address });
  const native = await NativeConnection.connect({ address });
  const client = new Client({ connection, dataConverter });
  const common: Omit<WorkerOptions, 'taskQueue'> = {
    connection: native,
    dataConverter,
    shutdownForceTime: '2 seconds',
    maxHeartbeatThrottleInterval: '100 milliseconds',
  };
  const workers = await Promise.all([
    Worker.create({ ...common, taskQueue: queues.lifecycles, workflowBundle: { codePath: bundlePath } }),
    Worker.create({ ...common, taskQueue: queues.providers, activities: drains.activities }),
  ]);
  const running = Promise.all(workers.map((worker) => worker.run()));

  return {
    client,
    /** The product's own, as the API has it. */
    doorbell: () =>
      createTicketDoorbell({
        client,
        taskQueue: queues.lifecycles,
        logger: createLogger('silent'),
        waitMs: 20_000,
        lingerMs: 3_600_000,
        isWorkerAlive: () => Promise.resolve(true),
      }),
    ticket(options: { lingerMs?: number } = {}) {
      return ticketUnderTest(client, queues.lifecycles, drains, options.lingerMs ?? 3_600_000);
    },
    async close() {
      drains.endAll();
      for (const worker of workers) worker.shutdown();
      await running;
      await Promise.all([native.close(), connection.close()]);
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
  const handle = client.workflow.getHandle(workflowId);
  return {
    handle,
    orgId,
    subject,
    link,
    /** What the Temporal UI shows of it while a worker lives. */
    async details(): Promise<string> {
      const metadata = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
      return metadata.currentDetails ?? '';
    },
    /** What the list is filtered by. */
    async attributes(): Promise<Record<string, unknown>> {
      const { typedSearchAttributes } = await handle.describe();
      return Object.fromEntries(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]));
    },
    /** Signal-with-start, as the API and the sweep ring. */
    ring: (ring: Ring = {}) =>
      client.workflow.signalWithStart<typeof ticket, [Ring?]>('ticket', {
        ...start,
        signal: ringSignal,
        signalArgs: [ring],
      }),
    /** Update-with-start, as a waiting call does. Resolves when the workflow has it; `answer` when it answers. */
    async sync(seq: number, waitMs = 60_000): Promise<{ answer: Promise<Synced> }> {
      const update = await client.workflow.startUpdateWithStart(syncUpdate, {
        args: [{ seq, waitMs }],
        waitForStage: WorkflowUpdateStage.ACCEPTED,
        startWorkflowOperation: new WithStartWorkflowOperation<typeof ticket>('ticket', start),
      });
      return { answer: update.result() };
    },
    /** The next try of its activity. */
    drain: (): Promise<Drain> => drains.next(linkId),
    untakenDrains: () => drains.untaken(linkId),
    /** What its latest run has recorded. */
    async events() {
      const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
      return events ?? [];
    },
  };
}
