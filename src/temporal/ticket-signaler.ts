import {
  WithStartWorkflowOperation,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { syncUpdate } from '../../workflows/contracts/messages.js';
import type { Timings } from '../config/index.js';
import { createCoalescer } from './coalescer.js';
import { createAppliedWatch } from './applied-watch.js';
import { ticketStart } from '../../workflows/contracts/workflow-starts.js';
import type { TicketWorkflow } from '../../workflows/contracts/ticket.js';
import { wakeWorkflow, type SignalerDeps } from './wake-workflow.js';

/** What starting a link's workflow, or waking the one that runs, needs of the link. */
export interface TicketWakeTarget {
  _id: string;
  org_id: string;
  subject: { type: string; id: string };
  provider: string;
  draft: { severity: string | null };
}

/** Wakes ticket workflows. The signal carries no command: commands are in MongoDB. Nothing here throws. */
export interface TicketSignaler {
  /**
   * Wakes the workflow, and waits until the command `seq` is settled, or it is held, or the time is up, or no worker runs.
   * The outcome is in MongoDB.
   * @param isSettled asks MongoDB, which often knows before the workflow answers
   */
  wait(link: TicketWakeTarget, seq: number, isSettled: () => Promise<boolean>): Promise<void>;
  /**
   * Starts the workflow, or wakes the one that runs. `interrupt` ends the wait before a retry that is no longer wanted.
   * @returns false when Temporal did not accept the call
   */
  wake(link: TicketWakeTarget, options?: { interrupt?: boolean }): Promise<boolean>;
}

export interface TicketSignalerDeps extends SignalerDeps {
  /** How long a call waits for the tracker. */
  waitMs: number;
  isWorkerAlive: () => Promise<boolean>;
  timings: Pick<Timings, 'activities' | 'temporal' | 'tickets'>;
}

/** Wakes ticket workflows, starting those that don't run. Every call has a deadline; none throws. */
export function createTicketSignaler(deps: TicketSignalerDeps): TicketSignaler & { settled(): Promise<void> } {
  const { client, logger, timings } = deps;
  const { distrustMs, patienceMs, pingTimeoutMs } = timings.temporal;
  const start = {
    lingerMs: timings.tickets.closedLingerMs,
    heartbeatTimeoutMs: timings.activities.heartbeatTimeoutMs,
  };
  const coalescer = createCoalescer();
  const waitForApplied = createAppliedWatch();
  const wakes = new Set<Promise<boolean>>();
  let distrustedUntil = 0;
  let asked: Promise<boolean> | undefined;

  /** One question at a time, whoever wonders. */
  function isServing(): Promise<boolean> {
    const question = () =>
      client
        .withDeadline(Date.now() + pingTimeoutMs, () => client.workflowService.getSystemInfo({}))
        .then(
          () => true,
          () => false,
        );
    // Between two of its tries the SDK sleeps past a deadline.
    const late = () => new Promise<false>((resolve) => setTimeout(resolve, pingTimeoutMs, false));
    asked ??= Promise.race([question(), late()]).finally(() => (asked = undefined));
    return asked;
  }

  const startOptions = (link: TicketWakeTarget) => ({
    ...ticketStart(link, start),
    taskQueue: deps.taskQueue,
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
  });

  /** @returns `late` when a wait was over, or its run was ended, before its answer came */
  async function guarded(
    link: TicketWakeTarget,
    deadlineMs: number,
    call: () => Promise<unknown>,
  ): Promise<'answered' | 'late' | 'failed'> {
    try {
      await client.withDeadline(Date.now() + deadlineMs, call);
      distrustedUntil = 0;
      return 'answered';
    } catch (error) {
      // A wait that is over may only mean that the tracker is slow; the SDK says the same for a server that is down.
      if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return 'late';
      // An operator ended the run that was asked: the next wake-up starts another.
      if (error instanceof WorkflowUpdateFailedError) return 'late';
      distrustedUntil = Date.now() + distrustMs;
      logger.warn(
        { err: error, org: link.org_id, link: link._id },
        'Temporal did not accept a wake-up; the sweep repeats it',
      );
      return 'failed';
    }
  }

  const ask = (link: TicketWakeTarget, seq: number) =>
    client.workflow.executeUpdateWithStart(syncUpdate, {
      args: [{ seq, waitMs: deps.waitMs }],
      startWorkflowOperation: new WithStartWorkflowOperation<TicketWorkflow>('ticket', startOptions(link)),
    });

  /** Waits no longer than it takes to see that the server is down. */
  async function syncOnce(link: TicketWakeTarget, seq: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const inVain = new Promise<void>((giveUp) => {
      const askServer = async () => {
        if (await isServing()) return;
        distrustedUntil = Date.now() + distrustMs;
        giveUp();
      };
      timer = setTimeout(() => void askServer(), patienceMs);
    });
    const synced = guarded(link, deps.waitMs, async () => {
      const { appliedSeq, held } = await ask(link, seq);
      // That run ended, and let go who waited; the one after it looks by itself.
      if (appliedSeq < seq && !held) await ask(link, seq);
    }).then((outcome) => {
      // Perhaps it never got there: the wait is short, or the server busy.
      if (outcome === 'late') void wake(link);
    });
    await Promise.race([synced, inVain]).finally(() => clearTimeout(timer));
  }

  async function wakeOnce(link: TicketWakeTarget, interrupt: boolean): Promise<boolean> {
    const subject = { org: link.org_id, link: link._id };
    const isAccepted = await wakeWorkflow(
      deps,
      'ticket',
      ticketStart(link, start),
      subject,
      interrupt ? { interrupt } : {},
    );
    distrustedUntil = isAccepted ? 0 : Date.now() + distrustMs;
    return isAccepted;
  }

  function wake(link: TicketWakeTarget, options: { interrupt?: boolean } = {}): Promise<boolean> {
    const waking = wakeOnce(link, options.interrupt === true).finally(() => wakes.delete(waking));
    wakes.add(waking);
    return waking;
  }

  return {
    wake,
    async wait(link, seq, isSettled) {
      if (deps.waitMs === 0 || Date.now() < distrustedUntil || !(await deps.isWorkerAlive())) {
        void wake(link);
        return;
      }
      const synced = coalescer.run(link._id, seq, deps.waitMs, (highest) => syncOnce(link, highest));
      await waitForApplied(synced, isSettled);
    },
    /** Waits for the wake-ups in flight, so that a shutdown loses none. */
    async settled() {
      await Promise.all(wakes);
    },
  };
}
