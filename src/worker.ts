import { randomUUID } from 'node:crypto';
import type { EscalationActivityDeps } from '../activities/escalations/context.js';
import { createActivities } from '../activities/index.js';
import type { NotificationActivityDeps } from '../activities/notifications/context.js';
import { createPumpActivities } from '../activities/pump/index.js';
import type { TicketActivityDeps } from '../activities/tickets/context.js';
import { escalationWorkflowId, workflowAddress } from '../workflows/contracts/workflow-ids.js';
import type { Config } from './config/index.js';
import type { WorkerRole } from './config/setting-rules.js';
import { connectMongo } from './db/connect.js';
import { ensureIndexes } from './db/indexes.js';
import { dueEscalations } from './escalations/due-escalations.js';
import { dueEvents } from './escalations/due-events.js';
import { dueNotifications } from './escalations/due-notifications.js';
import { eventDataOf, presentEscalation } from './escalations/presenter.js';
import { observeProviderCalls } from './integrations/provider-calls.js';
import type { Logger } from './observability/logger.js';
import { startTracing } from './observability/tracing/start.js';
import { startWorkerMetrics } from './ops/worker-metrics/start.js';
import { runProgram, type Started } from './program.js';
import { createServices } from './services.js';
import { activityFields } from './temporal/activity-context.js';
import { startDispatcher } from './temporal/dispatcher.js';
import { announcePresence, countPresent } from './temporal/presence.js';
import { createPumpSupervisor } from './temporal/pump-supervisor.js';
import { registerSearchAttributes } from './temporal/register-search-attributes.js';
import { installRuntime } from './temporal/runtime.js';
import { createShowUnreachable } from './temporal/show-unreachable.js';
import { connectWorker, createActivityWorker, createPumpWorker, createWorkflowWorker } from './temporal/worker.js';
import { createPollSchedules } from './tickets/polling/poll-schedules.js';
import { listPolled } from './tickets/polling/polled.js';
import { createScheduled } from './tickets/polling/scheduled.js';
import { dueTickets } from './tickets/due-tickets.js';
import { dueHealth } from './webhooks/health/due-health.js';
import { createPumping } from './webhooks/pumping.js';

/** For tests only: where they inject faults, and how they run several workers in one process. */
export interface WorkerHooks {
  /** Several workers run in this process. */
  sharesRuntime?: boolean;
  tickets?: Pick<TicketActivityDeps, 'atPoint'>;
  escalations?: Pick<EscalationActivityDeps, 'atPoint'>;
  notifications?: Pick<NotificationActivityDeps, 'atPoint'>;
}

/** The worker process: workflows, activities, the sweep and the dispatcher. */
export async function startWorker(config: Config, logger: Logger, hooks: WorkerHooks = {}): Promise<Started> {
  const { timings } = config;
  const { publicUrl } = config.http;
  const metrics = await startWorkerMetrics(config, logger);
  installRuntime(logger, metrics?.sdkAddress, hooks.sharesRuntime);
  const stopTracing = await startTracing(config, 'drawbridge-worker', logger);
  const workerId = randomUUID();
  const identity = `worker/${workerId.slice(0, 8)}`;
  const mongo = await connectMongo(config.mongodbUri, { timings });
  const observe = observeProviderCalls(metrics?.lifecycles);
  const services = createServices(config, mongo, { logger, identity, observe });
  const { models, client, queues, signalers, providers, outbox, notifier, eventStore, escalationStore } = services;
  const pumping = createPumping({
    models,
    endpoints: services.endpointStore,
    cipher: services.cipher,
    audit: services.audit,
    egress: config.egress,
    resolver: services.resolver,
    settings: config.deliveries,
    logger,
    timings,
    counted: metrics?.deliveries.stored,
  });
  const [connection] = await Promise.all([
    connectWorker(config.temporal, timings.temporal, logger),
    ensureIndexes(mongo).then(() => pumping.plan.want(config.deliveries.pumps)),
  ]);

  // What the workflows' activities work on
  const tickets = { store: models.tickets, providers, subjects: services.subjects, timings };
  const activities = createActivities({
    tickets: {
      ...{ ...tickets, logger, metrics: metrics?.lifecycles },
      showUnreachable: createShowUnreachable({ client, logger, timings }),
      ...hooks.tickets,
    },
    escalations: {
      store: escalationStore,
      tickets,
      signaler: signalers.ticket,
      events: eventStore,
      outbox,
      publicUrl,
      logger,
      timings,
      metrics: metrics?.lifecycles,
      eventData: (escalation, link) => {
        const workflow = workflowAddress(escalationWorkflowId(escalation.org_id, escalation._id), config.temporal);
        const ticket = link && services.tickets.present(link);
        return eventDataOf(
          presentEscalation(escalation, { publicUrl, workflow, ticket }),
          escalation.terms.mapped_severity,
        );
      },
      ...hooks.escalations,
    },
    notifications: {
      outbox,
      notifier,
      events: models.events,
      publicUrl,
      logger,
      timings,
      metrics: metrics?.lifecycles,
      ...hooks.notifications,
    },
    endpoints: pumping.endpointActivities,
    polls: {
      store: models.tickets,
      polls: models.polls,
      findScope: providers.ofScope,
      signaler: signalers.ticket,
      logger,
      timings,
    },
  });
  const supervising = {
    client,
    logger,
    timings,
    taskQueue: queues.lifecycles,
    queueSuffix: config.temporal.queueSuffix,
  };
  const supervisor = createPumpSupervisor({ ...supervising, wanted: pumping.plan.wanted });
  const pumpActivities = createPumpActivities({
    ...pumping,
    holder: identity,
    logger,
    timings,
    signalHeld: supervisor.signalHeld,
    liveWorkers: () => countPresent(models.presence, queues.pumps, timings.presence),
    metrics: metrics?.deliveries,
  });

  // The workers, and what runs beside them, by this process's roles
  const common = { connection, namespace: config.temporal.namespace, queues, identity, timings };
  const has = (role: WorkerRole) => config.workerRoles.includes(role);
  const pumpOptions = { ...common, logger, activities: pumpActivities, pumps: config.deliveries.pumps };
  const [pumpWorker, ...others] = await Promise.all([
    has('pumps') ? createPumpWorker(pumpOptions) : null,
    has('lifecycles') ? createWorkflowWorker(common) : null,
    ...(['providers', 'urgent'] as const).map((role) =>
      has(role) ? createActivityWorker(role, { ...common, logger, activities }) : null,
    ),
    // Before anything is polled.
    registerSearchAttributes({ client, logger, timings }).then(() => null),
  ]);
  const workers = [pumpWorker, ...others].filter((worker) => worker !== null);
  const running = Promise.all(workers.map((worker) => worker.run()));
  const isAlive = () => workers.every((worker) => worker.getState() === 'RUNNING');
  const present = { id: workerId, queues: config.workerRoles.map((role) => queues[role]), isPolling: isAlive };
  const leave = announcePresence(models.presence, present, timings.presence);

  const pollSchedules = createPollSchedules({
    ...supervising,
    scheduled: createScheduled(models.pollSchedules),
    wanted: () =>
      listPolled({
        connections: models.connections,
        findScope: providers.ofScope,
        intervalSeconds: config.tickets.pollIntervalSeconds,
      }),
  });
  const startBudgetAlert = signalers.budgetAlert.start;
  const besidePumps = () => [supervisor.watch()];
  const besideLifecycles = () => [
    pollSchedules.watch(),
    startDispatcher({
      logger,
      timings,
      rounds: [
        dueTickets({ store: models.tickets, signaler: signalers.ticket, logger, timings }),
        dueEvents({ events: eventStore, escalations: escalationStore, startBudgetAlert, timings }),
        dueEscalations({ escalations: models.escalations, signaler: signalers.escalation, timings }),
        dueHealth({ health: models.health, signaler: signalers.endpoint, timings }),
        dueNotifications({
          outbox,
          escalations: escalationStore,
          signaler: signalers.escalation,
          startBudgetAlert,
          timings,
        }),
      ],
    }),
  ];
  const stops = [...(has('pumps') ? besidePumps() : []), ...(has('lifecycles') ? besideLifecycles() : [])];
  logger.info({ worker: workerId, roles: config.workerRoles }, 'worker is polling');
  running.catch((error: unknown) => {
    logger.fatal({ err: error }, 'the worker broke');
    process.kill(process.pid, 'SIGTERM');
    process.exitCode = 1;
  });

  const stop = async () => {
    // First of all: another worker can pump as soon as what is in flight here is done.
    pumpWorker?.shutdown();
    await leave();
    await Promise.all(stops.map((stopPart) => stopPart()));
    for (const worker of workers) if (worker !== pumpWorker) worker.shutdown();
    await running.catch(() => undefined);
    await Promise.all([services.close(), pumping.close()]);
    await Promise.all([connection.close(), mongo.close()]);
    await Promise.all([stopTracing(), metrics?.close()]);
  };
  return { stop, isAlive };
}

void runProgram({ url: import.meta.url, name: 'worker', logContext: activityFields, start: startWorker });
