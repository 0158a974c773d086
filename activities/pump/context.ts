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
  /** The number of workers that share the pumps. */
  liveWorkers: () => Promise<number>;
  /** This worker's identity. */
  holder: string;
  /**
   * Reports to the workflow that this worker runs the pump. A lost report only delays what the UI shows, by a minute.
   */
  signalHeld: (workflowId: string, held: Held) => Promise<void>;
  /** Logs unexpected errors in full; Temporal gets their class only. */
  logger: Logger;
  /** Absent: no metrics. */
  metrics?: Pick<DeliveryMetrics, 'pumping'> | undefined;
  timings: Pick<Timings, 'activities' | 'pump'>;
}
