import type { Client } from '@temporalio/client';
import { unreachableSignal } from '../../workflows/contracts/messages.js';
import { ticketWorkflowId } from '../../workflows/contracts/workflow-ids.js';
import type { Timings } from '../config/index.js';
import type { Logger } from '../observability/logger.js';
import { trySend } from './try-send.js';

/** Tells a ticket's workflow that its tracker doesn't answer, for the details that operators read. Never throws. */
export const createShowUnreachable =
  ({ client, logger, timings }: { client: Client; logger: Logger; timings: Pick<Timings, 'temporal'> }) =>
  ({ _id: link, org_id: org }: { _id: string; org_id: string }, since: Date): void => {
    const handle = client.workflow.getHandle(ticketWorkflowId(org, link));
    void trySend(
      { client, timeoutMs: timings.temporal.callTimeoutMs },
      () => handle.signal(unreachableSignal, { since: since.getTime() }),
      (err) => logger.debug({ err, org, link }, 'A workflow was not told that its tracker is unreachable'),
    );
  };
