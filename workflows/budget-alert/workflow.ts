import {
  CancellationScope,
  condition,
  proxyActivities,
  setCurrentDetails,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { doneBudgetAlertAttributes } from '../contracts/search-attributes.js';
import { urgentQueueOf } from '../contracts/task-queues.js';
import { createChannelDrains } from '../notifications/channels.js';
import { describeBudgetAlert } from './details.js';
import type { BudgetAlertInput, NotificationActivities } from '../contracts/notifications.js';

/** Notifies every channel that wants one budget event. A run never assumes that it is the first. */
export async function budgetAlert(input: BudgetAlertInput): Promise<void> {
  const channels = createChannelDrains({ ...input, subjectId: input.eventId });
  setCurrentDetails(describeBudgetAlert(input, 'preparing'));
  try {
    channels.start(await prepare(input));
    while (!channels.isIdle()) {
      const left = channels.running();
      setCurrentDetails(describeBudgetAlert(input, 'notifying', left));
      await condition(() => channels.running() !== left);
    }
  } finally {
    // Wait for a message in flight however this run ends, so that the next run doesn't send it again.
    await CancellationScope.nonCancellable(() => channels.cancelAll());
  }
  upsertSearchAttributes(doneBudgetAlertAttributes());
  setCurrentDetails(describeBudgetAlert(input, 'done'));
}

function prepare(input: BudgetAlertInput) {
  const { prepareNotice: prepareBudgetAlert } = proxyActivities<NotificationActivities>({
    taskQueue: urgentQueueOf(workflowInfo().taskQueue),
    // The activity makes a few reads and writes of MongoDB.
    startToCloseTimeout: '30 seconds',
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
    summary: 'find the channels that want it',
  });
  const { orgId, eventId } = input;
  return prepareBudgetAlert({ orgId, eventId });
}
