import type { Client } from '@temporalio/client';
import { ringSignal, type Ring } from '../../workflows/contracts/messages.js';
import type { escalation } from '../../workflows/escalation/workflow.js';
import type { Timings } from '../config/index.js';
import type { EscalationDoorbell } from './escalation-wake.js';
import type { Logger } from '../observability/logger.js';
import { isTaken } from './is-taken.js';
import { escalationStart } from '../../workflows/contracts/workflow-starts.js';

/** Rings escalation workflows, starting them when they do not run. */
export function createEscalationDoorbell({
  client,
  taskQueue,
  logger,
  timings,
}: {
  client: Client;
  taskQueue: string;
  logger: Logger;
  timings: Pick<Timings, 'activities' | 'temporal' | 'tickets'>;
}): EscalationDoorbell & { settled(): Promise<void> } {
  const rings = new Set<Promise<boolean>>();

  const ring: EscalationDoorbell['ring'] = (target) =>
    isTaken(
      { client, timeoutMs: timings.temporal.callTimeoutMs },
      () =>
        client.workflow.signalWithStart<typeof escalation, [Ring?]>('escalation', {
          ...escalationStart(target, timings),
          workflowIdConflictPolicy: 'USE_EXISTING',
          taskQueue,
          signal: ringSignal,
          signalArgs: [{}],
        }),
      (err) =>
        logger.warn(
          { err, org: target.org_id, escalation: target._id },
          'Temporal did not take a ring; the dispatcher rings again',
        ),
    );

  return {
    ring(target) {
      const rung = ring(target).finally(() => rings.delete(rung));
      rings.add(rung);
      return rung;
    },
    /** Waits for the rings that are on their way, so that a shutdown loses none. */
    async settled() {
      await Promise.all(rings);
    },
  };
}
