import { TrackerUnreachable, type ProviderError } from '../../lib/provider-errors.js';
import type { Timings } from '../../config/index.js';
import type { Logger } from '../../observability/logger.js';
import type { TrackerStateDoc } from './model.js';
import type { TrackerStates, Versioned } from './states.js';

export interface BreakerDeps {
  states: TrackerStates;
  logger: Logger;
  timings: Pick<Timings, 'trackers'>;
  /** Milliseconds since 1970; tests have a clock of their own. */
  now?: () => number;
}

/** The one call that is let through to a tracker that doesn't answer. */
export interface Probe {
  /** Until when it is claimed: nobody else's claim has this time. */
  claimedUntil: Date;
  /** How many have failed before it. */
  probes: number;
}

type Lost = TrackerStateDoc & { unreachable_since: Date };

/**
 * Whether a tracker answers at all. After several timeouts, connection errors and 5xx in a row its calls are answered in its
 * place, and one at a time is let through, less and less often, until one gets an answer.
 */
export function createReachability({ states, logger, timings, now = Date.now }: BreakerDeps, here: Versioned) {
  const { unreachableAfter, probeDelaysMs, probeLeaseMs } = timings.trackers;
  /** Failures in a row, as far as this process knows. */
  let failures = 0;
  let mayBeLost = false;

  const delayMs = (probes: number) => probeDelaysMs[Math.min(probes, probeDelaysMs.length - 1)] ?? probeLeaseMs;

  async function open(error: ProviderError): Promise<void> {
    const at = now();
    const isFirstNotice = await states.unreachable(here, error, new Date(at), new Date(at + delayMs(0)));
    if (isFirstNotice)
      logger.warn({ scope: here.scope, code: error.code }, 'A tracker does not answer: its calls are held back');
  }

  /** @param isCertain whether to look although this process knows of nothing */
  async function answered(isCertain = false): Promise<void> {
    failures = 0;
    if (!mayBeLost && !isCertain) return;
    mayBeLost = false;
    if (await states.reached(here)) logger.warn({ scope: here.scope }, 'A tracker answers again');
  }

  return {
    isLost: (state: TrackerStateDoc | null): state is Lost =>
      state?.unreachable_since != null && state.version === here.version,

    /** @throws TrackerUnreachable unless a call is due, and this one is it */
    async claim({
      unreachable_since: since,
      unreachable_message: message,
      probe_at,
      probes = 0,
    }: Lost): Promise<Probe> {
      mayBeLost = true;
      const dueAt = probe_at?.getTime() ?? 0;
      // Always another time than the one that is claimed, or two could claim it.
      const claimedUntil = new Date(Math.max(now() + probeLeaseMs, dueAt + 1));
      if (dueAt <= now() && (await states.claimProbe(here, probe_at ?? null, claimedUntil))) {
        return { claimedUntil, probes };
      }
      // A claimed probe is soon over: to wait for the end of its lease would be too long.
      const waitMs = Math.min(Math.max(dueAt - now(), 0), delayMs(probes)) || delayMs(0);
      throw new TrackerUnreachable(since, message ?? '', withSpread(waitMs));
    },

    answered,

    /** @returns whether the tracker counts as unreachable now, or may do so */
    async failed(error: ProviderError, probe: Probe | null): Promise<boolean> {
      if (error.code === 'aborted') {
        // It has found out nothing: the next call may.
        if (probe) await states.probeFailed(here, error, probe.claimedUntil, new Date(now()));
        return false;
      }
      if (!isNoAnswer(error)) {
        await answered();
        return false;
      }
      failures += 1;
      if (probe) await states.probeFailed(here, error, probe.claimedUntil, new Date(now() + delayMs(probe.probes + 1)));
      else if (failures >= unreachableAfter) await open(error);
      mayBeLost ||= failures >= unreachableAfter;
      return mayBeLost;
    },
  };
}

/** A server that answers with an error of its own is as good as none; one that asks for time has answered. */
const isNoAnswer = ({ code, retryAfterMs }: ProviderError) =>
  ['network', 'timeout'].includes(code) || (/^http_5\d\d$/.test(code) && retryAfterMs === null);

/** A quarter longer at most, so that a hundred tickets don't come back in the same moment. */
const withSpread = (ms: number) => Math.ceil(ms * (1 + Math.random() / 4));
