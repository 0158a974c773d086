import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Context } from '@temporalio/activity';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { inject } from 'vitest';
import { defaultTimings, type Timings } from '../../src/config/timings.js';
import { createLogger } from '../../src/observability/logger.js';
import { createPumpSupervisor } from '../../src/temporal/pump-supervisor.js';
import { taskQueues } from '../../workflows/contracts/task-queues.js';
import { pumpWorkflowId } from '../../workflows/contracts/workflow-ids.js';
import { uniqueName } from '../support/unique-name.js';
import { scriptedTries, type Try } from './scripted-tries.js';
import { dataConverter, underTest } from './workers.js';
import type { PumpRequest, Pumped } from '../../workflows/contracts/delivery-pump.js';

const codePath = fileURLToPath(new URL('../../dist/workflow-bundle.js', import.meta.url));

export type PumpWorkflows = Awaited<ReturnType<typeof openPumpWorkflows>>;

/** A term as a script answers it. */
export interface Term extends Try<Pumped> {
  request: PumpRequest;
}

/** As the real one does: a term that no test has taken is not to keep a worker from stopping. */
async function workersEnd(): Promise<never> {
  const context = Context.current();
  return context.cancelled.catch((error: unknown) => {
    if (context.cancellationDetails?.workerShutdown === true) throw error;
    return new Promise<never>(() => undefined);
  });
}

/**
 * The built workflow on a real server, with a scripted activity.
 * @param address by default the run's own server
 * @param pumpTimings what is to differ from the defaults
 */
export async function openPumpWorkflows(
  address = inject('temporalAddress'),
  pumpTimings: Partial<Timings['pump']> = {},
) {
  const defaults = {
    surplus: false,
    holder: 'worker/a',
    epoch: 1,
    since: '2026-01-01T00:00:00.000Z',
    pumps: 1,
    posted: 0,
  };
  const terms = scriptedTries<Pumped>(defaults, 'StoreUnavailable');
  const requests = new Map<number, PumpRequest>();
  const activities = {
    pumpDeliveries(request: PumpRequest): Promise<Pumped> {
      requests.set(request.pump, request);
      return Promise.race([terms.run(String(request.pump)), workersEnd()]);
    },
  };
  const queueSuffix = `-${uniqueName()}`;
  const queues = taskQueues(queueSuffix);
  const connection = await Connection.connect({ address });
  const native = await NativeConnection.connect({ address });
  const client = new Client({ connection, dataConverter });
  const common: Omit<WorkerOptions, 'taskQueue'> = {
    connection: native,
    dataConverter,
    identity: `worker/${randomBytes(4).toString('hex')}`,
    shutdownForceTime: '30 seconds',
    maxHeartbeatThrottleInterval: '100 milliseconds',
  };
  const workers = await Promise.all([
    Worker.create({ ...common, taskQueue: queues.lifecycles, workflowBundle: { codePath } }),
    Worker.create({ ...common, taskQueue: queues.pumps, activities }),
  ]);
  const running = Promise.all(workers.map((worker) => worker.run()));
  let wanted = 1;
  const supervisor = createPumpSupervisor({
    ...{ client, taskQueue: queues.lifecycles, queueSuffix, logger: createLogger('silent') },
    timings: { ...defaultTimings, pump: { ...defaultTimings.pump, checkEveryMs: 100, ...pumpTimings } },
    wanted: () => Promise.resolve(wanted),
  });

  return {
    client,
    supervisor,
    want: (pumps: number) => void (wanted = pumps),
    pump: (pump: number) =>
      underTest(client, pumpWorkflowId(pump, queueSuffix), {
        /** The next try at a term, when it comes. */
        async term(): Promise<Term> {
          const next = await terms.next(String(pump));
          const request = requests.get(pump);
          if (!request) throw new Error('There was no request.');
          return { ...next, request };
        },
      }),
    async close() {
      terms.endAll();
      for (const worker of workers) worker.shutdown();
      await running;
      await Promise.all([native.close(), connection.close()]);
    },
  };
}
