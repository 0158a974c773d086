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

/** Keeps one pump's activity alive, on whichever worker, for ever. It ends when fewer pumps are wanted. */
export async function deliveryPump(input: DeliveryPumpInput): Promise<void> {
  const { pump } = input;
  let { held = null, lastTerm = null } = input;
  const show = () => setCurrentDetails(describePump(held, lastTerm));
  /** What is older than what is known does not count: a signal may be late. */
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
    // By default each beat of a pump comes within two seconds, the SDK's throttle included.
    heartbeatTimeout: heartbeatTimeoutMs,
    // A term is 60 s, and as long again as slow receivers take to answer: twice two minutes, by the longest setting.
    startToCloseTimeout: '6 minutes',
    // Without end: there is always something to deliver.
    retry: { initialInterval: '200 milliseconds', backoffCoefficient: 1 },
    // Only when it has let go may the next one begin.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary: `pump ${pump}: deliver what is due`,
  });
