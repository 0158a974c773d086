import { detailsOf, minute, plain } from '../markdown.js';
import type { EndpointInput, EndpointState } from '../contracts/endpoint.js';

/** More are not counted. */
const maxCounted = 10_000;

const checking = 'looks where it stands. While MongoDB does not answer, see Pending Activities.';

/**
 * What an operator reads in Markdown under «User Metadata»: since when it is sick, how much waits, what is next and what
 * ends it. The UI cuts what goes beyond some four lines. Ids, counters and times only.
 * @param known what the last look of this run said; undefined before the first
 */
export function describeEndpoint(
  { orgId, endpointId, timings }: EndpointInput,
  known: EndpointState | undefined,
  isChecking: boolean,
): string {
  return detailsOf(
    `### ${known ? headline(known) : 'Sick: this run has not looked yet'}`,
    `**Next:** ${known && !isChecking ? next(known, timings.disableAfterMs) : checking}`,
    `Webhook endpoint \`${plain(endpointId)}\`, org \`${plain(orgId)}\`.`,
  );
}

/** What stands beside a look in the timeline. */
export function describeCheck(known: EndpointState | undefined): string {
  if (!known) return 'look where it stands, and probe it if it is time';
  return known.phase === 'probing'
    ? `probe ${known.probes + 1}, if it is time; ${counted(known.parked)} parked`
    : `${known.phase}: look whether anything has changed`;
}

export const describeRelease = ({ parked }: EndpointState, max: number) =>
  `release ${max} of ${counted(parked)} parked, the oldest first`;

export const describeDisable = ({ failingSince }: EndpointState) =>
  `disable it: nothing got through since ${failingSince === null ? 'long ago' : minute(failingSince)}`;

/** What stands beside the timer before a probe. */
export const describeWait = ({ probes }: EndpointState) => `until probe ${probes + 1}, or until it is woken`;

function headline({ phase, failingSince, parked, probes }: EndpointState): string {
  switch (phase) {
    case 'probing': {
      const since = failingSince === null ? 'Sick' : `Sick since ${minute(failingSince)}`;
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
        failingSince === null
          ? ''
          : ` If nothing gets through by ${minute(failingSince + disableAfterMs)}, it is disabled.`;
      return `${probe}, with the oldest delivery. The first success of any ends this: what is parked goes out.${limit}`;
    }
    case 'releasing':
      return 'what is parked goes out in its order, some at a time; each step when most of the one before is through.';
    case 'disabled':
    case 'deleted':
      return more
        ? 'what is parked comes to its end, some at a time.'
        : 'nothing waits for it any more; the workflow ends.';
    case 'healthy':
      return 'nothing is parked; the workflow ends.';
  }
}

const counted = (count: number) => (count >= maxCounted ? `${maxCounted} or more` : String(count));
