import { randomUUID } from 'node:crypto';
import { createActivities } from '../activities/index.js';
import type { TicketActivityDeps } from '../activities/tickets/context.js';
import type { Config } from './config/index.js';
import { connectMongo } from './db/connect.js';
import { ensureIndexes } from './db/indexes.js';
import { evidenceRequestModel } from './evidence-requests/model.js';
import { evidenceRequestSubject } from './evidence-requests/ticket-subject.js';
import type { Logger } from './observability/logger.js';
import { runProgram, type Stop } from './program.js';
import { mockTicketModels } from './providers/mock/model.js';
import { createProviderRegistry } from './providers/registry.js';
import { createTemporalClient } from './temporal/client.js';
import { announcePresence, createPresenceProbe, presenceModel } from './temporal/presence.js';
import { installRuntime } from './temporal/runtime.js';
import { taskQueues } from './temporal/task-queues.js';
import { closedTicketLingerMs, createTicketDoorbell } from './temporal/ticket-doorbell.js';
import { connectWorker, createLifecycleWorkers } from './temporal/worker.js';
import { ticketStore } from './tickets/store.js';
import { startTicketSweep } from './tickets/sweep.js';

/** Where the fault tests reach in; nothing else does. */
export type WorkerHooks = Pick<TicketActivityDeps, 'atPoint'>;

/** The worker process: workflows, activities and the sweep. All its wiring is here. */
export async function startWorker(config: Config, logger: Logger, hooks: WorkerHooks = {}): Promise<{ stop: Stop }> {
  installRuntime(logger);
  const workerId = randomUUID();
  const identity = `worker/${workerId.slice(0, 8)}`;
  const queues = taskQueues(config.temporal.queueSuffix);
  const mongo = await connectMongo(config.mongodbUri);
  const store = ticketStore(mongo);
  const presence = presenceModel(mongo);
  const mock = mockTicketModels(mongo);
  const subjects = {
    evidence_request: evidenceRequestSubject(evidenceRequestModel(mongo), config.http.publicUrl),
    escalation: undefined,
  };
  const providers = createProviderRegistry({ tickets: config.tickets, publicUrl: config.http.publicUrl, mock, logger });
  await ensureIndexes(mongo);

  const connection = await connectWorker(config.temporal, logger);
  const client = createTemporalClient(config.temporal, identity);
  const activities = createActivities({ tickets: { store, providers, subjects, logger, ...hooks } });
  const workers = await createLifecycleWorkers({
    connection,
    namespace: config.temporal.namespace,
    queues,
    activities,
    identity,
  });
  const doorbell = createTicketDoorbell({
    client,
    taskQueue: queues.lifecycles,
    logger,
    waitMs: config.tickets.waitMs,
    lingerMs: closedTicketLingerMs,
    isWorkerAlive: createPresenceProbe(presence, queues.lifecycles),
  });
  const running = Promise.all(workers.map((worker) => worker.run()));
  const leave = announcePresence(presence, {
    id: workerId,
    queues: Object.values(queues) as string[],
    isPolling: () => workers.every((worker) => worker.getState() === 'RUNNING'),
  });
  const stopSweep = startTicketSweep({ store, doorbell, logger });
  logger.info({ worker: workerId }, 'worker is polling');
  running.catch((error: unknown) => {
    logger.fatal({ err: error }, 'the worker broke');
    process.kill(process.pid, 'SIGTERM');
    process.exitCode = 1;
  });

  const stop = async () => {
    await leave();
    await stopSweep();
    for (const worker of workers) worker.shutdown();
    await running.catch(() => undefined);
    await doorbell.settled();
    await providers.close();
    await Promise.all([connection.close(), client.connection.close(), mongo.close()]);
  };
  return { stop };
}

await runProgram({ url: import.meta.url, name: 'worker', start: startWorker });
