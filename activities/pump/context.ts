import type { Timings } from '../../src/config/index.js';
import type { Logger } from '../../src/observability/logger.js';
import type { DeliveryMetrics } from '../../src/observability/metrics/delivery-metrics.js';
import type { PumpLeases } from '../../src/webhooks/leases/leases.js';
import type { PumpPlan } from '../../src/webhooks/leases/plan.js';
import type { Pump } from '../../src/webhooks/pump/pump.js';
import type { Held } from '../../workflows/contracts/delivery-pump.js';

export interface PumpActivityDeps {
  pump: Pump;
  leases: PumpLeases;
  plan: Pick<PumpPlan, 'wanted'>;
  /** How many workers there are to share the pumps. */
  liveWorkers: () => Promise<number>;
  /** This worker's identity. */
  holder: string;
  /** Tells the workflow that this worker has it now. Its failure costs an operator a minute of knowing. */
  signalHeld: (workflowId: string, held: Held) => Promise<void>;
  /** Gets what Temporal is not told: where an unexpected error happened. */
  logger: Logger;
  /** Absent: nothing is counted. */
  metrics?: Pick<DeliveryMetrics, 'pumping'> | undefined;
  timings: Pick<Timings, 'activities' | 'pump'>;
}
