import { setTimeout as sleep } from 'node:timers/promises';
import type { Timings } from '../../config/index.js';
import type { Logger } from '../../observability/logger.js';
import { aborted, ProviderError } from '../../lib/provider-errors.js';
import { healTracker } from './heal.js';
import type { TrackerStateDoc } from './model.js';
import type { TrackerStates, Versioned } from './states.js';

/** Lets calls of one scope through to its tracker, or answers them in the tracker's place. */
export interface Breaker {
  /**
   * @throws ProviderError of the call; while the credentials are refused the same one for every call, and while the tracker asked to
   * be left alone a retryable one with the rest of that time
   */
  run<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

export interface BreakerDeps {
  states: TrackerStates;
  logger: Logger;
  timings: Pick<Timings, 'trackers'>;
  /** Milliseconds since 1970; tests have a clock of their own. */
  now?: () => number;
}

interface BreakerOptions extends BreakerDeps, Versioned {
  /** The environment's settings change by a restart alone: the first call of a process then tries them, whatever is on record. */
  triesAtStart?: boolean;
}

export function createBreaker({
  states,
  logger,
  timings,
  now = Date.now,
  scope,
  version,
  triesAtStart = false,
}: BreakerOptions): Breaker {
  const { refusedMs, believedMs, firstCallMs } = timings.trackers;
  const here = { scope, version };
  let lastGood: { state: TrackerStateDoc | null; at: number } | null = null;
  let untried = triesAtStart;
  let first: 'to come' | 'gone' | Promise<unknown> = 'to come';

  /** A state that lets calls through is believed for a while; any other is read before each answer. */
  async function read(): Promise<TrackerStateDoc | null> {
    if (lastGood && now() - lastGood.at < believedMs) return lastGood.state;
    const state = await states.read(scope);
    const letsThrough = !isRefused(state) && heldMs(state) <= 0;
    lastGood = letsThrough ? { state, at: now() } : null;
    return state;
  }

  const isRefused = (state: TrackerStateDoc | null): state is TrackerStateDoc & { refused_at: Date } =>
    state?.refused_at != null && state.version === version;
  const heldMs = (state: TrackerStateDoc | null) => (state?.hold_until?.getTime() ?? 0) - now();

  /** @returns whether this call is the one that is let through to try refused credentials */
  async function admit(): Promise<boolean> {
    const state = await read();
    const restMs = heldMs(state);
    if (state && restMs > 0)
      throw new ProviderError(state.hold_code ?? 'http_429', state.hold_words ?? '', true, restMs);
    if (!isRefused(state)) return false;
    const dueAt = state.next_call_at?.getTime() ?? 0;
    // Always another time than the one that is claimed, or two could claim it.
    const next = new Date(Math.max(now() + refusedMs, dueAt + 1));
    if ((untried || dueAt <= now()) && (await states.claimCall(here, state.next_call_at, next))) {
      untried = false;
      return true;
    }
    throw new ProviderError(state.code ?? 'http_401', state.words ?? '', false);
  }

  async function call<T>(run: () => Promise<T>): Promise<T> {
    const isTrial = await admit();
    try {
      const value = await run();
      if (isTrial) await note(heal);
      untried = false;
      return value;
    } catch (error) {
      if (error instanceof ProviderError) await note(() => learn(error, isTrial));
      throw error;
    }
  }

  async function learn(error: ProviderError, isTrial: boolean): Promise<void> {
    if (error.code === 'http_401') return refuse(error);
    if (error.retryAfterMs !== null && ['http_429', 'http_503'].includes(error.code)) {
      await states.hold(here, error, new Date(now() + error.retryAfterMs));
      lastGood = null;
    }
    // It took the credentials to say anything else.
    if (isTrial && error.code.startsWith('http_4')) await heal();
  }

  async function refuse(error: ProviderError): Promise<void> {
    untried = false;
    const at = now();
    const isNew = await states.refuse(here, error, new Date(at), new Date(at + refusedMs));
    lastGood = null;
    if (isNew) logger.warn({ scope, code: error.code }, 'A tracker refuses our credentials: its calls are held back');
  }

  const heal = () => healTracker({ states, logger }, here);

  /** What the tracker did is done: that it cannot be noted here must not change the answer. */
  async function note(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (err) {
      logger.warn({ err, scope }, 'The state of a tracker could not be noted');
    }
  }

  return {
    async run(run, signal) {
      if (first === 'to come') {
        const going = call(run);
        first = going.then(
          () => (first = 'gone'),
          () => (first = 'gone'),
        );
        return going;
      }
      // It goes alone, so that wrong credentials are refused once and not a hundred times.
      if (first !== 'gone') await patiently(first, firstCallMs, signal);
      return call(run);
    },
  };
}

/** Waits for the first call, though not for long. @throws ProviderError `aborted` */
async function patiently(first: Promise<unknown>, firstCallMs: number, signal: AbortSignal): Promise<void> {
  const enough = new AbortController();
  const stop = AbortSignal.any([signal, enough.signal]);
  try {
    await Promise.race([first, sleep(firstCallMs, undefined, { signal: stop, ref: false })]);
  } catch {
    throw aborted();
  } finally {
    enough.abort();
  }
}
