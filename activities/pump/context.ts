import type { Timings } from '../../src/config/index.js';
import type { Logger } from '../../src/observability/logger.js';
import type { DeliveryMetrics } from '../../src/observability/metrics/delivery-metrics.js';
import type { PumpLeases } from '../../src/webhooks/leases/leases.js';
import type { PumpPlan } from '../../src/webhooks/leases/plan.js';
import type { Pump } from '../../src/webhooks/pump/pump.js';

export interface PumpActivityDeps {
  pump: Pump;
  leases: PumpLeases;
  plan: Pick<PumpPlan, 'wanted'>;
  /** How many workers there are to share the pumps. */
  liveWorkers: () => Promise<number>;
  /** This worker's identity. */
  holder: string;
  /** Tells the workflow that this worker has it now. Its failure costs an operator a minute of knowing. */
  tellHeld: (workflowId: string, held: Held) => Promise<void>;
  /** Gets what Temporal is not told: where an unexpected error happened. */
  logger: Logger;
  /** Absent: nothing is counted. */
  metrics?: Pick<DeliveryMetrics, 'pumping'> | undefined;
  timings: Pick<Timings, 'activities' | 'pump'>;
}

/** Who pumps. It stands in a history: a worker's identity and numbers. */
export interface Held {
  holder: string;
  epoch: number;
  /** ISO 8601: since when this holder has it. */
  since: string;
}

/** What the workflow says. */
export interface PumpRequest {
  /** From 0. */
  pump: number;
  /** Who had it last, as far as the workflow knows: another one says so. */
  lastHolder: string | null;
}

/** What a term came to. Counters only: it becomes part of a workflow's history. */
export interface PumpTerm extends Held {
  /** How many pumps share the work. */
  pumps: number;
  /** Posts made. */
  posted: number;
}

/** `surplus`: there are fewer pumps now, and this is none of them. */
export type Pumped = { surplus: true } | ({ surplus: false } & PumpTerm);
