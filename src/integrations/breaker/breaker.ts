import { setTimeout as sleep } from 'node:timers/promises';
import { aborted, ProviderError } from '../../lib/provider-errors.js';
import { healTracker } from './heal.js';
import type { TrackerStateDoc } from './model.js';
import { createReachability, type BreakerDeps, type Probe } from './reachability.js';
import type { Versioned } from './states.js';

/** Lets calls of one scope through to its tracker, or answers them in the tracker's place. */
export interface Breaker {
  /**
   * @throws ProviderError of the call; while the credentials are refused the same one for every call; while the tracker asked to
   * be left alone a retryable one with the rest of that time; `tracker_unreachable` while it doesn't answer, and
   * `tracker_busy` when too many calls are under way
   */
  run<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

interface BreakerOptions extends BreakerDeps, Versioned {
  /** The environment's settings change by a restart alone: the first call of a process then tries them, whatever is on record. */
  triesAtStart?: boolean;
}

/** What a call is let through for, beside its own purpose. */
interface Admitted {
  /** It tries credentials that were refused. */
  isTrial: boolean;
  /** It finds out whether the tracker answers again. */
  probe: Probe | null;
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
  const { refusedMs, believedMs, firstCallMs, maxCallsAtOnce, busyRetryMs } = timings.trackers;
  const here = { scope, version };
  const reachability = createReachability({ states, logger, timings, now }, here);
  let lastGood: { state: TrackerStateDoc | null; at: number } | null = null;
  let untried = triesAtStart;
  let first: 'to come' | 'gone' | Promise<unknown> = 'to come';
  let underWay = 0;

  /** A state that lets calls through is believed for a while; any other is read before each answer. */
  async function read(): Promise<TrackerStateDoc | null> {
    if (lastGood && now() - lastGood.at < believedMs) return lastGood.state;
    const state = await states.read(scope);
    const letsThrough = !isRefused(state) && heldMs(state) <= 0 && !reachability.isLost(state);
    lastGood = letsThrough ? { state, at: now() } : null;
    return state;
  }

  const isRefused = (state: TrackerStateDoc | null): state is TrackerStateDoc & { refused_at: Date } =>
    state?.refused_at != null && state.version === version;
  const heldMs = (state: TrackerStateDoc | null) => (state?.hold_until?.getTime() ?? 0) - now();

  async function admit(): Promise<Admitted> {
    const state = await read();
    const restMs = heldMs(state);
    if (state && restMs > 0)
      throw new ProviderError(state.hold_code ?? 'http_429', state.hold_words ?? '', true, restMs);
    if (!isRefused(state)) {
      return { isTrial: false, probe: reachability.isLost(state) ? await reachability.claim(state) : null };
    }
    const dueAt = state.next_call_at?.getTime() ?? 0;
    // Always another time than the one that is claimed, or two could claim it.
    const next = new Date(Math.max(now() + refusedMs, dueAt + 1));
    if ((untried || dueAt <= now()) && (await states.claimCall(here, state.next_call_at, next))) {
      untried = false;
      return { isTrial: true, probe: null };
    }
    throw new ProviderError(state.code ?? 'http_401', state.words ?? '', false);
  }

  async function call<T>(run: () => Promise<T>): Promise<T> {
    const { isTrial, probe } = await admit();
    try {
      const value = await run();
      if (isTrial) await note(heal);
      await note(() => reachability.answered(isTrial));
      untried = false;
      return value;
    } catch (error) {
      if (error instanceof ProviderError) await note(() => learn(error, isTrial, probe));
      throw error;
    }
  }

  async function learn(error: ProviderError, isTrial: boolean, probe: Probe | null): Promise<void> {
    if (await reachability.failed(error, probe)) lastGood = null;
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

  async function inTurn<T>(run: () => Promise<T>, signal: AbortSignal): Promise<T> {
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
  }

  return {
    async run(run, signal) {
      if (underWay >= maxCallsAtOnce) {
        const words = `${underWay} calls to the tracker are under way, and it has answered none of them yet.`;
        throw new ProviderError('tracker_busy', words, true, withSpread(busyRetryMs));
      }
      underWay += 1;
      try {
        return await inTurn(run, signal);
      } finally {
        underWay -= 1;
      }
    },
  };
}

/** Twice as long at most: what was put off together must not come back together. */
const withSpread = (ms: number) => Math.ceil(ms * (1 + Math.random()));

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
