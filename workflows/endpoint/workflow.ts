import {
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { endpointAttributes } from '../contracts/search-attributes.js';
import { wakeSignal } from '../contracts/messages.js';
import { disable, release, check } from './activities.js';
import { describeEndpoint, describeWait } from './details.js';
import type { EndpointInput, EndpointState } from '../contracts/endpoint.js';

/**
 * The worker's clock may be behind this one, so a probe that is due here may not be due there. This is the fastest rate
 * of asking.
 */
const soonestMs = 500;

/**
 * The life of an unhealthy endpoint, from the opening of its breaker to its closing. MongoDB holds the state. This loop
 * probes the endpoint, releases its parked deliveries when it answers, and disables it after days of failures. A run
 * never assumes that it is the first.
 */
export async function endpoint(input: EndpointInput): Promise<void> {
  const at = { isWoken: false };
  let known: EndpointState | undefined;
  let steps = 0;
  let rested: EndpointState['phase'] | undefined;
  const isWoken = () => at.isWoken;
  setHandler(wakeSignal, () => {
    at.isWoken = true;
  });

  for (;;) {
    at.isWoken = false;
    setCurrentDetails(describeEndpoint(input, known, known?.phase !== 'releasing'));
    const isLast = rested !== undefined;
    const state: EndpointState = await act(input, known, { steps, isLast });
    known = show(state, known);
    setCurrentDetails(describeEndpoint(input, known, false));
    if (workflowInfo().continueAsNewSuggested) return await continueAsNew<typeof endpoint>(input);
    steps = state.phase === 'releasing' ? steps + 1 : 0;
    // The endpoint was in the same settled phase twice in a row, so nothing was parked late.
    if (isSettled(state) && state.phase === rested && !isWoken()) return;
    rested = isSettled(state) ? state.phase : undefined;
    await rest(input, state, isWoken);
  }
}

function act(
  input: EndpointInput,
  known: EndpointState | undefined,
  { steps, isLast }: { steps: number; isLast: boolean },
): Promise<EndpointState> {
  // The check that finds the phase `releasing` counts as a step.
  if (known?.phase === 'releasing') return release(input, known, steps - 1);
  if (known && isGivenUp(input, known)) return disable(input, known);
  return check(input, known, isLast);
}

/** Sleeps until a probe is due, or until a wake-up. */
async function rest(input: EndpointInput, state: EndpointState, isWoken: () => boolean): Promise<void> {
  if (isSettled(state)) {
    await condition(isWoken, input.timings.lateMs, { summary: 'for what is parked late' });
    return;
  }
  if (state.phase !== 'probing' || isGivenUp(input, state)) return;
  const ms = Math.max(soonestMs, (state.nextProbeAt ?? 0) - Date.now());
  await condition(isWoken, ms, { summary: describeWait(state) });
}

/** Nothing is left to do, as far as this run knows. */
const isSettled = ({ phase, more }: EndpointState) => phase !== 'probing' && phase !== 'releasing' && !more;

/** Whether the endpoint has failed for long enough to be disabled. */
function isGivenUp({ timings }: EndpointInput, { phase, failingSince, lastFailureAt }: EndpointState): boolean {
  if (phase !== 'probing' || failingSince === null || lastFailureAt === null) return false;
  return lastFailureAt - failingSince >= timings.disableAfterMs;
}

/** Publishes the state: search attributes for the list of workflows, details for the workflow's page. */
function show(state: EndpointState, shown: EndpointState | undefined): EndpointState {
  if (shown?.phase !== state.phase) upsertSearchAttributes(endpointAttributes(state));
  return state;
}
