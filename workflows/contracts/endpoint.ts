import type { HeartbeatInput } from './heartbeat.js';

/** How an unhealthy endpoint is probed and released, in milliseconds. */
export interface EndpointTimings {
  /** Delays before the first probe, the second, and so on; the last one repeats. */
  probeDelaysMs: readonly number[];
  /** How many parked deliveries are released at once, step by step; the last number repeats. */
  releaseSteps: readonly number[];
  /** How long the deliveries of one step have before the next step. */
  stepMs: number;
  /** After this time no pump assumes an open breaker, or parks new deliveries. */
  lateMs: number;
  /** Failures that span this long disable the endpoint. */
  disableAfterMs: number;
}

/** The input of the `endpoint` workflow. It is part of the history, so it carries ids and durations only. */
export interface EndpointInput extends HeartbeatInput {
  orgId: string;
  endpointId: string;
  timings: EndpointTimings;
}

/** `probing`: the breaker is open. `releasing`: the endpoint answers again, and deliveries are still parked. */
export type EndpointPhase = 'probing' | 'releasing' | 'healthy' | 'disabled' | 'deleted';

/** The state of an unhealthy endpoint. It is part of the history, so it carries counters and codes only. Times are in ms since 1970. */
export interface EndpointState {
  phase: EndpointPhase;
  failingSince: number | null;
  lastFailureAt: number | null;
  /** Parked deliveries, counted to 10,000. */
  parked: number;
  probes: number;
  nextProbeAt: number | null;
  /** More waiting deliveries have to be settled. */
  more: boolean;
}

export interface EndpointTarget {
  orgId: string;
  endpointId: string;
}

export interface EndpointCheck extends EndpointTarget {
  /** Delays before the first probe, the second, and so on; the last one repeats. */
  probeDelaysMs: readonly number[];
  /** The workflow ends when nothing is left to do, so no wake-up has to be scheduled. */
  isLast: boolean;
}

export interface Release extends EndpointTarget {
  /** How many deliveries to release, the oldest first. */
  most: number;
  /** How long they have before the activity ends. */
  waitMs: number;
}

export interface Disabling extends EndpointTarget {
  /** Failures without a success have to span this long. */
  afterMs: number;
}

/** Activities of the endpoint workflow. All throw StoreUnavailable, which is retried. Addresses, secrets and answers of receivers stay in MongoDB. */
export interface EndpointActivities {
  /** Reads the endpoint's state, and probes the endpoint when a probe is due. */
  tendEndpoint: (input: EndpointCheck) => Promise<EndpointState>;
  /** Releases parked deliveries, the oldest first. */
  releaseParked: (input: Release) => Promise<EndpointState>;
  /** Disables the endpoint when it has failed for long enough. */
  disableEndpoint: (input: Disabling) => Promise<EndpointState>;
}
