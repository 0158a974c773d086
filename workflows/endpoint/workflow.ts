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

/** The worker that probes has a clock of its own, by which a probe may be yet to come: it is not asked faster. */
const soonestMs = 500;

/**
 * A sick endpoint, from the opening of its breaker to its closing. Where it stands is in MongoDB; this loop probes it,
 * releases what was parked when it answers, and disables it when it does not for days. A run never assumes that it is
 * the first.
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
    // Twice the same, and the second time for good.
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
  // The look that finds it releasing counts as one.
  if (known?.phase === 'releasing') return release(input, known, steps - 1);
  if (known && isGivenUp(input, known)) return disable(input, known);
  return check(input, known, isLast);
}

/** Sleeps until there is something to do. */
async function rest(input: EndpointInput, state: EndpointState, isWoken: () => boolean): Promise<void> {
  if (isSettled(state)) {
    await condition(isWoken, input.timings.lateMs, { summary: 'for what is parked late' });
    return;
  }
  if (state.phase !== 'probing' || isGivenUp(input, state)) return;
  const ms = Math.max(soonestMs, (state.nextProbeAt ?? 0) - Date.now());
  await condition(isWoken, ms, { summary: describeWait(state) });
}

/** Nothing is left to be done, as far as is known. */
const isSettled = ({ phase, more }: EndpointState) => phase !== 'probing' && phase !== 'releasing' && !more;

/** Whether it has failed for so long that it is to be disabled. */
function isGivenUp({ timings }: EndpointInput, { phase, failingSince, lastFailureAt }: EndpointState): boolean {
  if (phase !== 'probing' || failingSince === null || lastFailureAt === null) return false;
  return lastFailureAt - failingSince >= timings.disableAfterMs;
}

/** The state where operators look: the list shows search attributes, the page the details. */
function show(state: EndpointState, shown: EndpointState | undefined): EndpointState {
  if (shown?.phase !== state.phase) upsertSearchAttributes(endpointAttributes(state));
  return state;
}
