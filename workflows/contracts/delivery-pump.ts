import type { HeartbeatInput } from './heartbeat.js';

/** The input of the `delivery-pump` workflow. */
export interface DeliveryPumpInput extends HeartbeatInput {
  /** The pump's number, from 0. */
  pump: number;
  held?: Held | null;
  lastTerm?: PumpTerm | null;
}

export type DeliveryPumpWorkflow = (input: DeliveryPumpInput) => Promise<void>;

/** Which worker runs the pump. It is part of the history, so it carries the worker's identity and numbers only. */
export interface Held {
  holder: string;
  epoch: number;
  /** ISO 8601: since when this worker runs it. */
  since: string;
}

export interface PumpRequest {
  /** The pump's number, from 0. */
  pump: number;
  /** The worker that ran it last, as far as the workflow knows. Another worker signals the workflow that it took over. */
  lastHolder: string | null;
}

/** The result of a term. It is part of the history, so it carries counters only. */
export interface PumpTerm extends Held {
  /** How many pumps share the work. */
  pumps: number;
  /** HTTP requests that were sent to receivers. */
  posted: number;
}

/** `surplus`: fewer pumps are configured now, and this one is no longer needed. */
export type Pumped = { surplus: true } | ({ surplus: false } & PumpTerm);

export interface PumpActivities {
  /**
   * Delivers what is due in this pump's share of the partitions, for a term. Only one process does at a time.
   * @throws PumpElsewhere, WorkerStopping, StoreUnavailable (all retried, by any worker)
   */
  pumpDeliveries: (request: PumpRequest) => Promise<Pumped>;
}
