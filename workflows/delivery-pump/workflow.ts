import {
  ActivityCancellationType,
  continueAsNew,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { donePumpAttributes } from '../contracts/search-attributes.js';
import { pumpsQueueOf } from '../contracts/task-queues.js';
import { defaultPumpHeartbeatTimeoutMs } from '../contracts/heartbeat.js';
import { describeDone, describePump } from './details.js';
import type { DeliveryPumpInput, Held, PumpActivities } from '../contracts/delivery-pump.js';
import { heldSignal } from '../contracts/messages.js';

/** Keeps one pump's activity running on some worker. It ends when fewer pumps are configured. */
export async function deliveryPump(input: DeliveryPumpInput): Promise<void> {
  const { pump } = input;
  let { held = null, lastTerm = null } = input;
  const show = () => setCurrentDetails(describePump(held, lastTerm));
  /** A signal may arrive late, so an older epoch than the known one is ignored. */
  const learn = (next: Held) => {
    if (held && next.epoch < held.epoch) return;
    const since = held?.holder === next.holder ? held.since : next.since;
    held = { holder: next.holder, epoch: next.epoch, since };
    show();
  };
  setHandler(heldSignal, learn);
  show();
  const { pumpDeliveries } = activities(input);
  for (;;) {
    const lastHolder = held?.holder ?? null;
    const pumped = await pumpDeliveries({ pump, lastHolder });
    if (pumped.surplus) break;
    const { holder, epoch, since, pumps, posted } = pumped;
    lastTerm = { holder, epoch, since, pumps, posted };
    learn(lastTerm);
    show();
    if (workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof deliveryPump>({ ...input, held, lastTerm });
    }
  }
  upsertSearchAttributes(donePumpAttributes());
  setCurrentDetails(describeDone(pump));
}

const activities = ({ pump, heartbeatTimeoutMs = defaultPumpHeartbeatTimeoutMs }: DeliveryPumpInput) =>
  proxyActivities<PumpActivities>({
    taskQueue: pumpsQueueOf(workflowInfo().taskQueue),
    // By default a pump's heartbeats arrive within two seconds, the SDK's throttling included.
    heartbeatTimeout: heartbeatTimeoutMs,
    // A term takes 60 s, plus up to two posts at the maximum timeout of two minutes each.
    startToCloseTimeout: '6 minutes',
    // Retried indefinitely: there is always something to deliver.
    retry: { initialInterval: '200 milliseconds', backoffCoefficient: 1 },
    // The next attempt may begin only when this one has released the lease.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary: `pump ${pump}: deliver what is due`,
  });
