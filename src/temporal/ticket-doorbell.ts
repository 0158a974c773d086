import { WithStartWorkflowOperation, WorkflowUpdateRPCTimeoutOrCancelledError, type Client } from '@temporalio/client';
import { ringSignal, syncUpdate } from '../../workflows/messages.js';
import type { ticket, TicketInput } from '../../workflows/ticket/workflow.js';
import type { Logger } from '../observability/logger.js';
import type { Doorbell, RingTarget } from '../tickets/doorbell.js';
import { createPacer } from './pacer.js';
import { initialTicketAttributes } from './search-attributes.js';
import { ticketWorkflowId } from './workflow-ids.js';

export interface TicketDoorbellDeps {
  client: Client;
  taskQueue: string;
  logger: Logger;
  /** How long a call waits for the tracker. */
  waitMs: number;
  /** How long a closed ticket's workflow stays. */
  lingerMs: number;
  isWorkerAlive: () => Promise<boolean>;
}

/** A closed ticket's workflow stays a week for late comments and replies. */
export const closedTicketLingerMs = 7 * 24 * 60 * 60 * 1000;

/** A ring is a small call: a server that takes longer is as good as down, and the sweep rings again. */
const ringDeadlineMs = 5_000;
/** After a call that failed, nobody waits for this long: each would wait in vain. */
const distrustMs = 5_000;

/** Rings ticket workflows, starting them when they do not run. Every call has a deadline; none throws. */
export function createTicketDoorbell(deps: TicketDoorbellDeps): Doorbell & { settled(): Promise<void> } {
  const { client, logger } = deps;
  const pacer = createPacer();
  const rings = new Set<Promise<void>>();
  let distrustedUntil = 0;

  const startOptions = (link: RingTarget) => ({
    workflowId: ticketWorkflowId(link.org_id, link._id),
    taskQueue: deps.taskQueue,
    args: [{ orgId: link.org_id, linkId: link._id, lingerMs: deps.lingerMs }] satisfies [TicketInput],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
    typedSearchAttributes: initialTicketAttributes(link),
    staticSummary: `${link.subject.type} ${link.subject.id} · ${link.provider}`,
    staticDetails: `One ticket for the ${link.subject.type} \`${link.subject.id}\` of org \`${link.org_id}\`.\n\nLink \`${link._id}\`. Commands, texts and errors are in the API; here is what is in progress.`,
  });

  async function guarded(link: RingTarget, deadlineMs: number, call: () => Promise<unknown>): Promise<void> {
    try {
      await client.withDeadline(Date.now() + deadlineMs, call);
    } catch (error) {
      // A wait that is over says that the tracker is slow, not that Temporal is.
      if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return;
      distrustedUntil = Date.now() + distrustMs;
      logger.warn(
        { err: error, org: link.org_id, link: link._id },
        'Temporal did not take a ring; the sweep rings again',
      );
    }
  }

  const ringOnce = (link: RingTarget, interrupt: boolean) =>
    guarded(link, ringDeadlineMs, () =>
      client.workflow.signalWithStart<typeof ticket, [{ interrupt?: boolean }?]>('ticket', {
        ...startOptions(link),
        signal: ringSignal,
        signalArgs: [interrupt ? { interrupt } : {}],
      }),
    );

  const syncOnce = (link: RingTarget, seq: number) =>
    guarded(link, deps.waitMs, () =>
      client.workflow.executeUpdateWithStart(syncUpdate, {
        args: [{ seq, waitMs: deps.waitMs }],
        startWorkflowOperation: new WithStartWorkflowOperation<typeof ticket>('ticket', startOptions(link)),
      }),
    );

  function ring(link: RingTarget, options: { interrupt?: boolean } = {}): void {
    const rung: Promise<void> = ringOnce(link, options.interrupt === true).then(() => void rings.delete(rung));
    rings.add(rung);
  }

  return {
    ring,
    async wait(link, seq) {
      if (Date.now() < distrustedUntil || !(await deps.isWorkerAlive())) {
        ring(link);
        return;
      }
      await pacer.run(link._id, seq, deps.waitMs, (highest) => syncOnce(link, highest));
    },
    /** Waits for the rings that are on their way, so that a shutdown loses none. */
    async settled() {
      await Promise.all(rings);
    },
  };
}
