import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import { providersQueueOf } from '../contracts/task-queues.js';
import { defaultHeartbeatTimeoutMs, type HeartbeatInput } from '../contracts/heartbeat.js';
import { describeDisable, describeRelease, describeCheck } from './details.js';
import type { EndpointActivities, EndpointInput, EndpointState } from '../contracts/endpoint.js';

const proxied = (
  { heartbeatTimeoutMs: heartbeatTimeout = defaultHeartbeatTimeoutMs }: HeartbeatInput,
  summary: string,
  startToCloseMs: number,
) =>
  proxyActivities<EndpointActivities>({
    taskQueue: providersQueueOf(workflowInfo().taskQueue),
    startToCloseTimeout: startToCloseMs,
    heartbeatTimeout,
    // These activities need MongoDB only, so they are retried indefinitely. A receiver's error is a result, not a
    // failure.
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
    summary,
  });

/** A probe takes at most two minutes, by its setting. The rest is for MongoDB. */
const checkForMs = 240_000;

export function check(input: EndpointInput, known: EndpointState | undefined, isLast: boolean): Promise<EndpointState> {
  const { orgId, endpointId, timings } = input;
  const { probeDelaysMs } = timings;
  return proxied(input, describeCheck(known), checkForMs).tendEndpoint({ orgId, endpointId, probeDelaysMs, isLast });
}

/** @param step counts from 0 */
export function release(input: EndpointInput, known: EndpointState, step: number): Promise<EndpointState> {
  const { orgId, endpointId, timings } = input;
  const { releaseSteps, stepMs } = timings;
  const max = releaseSteps[Math.min(step, releaseSteps.length - 1)] ?? 1;
  const { releaseParked } = proxied(input, describeRelease(known, max), stepMs + checkForMs);
  return releaseParked({ orgId, endpointId, most: max, waitMs: stepMs });
}

export function disable(input: EndpointInput, known: EndpointState): Promise<EndpointState> {
  const { orgId, endpointId, timings } = input;
  const { disableEndpoint } = proxied(input, describeDisable(known), checkForMs);
  return disableEndpoint({ orgId, endpointId, afterMs: timings.disableAfterMs });
}
