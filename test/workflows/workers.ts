import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { inject } from 'vitest';
import { taskQueues } from '../../workflows/contracts/task-queues.js';
import { uniqueName } from '../support/unique-name.js';

const dist = (file: string) => fileURLToPath(new URL(`../../dist/${file}`, import.meta.url));

export type Bundle = NonNullable<WorkerOptions['workflowBundle']>;

/** The build's, for the SDK loads it as JavaScript. */
export const dataConverter = { failureConverterPath: dist('src/temporal/failure-converter.js') };

// Activities fail here on purpose; what is told about that belongs into no test's output.
Runtime.install({ logger: new DefaultLogger('ERROR') });

export interface WorkersOptions {
  /** By default the run's own server. */
  address?: string;
  /** By default the built workflows. */
  workflowBundle?: Bundle;
}

/** Workers of queues of their own, on a real server. @param activities scripted, or the real ones */
export async function openWorkers(activities: object, options: WorkersOptions = {}) {
  const { address = inject('temporalAddress'), workflowBundle = { codePath: dist('workflow-bundle.js') } } = options;
  const queues = taskQueues(`-${uniqueName()}`);
  const connection = await Connection.connect({ address });
  const native = await NativeConnection.connect({ address });
  const client = new Client({ connection, dataConverter });

  async function start() {
    const common: Omit<WorkerOptions, 'taskQueue'> = {
      connection: native,
      dataConverter,
      // As the product's: a history that is recorded has it in it.
      identity: `worker/${randomBytes(4).toString('hex')}`,
      shutdownForceTime: '30 seconds',
      maxHeartbeatThrottleInterval: '100 milliseconds',
    };
    const workers = await Promise.all([
      Worker.create({ ...common, taskQueue: queues.lifecycles, workflowBundle }),
      Worker.create({ ...common, taskQueue: queues.providers, activities }),
      Worker.create({ ...common, taskQueue: queues.urgent, activities }),
    ]);
    const running = Promise.all(workers.map((worker) => worker.run()));
    return async () => {
      for (const worker of workers) worker.shutdown();
      await running;
    };
  }
  let stop = await start();

  return {
    client,
    taskQueue: queues.lifecycles,
    /** Others take over, which have seen nothing of what runs. */
    restart: async () => {
      await stop();
      stop = await start();
    },
    close: async () => {
      await stop();
      await Promise.all([native.close(), connection.close()]);
    },
  };
}

/** What tests look at in a workflow. */
export function underTest<T extends object>(client: Client, workflowId: string, more: T) {
  const handle = client.workflow.getHandle(workflowId);
  return {
    ...more,
    handle,
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
    /** What its latest run has recorded. */
    async events() {
      return (await handle.fetchHistory()).events ?? [];
    },
    async pending() {
      return (await handle.describe()).raw.pendingActivities ?? [];
    },
  };
}
