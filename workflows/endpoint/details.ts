import { detailsOf, minute, plain } from '../markdown.js';
import type { EndpointInput, EndpointState } from '../contracts/endpoint.js';

/** Deliveries beyond this number are not counted. */
const maxCounted = 10_000;

const checking = 'check the endpoint. While MongoDB does not answer, see Pending Activities.';

/**
 * The Markdown that operators see under «User Metadata»: since when the endpoint is unhealthy, how many deliveries
 * wait, and what is next. The UI cuts it after about four lines. Ids, counters and times only.
 * @param known the state after the last check of this run; undefined before the first
 */
export function describeEndpoint(
  { orgId, endpointId, timings }: EndpointInput,
  known: EndpointState | undefined,
  isChecking: boolean,
): string {
  return detailsOf(
    `### ${known ? headline(known) : 'Unhealthy: this run has not checked it yet'}`,
    `**Next:** ${known && !isChecking ? next(known, timings.disableAfterMs) : checking}`,
    `Webhook endpoint \`${plain(endpointId)}\`, org \`${plain(orgId)}\`.`,
  );
}

/** The summary of a check in the timeline. */
export function describeCheck(known: EndpointState | undefined): string {
  if (!known) return 'check the endpoint, and probe it when a probe is due';
  return known.phase === 'probing'
    ? `probe ${known.probes + 1}, when it is due; ${counted(known.parked)} parked`
    : `${known.phase}: check whether anything has changed`;
}

export const describeRelease = ({ parked }: EndpointState, max: number) =>
  `release ${max} of ${counted(parked)} parked, the oldest first`;

export const describeDisable = ({ failingSince }: EndpointState) =>
  `disable it: no delivery succeeded since ${failingSince === null ? 'long ago' : minute(failingSince)}`;

/** The summary of the timer before a probe. */
export const describeWait = ({ probes }: EndpointState) => `until probe ${probes + 1}, or until a wake-up`;

function headline({ phase, failingSince, parked, probes }: EndpointState): string {
  switch (phase) {
    case 'probing': {
      const since = failingSince === null ? 'Unhealthy' : `Unhealthy since ${minute(failingSince)}`;
      return `${since} · ${counted(parked)} parked · probed ${probes === 1 ? 'once' : `${probes} times`}`;
    }
    case 'releasing':
      return `It answers again · ${counted(parked)} still parked`;
    case 'healthy':
      return 'Healthy';
    case 'disabled':
      return 'Disabled';
    case 'deleted':
      return 'Deleted';
  }
}

function next({ phase, failingSince, nextProbeAt, more }: EndpointState, disableAfterMs: number): string {
  switch (phase) {
    case 'probing': {
      const probe = nextProbeAt === null ? 'a probe' : `a probe at ${minute(nextProbeAt)}`;
      const limit =
        failingSince === null ? '' : ` Without a success by ${minute(failingSince + disableAfterMs)}, it is disabled.`;
      return `${probe}, with the oldest delivery. The first success of any delivery closes the breaker, and parked deliveries are sent.${limit}`;
    }
    case 'releasing':
      return 'parked deliveries are sent in order, in steps. A step begins when most of the step before is delivered.';
    case 'disabled':
    case 'deleted':
      return more ? 'parked deliveries are settled in steps.' : 'no delivery is waiting; the workflow ends.';
    case 'healthy':
      return 'nothing is parked; the workflow ends.';
  }
}

const counted = (count: number) => (count >= maxCounted ? `${maxCounted} or more` : String(count));
