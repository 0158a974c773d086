import { randomUUID } from 'node:crypto';
import type { EscalationActivityDeps } from '../activities/escalations/context.js';
import { createActivities } from '../activities/index.js';
import type { NotificationActivityDeps } from '../activities/notifications/context.js';
import { createPumpActivities } from '../activities/pump/index.js';
import type { TicketActivityDeps } from '../activities/tickets/context.js';
import { approvalsModel } from './notifications/approvals/model.js';
import { createNotifier } from './notifications/approvals/notifier.js';
import { notificationModel } from './notifications/approvals/outbox/model.js';
import { createOutbox } from './notifications/approvals/outbox/outbox.js';
import { createApprovalStore } from './notifications/approvals/store.js';
import type { Config } from './config/index.js';
import { connectionModel } from './integrations/connections/model.js';
import { createConnectionStore } from './integrations/connections/store.js';
import { createTicketProviders } from './integrations/connections/ticket-providers.js';
import { connectMongo } from './db/connect.js';
import { ensureIndexes } from './db/indexes.js';
import { createGuardedClient } from './http/client/client.js';
import { startDispatcher } from './temporal/dispatcher.js';
import { dueEscalations } from './escalations/due-escalations.js';
import { dueEvents } from './escalations/due-events.js';
import { dueHealth } from './webhooks/health/due-health.js';
import { dueNotifications } from './escalations/due-notifications.js';
import { escalationModel } from './escalations/model.js';
import { eventDataOf, presentEscalation } from './escalations/presenter.js';
import { createEscalationStore } from './escalations/store.js';
import { escalationSubject } from './escalations/ticket-subject.js';
import { evidenceRequestModel } from './evidence-requests/model.js';
import { evidenceRequestSubject } from './evidence-requests/ticket-subject.js';
import { eventModel } from './events/model.js';
import { createEventStore } from './events/store.js';
import type { Logger } from './observability/logger.js';
import { observeProviderCalls } from './integrations/provider-calls.js';
import { startTracing } from './observability/tracing/start.js';
import { startWorkerMetrics } from './ops/worker-metrics/start.js';
import { createAudit } from './auth/audit/audit.js';
import { auditEntryModel } from './auth/audit/model.js';
import { runProgram, type Started } from './program.js';
import { trackerStateModel } from './integrations/breaker/model.js';
import { createTrackerStates } from './integrations/breaker/states.js';
import { mockTicketModels } from './integrations/mock/model.js';
import { createProviderRegistry } from './integrations/registry.js';
import { createCipher } from './lib/encryption.js';
import { activityFields } from './temporal/activity-context.js';
import { createTemporalClient } from './temporal/client.js';
import { createEndpointSignaler } from './temporal/endpoint-signaler.js';
import { createEscalationSignaler } from './temporal/escalation-signaler.js';
import { createNoticeStarter } from './temporal/notice-starter.js';
import { announcePresence, countPresent, createPresenceProbe, presenceModel } from './temporal/presence.js';
import { createPollSchedules } from './tickets/polling/poll-schedules.js';
import { createPumpSupervisor } from './temporal/pump-supervisor.js';
import { registerSearchAttributes } from './temporal/register-search-attributes.js';
import { installRuntime } from './temporal/runtime.js';
import { taskQueues } from '../workflows/contracts/task-queues.js';
import { createTicketSignaler } from './temporal/ticket-signaler.js';
import { escalationWorkflowId, workflowAddress } from '../workflows/contracts/workflow-ids.js';
import { connectWorker, createLifecycleWorkers, createPumpWorker } from './temporal/worker.js';
import { createLinkPresenter } from './tickets/links/routes.js';
import { pollModel } from './tickets/polling/model.js';
import { listPolled } from './tickets/polling/polled.js';
import { createScheduled } from './tickets/polling/scheduled.js';
import { ticketStore } from './tickets/store.js';
import { startTicketSweep } from './tickets/sweep.js';
import { deliveryModel } from './webhooks/deliveries/model.js';
import { endpointModel } from './webhooks/endpoints/model.js';
import { createEndpointStore } from './webhooks/endpoints/store.js';
import { createPublisher } from './webhooks/publishing/publisher.js';
import { createPumping } from './webhooks/pumping.js';

/** For tests only: where they inject faults, and how they run several workers in one process. */
export interface WorkerHooks {
  /** Several workers run in this process. */
  sharesRuntime?: boolean;
  tickets?: Pick<TicketActivityDeps, 'atPoint'>;
  escalations?: Pick<EscalationActivityDeps, 'atPoint'>;
  notifications?: Pick<NotificationActivityDeps, 'atPoint'>;
}

/** The worker process: workflows, activities, the sweep and the dispatcher. All its wiring is here. */
export async function startWorker(config: Config, logger: Logger, hooks: WorkerHooks = {}): Promise<Started> {
  const { timings } = config;
  const metrics = await startWorkerMetrics(config, logger);
  installRuntime(logger, metrics?.sdkAddress, hooks.sharesRuntime);
  const stopTracing = await startTracing(config, 'drawbridge-worker', logger);
  const observe = observeProviderCalls(metrics?.lifecycles);
  const workerId = randomUUID();
  const identity = `worker/${workerId.slice(0, 8)}`;
  const queues = taskQueues(config.temporal.queueSuffix);
  const mongo = await connectMongo(config.mongodbUri, { timings });
  const { publicUrl } = config.http;
  const presence = presenceModel(mongo);
  const mock = mockTicketModels(mongo);
  const escalations = createEscalationStore(escalationModel(mongo), timings);
  const deliveries = deliveryModel(mongo, config.deliveries.retentionDays);
  const endpointDocs = endpointModel(mongo);
  const endpoints = createEndpointStore({ endpoints: endpointDocs });
  const publisher = createPublisher({ events: eventModel(mongo), deliveries, endpoints, timings });
  const events = createEventStore({ events: eventModel(mongo), publisher });
  const states = createTrackerStates(trackerStateModel(mongo));
  const http = createGuardedClient(config.egress);
  const cipher = createCipher(config.encryption);
  const connections = connectionModel(mongo);
  const providers = createTicketProviders({
    registry: createProviderRegistry({ tickets: config.tickets, publicUrl, mock, logger, states, observe, timings }),
    ...{ store: createConnectionStore(connections), states, cipher, http, logger, observe, timings },
    environment: config.tickets,
  });
  const notifier = createNotifier({
    store: createApprovalStore({ approvals: approvalsModel(mongo) }),
    cipher,
    http,
    pagerDutyEndpoint: config.pagerDutyEndpoint,
  });
  const outbox = createOutbox({ notifications: notificationModel(mongo), notifier, timings });
  const tickets = {
    store: ticketStore(mongo),
    providers,
    subjects: {
      evidence_request: evidenceRequestSubject(evidenceRequestModel(mongo), publicUrl),
      escalation: escalationSubject(escalations.escalations, publicUrl),
    },
    timings,
  };
  const pumping = createPumping({
    ...{ connection: mongo, deliveries, endpoints: endpointDocs, cipher, logger, timings },
    ...{ egress: config.egress, settings: config.deliveries },
    audit: createAudit({ entries: auditEntryModel(mongo) }),
    counted: metrics?.deliveries.stored,
  });
  const scheduled = createScheduled(mongo);
  const client = createTemporalClient(config.temporal, identity);
  const [connection] = await Promise.all([
    connectWorker(config.temporal, timings.temporal, logger),
    ensureIndexes(mongo).then(() => pumping.plan.want(config.deliveries.pumps)),
  ]);
  const signaler = createTicketSignaler({
    client,
    taskQueue: queues.lifecycles,
    logger,
    waitMs: config.tickets.waitMs,
    isWorkerAlive: createPresenceProbe(presence, queues.lifecycles, timings.presence),
    timings,
  });
  const escalationSignaler = createEscalationSignaler({ client, taskQueue: queues.lifecycles, logger, timings });
  const presentLink = createLinkPresenter(config.temporal);
  const activities = createActivities({
    tickets: { ...tickets, logger, metrics: metrics?.lifecycles, ...hooks.tickets },
    escalations: {
      store: escalations,
      tickets,
      signaler,
      events,
      outbox,
      publicUrl,
      logger,
      timings,
      metrics: metrics?.lifecycles,
      eventData: (escalation, link) => {
        const workflow = workflowAddress(escalationWorkflowId(escalation.org_id, escalation._id), config.temporal);
        const ticket = link && presentLink(link);
        return eventDataOf(
          presentEscalation(escalation, { publicUrl, workflow, ticket }),
          escalation.terms.mapped_severity,
        );
      },
      ...hooks.escalations,
    },
    notifications: {
      ...{ outbox, notifier, events: events.events, publicUrl, logger, timings, metrics: metrics?.lifecycles },
      ...hooks.notifications,
    },
    endpoints: pumping.tending,
    polls: { store: tickets.store, polls: pollModel(mongo), findScope: providers.ofScope, signaler, logger, timings },
  });
  const pollSchedules = createPollSchedules({
    scheduled,
    ...{ client, logger, timings, taskQueue: queues.lifecycles, queueSuffix: config.temporal.queueSuffix },
    wanted: () =>
      listPolled({
        connections,
        findScope: providers.ofScope,
        intervalSeconds: config.tickets.pollIntervalSeconds,
      }),
  });
  const supervisor = createPumpSupervisor({
    ...{ client, logger, timings, taskQueue: queues.lifecycles, queueSuffix: config.temporal.queueSuffix },
    wanted: pumping.plan.wanted,
  });
  const pumpActivities = createPumpActivities({
    ...pumping,
    ...{ holder: identity, logger, timings, tellHeld: supervisor.tellHeld },
    liveWorkers: () => countPresent(presence, queues.pumps, timings.presence),
    metrics: metrics?.deliveries,
  });
  const common = { connection, namespace: config.temporal.namespace, queues, identity, logger, timings };
  const [lifecycleWorkers, pumpWorker] = await Promise.all([
    createLifecycleWorkers({ ...common, activities }),
    createPumpWorker({ ...common, activities: pumpActivities, pumps: config.deliveries.pumps }),
    // Before anything is polled.
    registerSearchAttributes({ client, logger, timings }),
  ]);
  const workers = [...lifecycleWorkers, pumpWorker];
  const running = Promise.all(workers.map((worker) => worker.run()));
  const isAlive = () => workers.every((worker) => worker.getState() === 'RUNNING');
  const present = { id: workerId, queues: Object.values(queues) as string[], isPolling: isAlive };
  const leave = announcePresence(presence, present, timings.presence);
  const stopWatch = supervisor.watch();
  const stopPolls = pollSchedules.watch();
  const stopSweep = startTicketSweep({ store: tickets.store, signaler, logger, timings });
  const notices = createNoticeStarter({ client, taskQueue: queues.lifecycles, logger, timings });
  const stopDispatcher = startDispatcher({
    logger,
    timings,
    rounds: [
      dueEvents({ events, escalations, startNotice: notices.start, timings }),
      dueEscalations({ escalations: escalations.escalations, signaler: escalationSignaler, timings }),
      dueHealth({
        health: pumping.health,
        signaler: createEndpointSignaler({ client, taskQueue: queues.lifecycles, logger, timings }),
        timings,
      }),
      dueNotifications({ outbox, escalations, signaler: escalationSignaler, startNotice: notices.start, timings }),
    ],
  });
  logger.info({ worker: workerId }, 'worker is polling');
  running.catch((error: unknown) => {
    logger.fatal({ err: error }, 'the worker broke');
    process.kill(process.pid, 'SIGTERM');
    process.exitCode = 1;
  });

  const stop = async () => {
    // First of all: another worker can pump as soon as what is in flight here is done.
    pumpWorker.shutdown();
    await leave();
    await Promise.all([stopSweep(), stopDispatcher(), stopWatch(), stopPolls()]);
    for (const worker of workers) if (worker !== pumpWorker) worker.shutdown();
    await running.catch(() => undefined);
    await Promise.all([signaler.settled(), escalationSignaler.settled()]);
    await Promise.all([providers.close(), http.close(), pumping.close()]);
    await Promise.all([connection.close(), client.close(), mongo.close()]);
    await Promise.all([stopTracing(), metrics?.close()]);
  };
  return { stop, isAlive };
}

void runProgram({ url: import.meta.url, name: 'worker', logContext: activityFields, start: startWorker });
