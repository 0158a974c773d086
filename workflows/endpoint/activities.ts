import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { EndpointActivities } from '../../activities/endpoints/index.js';
import type { EndpointState } from '../../activities/endpoints/look.js';
import { providersQueueOf } from '../../src/temporal/task-queues.js';
import { describeDisable, describeRelease, describeTend } from './details.js';
import type { EndpointInput } from './workflow.js';

const proxied = (summary: string, startToCloseMs: number) =>
  proxyActivities<EndpointActivities>({
    taskQueue: providersQueueOf(workflowInfo().taskQueue),
    startToCloseTimeout: startToCloseMs,
    // A worker that is killed is noticed within this; it beats every two seconds.
    heartbeatTimeout: '10 seconds',
    // They need MongoDB, and are tried without an end. What receivers answer is no failure of theirs.
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
    summary,
  });

/** A try at a receiver takes two minutes at most, by its setting; the rest is MongoDB's. */
const tendForMs = 240_000;

export function tend(
  { orgId, endpointId, timings }: EndpointInput,
  known: EndpointState | undefined,
  isLast: boolean,
): Promise<EndpointState> {
  const { probeDelaysMs } = timings;
  return proxied(describeTend(known), tendForMs).tendEndpoint({ orgId, endpointId, probeDelaysMs, isLast });
}

/** @param step counts from 0 */
export function release(
  { orgId, endpointId, timings }: EndpointInput,
  known: EndpointState,
  step: number,
): Promise<EndpointState> {
  const { releaseSteps, stepMs } = timings;
  const most = releaseSteps[Math.min(step, releaseSteps.length - 1)] ?? 1;
  const { releaseParked } = proxied(describeRelease(known, most), stepMs + tendForMs);
  return releaseParked({ orgId, endpointId, most, waitMs: stepMs });
}

export function disable({ orgId, endpointId, timings }: EndpointInput, known: EndpointState): Promise<EndpointState> {
  const { disableEndpoint } = proxied(describeDisable(known), tendForMs);
  return disableEndpoint({ orgId, endpointId, afterMs: timings.disableAfterMs });
}
