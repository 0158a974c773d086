/** A worker that is killed is noticed within this time; activities beat every two seconds. */
export const defaultHeartbeatTimeoutMs = 10_000;
/** A delivery pump beats twice a second. */
export const defaultPumpHeartbeatTimeoutMs = 6_000;

/** In the input of a workflow whose activities send heartbeats. */
export interface HeartbeatInput {
  /** How long such an activity may send none before another worker gets it. Left out: the workflow's own default. */
  heartbeatTimeoutMs?: number;
}

/**
 * What a workflow is started with. The default is left out: workflows live for months, and a new default of a later
 * release holds for those that run already.
 */
export const heartbeatInput = (timeoutMs: number, defaultMs = defaultHeartbeatTimeoutMs): HeartbeatInput =>
  timeoutMs === defaultMs ? {} : { heartbeatTimeoutMs: timeoutMs };
