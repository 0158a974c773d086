import type { Client } from '@temporalio/client';
import { defaultPumpHeartbeatTimeoutMs, heartbeatInput } from '../../workflows/contracts/heartbeat.js';
import type { Timings } from '../config/index.js';
import { startLoop, type StopLoop } from '../lib/loop.js';
import type { Logger } from '../observability/logger.js';
import { initialPumpAttributes } from '../../workflows/contracts/search-attributes.js';
import { pumpWorkflowId } from '../../workflows/contracts/workflow-ids.js';
import type { DeliveryPumpWorkflow, Held } from '../../workflows/contracts/delivery-pump.js';
import { heldSignal } from '../../workflows/contracts/messages.js';

export interface PumpSupervisorDeps {
  client: Client;
  taskQueue: string;
  queueSuffix: string;
  /** How many pumps there are to be. */
  wanted: () => Promise<number>;
  logger: Logger;
  timings: Pick<Timings, 'pump' | 'temporal'>;
}

export interface PumpSupervisor {
  /** Starts what is not there, now and again and again: an operator may have ended one. @returns a function that stops that */
  watch: () => StopLoop;
  /** Tells a pump's workflow which worker has it now. @throws when Temporal does not take it */
  signalHeld: (workflowId: string, held: Held) => Promise<void>;
}

/** Sees to it that each pump has its workflow. Every worker does; one that runs is left alone. */
export function createPumpSupervisor(deps: PumpSupervisorDeps): PumpSupervisor {
  const { client, taskQueue, queueSuffix, wanted, logger, timings } = deps;
  const soon = <T>(call: () => Promise<T>) => client.withDeadline(Date.now() + timings.temporal.callTimeoutMs, call);

  const start = (pump: number) =>
    soon(() =>
      client.workflow.start<DeliveryPumpWorkflow>('delivery-pump', {
        workflowId: pumpWorkflowId(pump, queueSuffix),
        taskQueue,
        args: [{ pump, ...heartbeatInput(timings.pump.heartbeatTimeoutMs, defaultPumpHeartbeatTimeoutMs) }],
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        workflowIdConflictPolicy: 'USE_EXISTING',
        typedSearchAttributes: initialPumpAttributes(),
        staticSummary: `Delivery pump ${pump}: webhooks that are due`,
        staticDetails:
          'It keeps one activity alive on one of the workers, which delivers what is due. Ended by hand, it is started again within seconds: fewer pumps are had with `DELIVERY_PUMPS`.',
      }),
    );

  const onFailure = (err: unknown) =>
    logger.warn({ err }, 'the delivery pumps could not be looked after; trying again');
  async function check(): Promise<undefined> {
    const pumps = await wanted();
    await Promise.all(Array.from({ length: pumps }, (_, pump) => start(pump)));
  }

  return {
    watch() {
      const first = check().catch(onFailure);
      const stop = startLoop({ everyMs: timings.pump.checkEveryMs, round: check, onFailure });
      return async () => {
        await Promise.all([first, stop()]);
      };
    },
    signalHeld: (workflowId, held) => soon(() => client.workflow.getHandle(workflowId).signal(heldSignal, held)),
  };
}
