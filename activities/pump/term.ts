import { Context } from '@temporalio/activity';
import type { Lease, LostTo } from '../../src/webhooks/leases/hold.js';
import { partitionsOf } from '../../src/webhooks/leases/share.js';
import type { Beat } from '../../src/webhooks/pump/pump.js';
import { pumpElsewhere, workerStopping } from '../failures.js';
import { heartbeating } from '../heartbeat.js';
import type { PumpActivityDeps } from './context.js';
import type { PumpRequest, Pumped } from '../../workflows/contracts/delivery-pump.js';

/**
 * Runs one term of a pump, under a lease.
 * @throws the failure to end the activity with when another worker must continue
 */
export async function runPumpTerm(deps: PumpActivityDeps, { pump, lastHolder }: PumpRequest): Promise<Pumped> {
  const context = Context.current();
  const { holder, timings } = deps;
  const { heartbeatEveryMs } = timings.activities;
  const taken = await heartbeating(heartbeatEveryMs, () => deps.leases.take(pump, holder));
  if (taken === 'surplus') return { surplus: true };
  if (taken === 'too_late') throw pumpElsewhere('A newer term runs this pump.');

  const lease: Lease = taken;
  const since = new Date().toISOString();
  const signal = AbortSignal.any([context.cancellationSignal, lease.lost]);
  let posted = 0;
  try {
    // The wait is at most as long as a former holder's lease, and is not part of the term.
    await heartbeating(heartbeatEveryMs, () => lease.untilFree(signal));
    if (!signal.aborted) {
      const { epoch, holds: holdsLease } = lease;
      // After a retry, another worker may have run the pump since the workflow last learned of its holder.
      const hasNewHolder = holder !== lastHolder || context.info.attempt > 1;
      if (hasNewHolder) void report(deps, context.info.workflowExecution?.workflowId, { holder, epoch, since });
      const onBeat = (beat: Beat) => {
        ({ posted } = beat);
        context.heartbeat({ epoch, ...beat });
        deps.metrics?.pumping(pump, beat);
      };
      // The workflow then starts a new activity. A less busy worker may get it, and the workflow shows the counters of
      // this one.
      const over = AbortSignal.timeout(timings.pump.termMs);
      // From here only the pump's own heartbeats count, so that Temporal notices a pump that hangs.
      await deps.pump.run({ epoch, partitions: partitionsOf(pump, lease.pumps), holdsLease, signal, over, onBeat });
    }
  } finally {
    deps.metrics?.pumping(pump, null);
    await lease.release();
  }
  await leaveIfCancelled(context);
  if (lease.lost.reason === ('taken' satisfies LostTo)) throw pumpElsewhere('A newer term took this pump.');
  return { surplus: false, holder, epoch: lease.epoch, since, pumps: lease.pumps, posted };
}

/** Returning would complete the activity as if its term were over. */
async function leaveIfCancelled(context: Context): Promise<void> {
  if (!context.cancellationSignal.aborted) return;
  if (context.cancellationDetails?.workerShutdown === true) throw workerStopping();
  await context.cancelled;
}

async function report(
  { signalHeld, logger }: PumpActivityDeps,
  workflowId: string | undefined,
  held: Parameters<PumpActivityDeps['signalHeld']>[1],
): Promise<void> {
  if (workflowId === undefined) return;
  await signalHeld(workflowId, held).catch((err: unknown) => {
    logger.warn(
      { err, workflowId },
      'could not report the holder of a pump to its workflow; the end of the term will report it',
    );
  });
}
