import type { Client } from '@temporalio/client';
import type { notice, NoticeInput } from '../../workflows/notice/workflow.js';
import type { Logger } from '../observability/logger.js';
import { isTaken } from './is-taken.js';
import { initialNoticeAttributes } from './search-attributes.js';
import { noticeWorkflowId } from './workflow-ids.js';

export interface NoticeStarter {
  /**
   * Starts the notice of a budget event. One that runs is left alone, and one that is done finds nothing left to do.
   * @returns false when Temporal did not take it: the event stays due; never throws
   */
  start: (event: NoticeInput) => Promise<boolean>;
}

export function createNoticeStarter({
  client,
  taskQueue,
  logger,
}: {
  client: Client;
  taskQueue: string;
  logger: Logger;
}): NoticeStarter {
  const begin = (event: NoticeInput) =>
    client.workflow.start<typeof notice>('notice', {
      workflowId: noticeWorkflowId(event.orgId, event.eventId),
      taskQueue,
      args: [event],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      workflowIdConflictPolicy: 'USE_EXISTING',
      typedSearchAttributes: initialNoticeAttributes(event),
      staticSummary: `Notice of budget event ${event.eventId}`,
      staticDetails: `Of org \`${event.orgId}\`. Every channel that wants budget events is told; what they are told is in the API's event.`,
    });

  return {
    start: ({ orgId, eventId }) =>
      isTaken(
        client,
        () => begin({ orgId, eventId }),
        (err) => logger.warn({ err, org: orgId, event: eventId }, 'Temporal did not take a notice; it stays due'),
      ),
  };
}
