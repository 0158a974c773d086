import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { defaultTimings } from '../../src/config/timings.js';
import { createLogger } from '../../src/observability/logger.js';
import { createBudgetAlertStarter } from '../../src/temporal/budget-alert-starter.js';
import { budgetAlertWorkflowId } from '../../workflows/contracts/workflow-ids.js';
import { scriptedNotifications } from './budget-alert-script.js';
import { dataConverter, openWorkers, underTest, type Bundle } from './workers.js';
import type { NotificationActivities, ChannelDue } from '../../workflows/contracts/notifications.js';

/** Workers of their own queues on the run's server. @param activities scripted, or the real ones */
export async function openBudgetAlertWorkers(activities: NotificationActivities, workflowBundle?: Bundle) {
  const workers = await openWorkers(activities, workflowBundle && { workflowBundle });
  const { client, taskQueue } = workers;
  const timings = defaultTimings;
  return {
    ...workers,
    starter: createBudgetAlertStarter({ client, taskQueue, logger: createLogger('silent'), timings }),
  };
}

export type BudgetAlertWorkflows = Awaited<ReturnType<typeof openBudgetAlertWorkflows>>;

/** The built workflows on a real server, with scripted activities. */
export async function openBudgetAlertWorkflows(workflowBundle?: Bundle) {
  const script = scriptedNotifications();
  const { client, taskQueue, starter, close } = await openBudgetAlertWorkers(script.activities, workflowBundle);
  return {
    client,
    taskQueue,
    script,
    /** A budget event that these channels are to hear of. */
    notice: (...due: ChannelDue[]) => {
      const suffix = randomBytes(5).toString('hex');
      const event = { orgId: `org-${suffix}`, eventId: `evt_${suffix}` };
      script.setDue(event.eventId, due);
      const workflowId = budgetAlertWorkflowId(event.orgId, event.eventId);
      return underTest(client, workflowId, {
        event,
        start: () => starter.start(event),
        next: (channelId: string) => script.next(event.eventId, channelId),
      });
    },
    close: async () => {
      script.endAll();
      await close();
    },
  };
}

/** The bundle of a workflow that only tests have. */
export const channelsBundle = () =>
  bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('budget-alert-channels-fixture.ts', import.meta.url)),
    failureConverterPath: dataConverter.failureConverterPath,
    logger: new DefaultLogger('ERROR'),
  });
