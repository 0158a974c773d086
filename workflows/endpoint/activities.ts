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
    // They need MongoDB, and are tried without an end. What receivers answer is no failure of theirs.
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
    summary,
  });

/** A try at a receiver takes two minutes at max, by its setting; the rest is MongoDB's. */
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
