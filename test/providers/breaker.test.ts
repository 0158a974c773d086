import mongoose from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultTimings } from '../../src/config/timings.js';
import { ensureIndexes } from '../../src/db/indexes.js';
import { createLogger, type Logger } from '../../src/observability/logger.js';
import { createBreaker, type Breaker } from '../../src/integrations/breaker/breaker.js';
import { createTrackerStates, type TrackerStates } from '../../src/integrations/breaker/states.js';
import { ProviderError } from '../../src/lib/provider-errors.js';
import { openTestDatabase, type TestDatabase } from '../support/mongo.js';

let database: TestDatabase;
let model: TestDatabase['models']['trackerStates'];
let states: TrackerStates;
beforeAll(async () => {
  database = await openTestDatabase();
  model = database.models.trackerStates;
  states = createTrackerStates(model);
  await ensureIndexes(database.connection);
});
afterAll(() => database.close());

const signal = new AbortController().signal;
const refusal = () => new ProviderError('http_401', 'HTTP 401: Token expired', false);
const busy = (seconds: number, code = 'http_429') =>
  new ProviderError(code, `${code}: Slow down`, true, seconds * 1000);

let scope: string;
let now: number;
let warnings: string[];
let scopes = 0;
beforeEach(() => {
  scope = `con_${scopes++}`;
  now = Date.parse('2026-01-01T00:00:00Z');
  warnings = [];
});

/** One process's. All of a test's have one clock. */
function breaker(options: { version?: number; triesAtStart?: boolean } = {}): Breaker {
  const logger: Logger = Object.assign(createLogger('silent'), {
    warn: (_about: object, message: string) => void warnings.push(message),
  });
  return createBreaker({
    states,
    logger,
    timings: defaultTimings,
    now: () => now,
    scope,
    version: options.version ?? 1,
    ...options,
  });
}

/** A tracker that answers as it is told to, and counts. */
function tracker(answer: () => unknown = () => 'done') {
  const one = {
    calls: 0,
    answer,
    call: async (): Promise<unknown> => {
      one.calls++;
      const value = await one.answer();
      if (value instanceof Error) throw value;
      return value;
    },
  };
  return one;
}

const outcome = (through: Breaker, { call }: { call: () => Promise<unknown> }): Promise<unknown> =>
  through.run(call, signal).catch((error: unknown) => error);

describe('refused credentials', () => {
  it('are refused by one real call for many at once, in the same words, with one line in the log', async () => {
    const one = breaker();
    const jira = tracker(refusal);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => outcome(one, jira)));
    expect(jira.calls).toBe(1);
    for (const error of outcomes) expect(error).toEqual(refusal());
    for (const error of outcomes) expect(error).toMatchObject({ code: 'http_401', retryable: false });
    expect(warnings).toEqual(['A tracker refuses our credentials: its calls are held back']);
  });

  it('are known to every process at once', async () => {
    const jira = tracker(refusal);
    await outcome(breaker(), jira);
    expect(await outcome(breaker(), jira)).toEqual(refusal());
    expect(jira.calls).toBe(1);
  });

  it('are tried again by one call after a minute, and again after another', async () => {
    const [one, other] = [breaker(), breaker()];
    const jira = tracker(refusal);
    await outcome(one, jira);
    now += 59_000;
    await outcome(other, jira);
    expect(jira.calls).toBe(1);
    now += 1_000;
    await Promise.all([one, other, one, other].map((through) => outcome(through, jira)));
    expect(jira.calls).toBe(2);
    now += 60_000;
    jira.answer = () => 'done';
    const outcomes = await Promise.all([one, other].map((through) => outcome(through, jira)));
    expect(outcomes).toContain('done');
    expect(jira.calls).toBe(3);
    expect(await Promise.all([one, other].map((through) => outcome(through, jira)))).toEqual(['done', 'done']);
    expect(warnings).toEqual([
      'A tracker refuses our credentials: its calls are held back',
      "A tracker's calls are let through again",
    ]);
  });

  it('are taken when the call is answered with another refusal, for it took them to say so', async () => {
    const one = breaker();
    const jira = tracker(refusal);
    await outcome(one, jira);
    now += 60_000;
    jira.answer = () => new ProviderError('http_400', 'HTTP 400: project', false);
    expect(await outcome(one, jira)).toMatchObject({ code: 'http_400' });
    jira.answer = () => 'done';
    expect(await outcome(one, jira)).toBe('done');
  });

  it('stay refused when the one call only fails on its way', async () => {
    const one = breaker();
    const jira = tracker(refusal);
    await outcome(one, jira);
    now += 60_000;
    jira.answer = () => new ProviderError('network', 'The connection failed.', true);
    expect(await outcome(one, jira)).toMatchObject({ code: 'network' });
    expect(await outcome(one, jira)).toEqual(refusal());
    expect(jira.calls).toBe(2);
  });

  it('say nothing of newer ones, and what is late of older ones neither', async () => {
    const jira = tracker(refusal);
    await outcome(breaker({ version: 1 }), jira);
    jira.answer = () => 'done';
    expect(await outcome(breaker({ version: 2 }), jira)).toBe('done');
    await states.heal({ scope, version: 2 });
    jira.answer = refusal;
    await outcome(breaker({ version: 1 }), jira);
    jira.answer = () => 'done';
    expect(await outcome(breaker({ version: 2 }), jira)).toBe('done');
  });

  it('are let through at once where they were healed, in every process', async () => {
    const [one, other] = [breaker(), breaker()];
    const jira = tracker(refusal);
    await outcome(one, jira);
    await outcome(other, jira);
    await states.heal({ scope, version: 1 });
    jira.answer = () => 'done';
    expect(await Promise.all([one, other].map((through) => outcome(through, jira)))).toEqual(['done', 'done']);
  });

  it('of the environment are tried once by each process that starts', async () => {
    const jira = tracker(refusal);
    await outcome(breaker({ triesAtStart: true }), jira);
    const restarted = breaker({ triesAtStart: true });
    await outcome(restarted, jira);
    await outcome(restarted, jira);
    expect(jira.calls).toBe(2);
  });
});

describe('a tracker that asks for time', () => {
  it.each(['http_429', 'http_503'])('with %s is left alone for as long, by every call of its scope', async (code) => {
    const [one, other] = [breaker(), breaker()];
    const jira = tracker(() => busy(4, code));
    await outcome(one, jira);
    now += 1_000;
    for (const through of [one, other]) {
      expect(await outcome(through, jira)).toMatchObject({ code, retryable: true, retryAfterMs: 3_000 });
    }
    expect(jira.calls).toBe(1);
    now += 3_000;
    jira.answer = () => 'done';
    expect(await Promise.all([one, other].map((through) => outcome(through, jira)))).toEqual(['done', 'done']);
    expect(warnings).toEqual([]);
  });

  it('is not asked sooner because it asked for less the second time', async () => {
    const one = breaker();
    let answers = [busy(10), busy(2)];
    const jira = tracker(() => answers.shift());
    await outcome(one, tracker());
    await Promise.all([outcome(one, jira), outcome(one, jira)]);
    answers = [];
    now += 5_000;
    expect(await outcome(one, jira)).toMatchObject({ retryAfterMs: 5_000 });
  });

  it('is still left alone after its settings have changed', async () => {
    await outcome(
      breaker({ version: 1 }),
      tracker(() => busy(4)),
    );
    expect(await outcome(breaker({ version: 2 }), tracker())).toMatchObject({ code: 'http_429' });
    await states.forget(scope);
    expect(await outcome(breaker({ version: 2 }), tracker())).toBe('done');
  });

  it('without a time is asked again whenever the caller likes', async () => {
    const one = breaker();
    const jira = tracker(() => new ProviderError('http_503', 'HTTP 503', true));
    await outcome(one, jira);
    await outcome(one, jira);
    expect(jira.calls).toBe(2);
  });
});

describe('the first call', () => {
  it('goes alone, and lets all others through when it was taken', async () => {
    const one = breaker();
    let release = (): void => undefined;
    const jira = tracker(() => new Promise((resolve) => (release = () => resolve('done'))));
    const first = outcome(one, jira);
    const others = [1, 2, 3].map(() => outcome(one, jira));
    await expect.poll(() => jira.calls).toBe(1);
    jira.answer = () => 'done';
    release();
    expect(await Promise.all([first, ...others])).toEqual(['done', 'done', 'done', 'done']);
    expect(jira.calls).toBe(4);
  });

  it('holds up nobody who is no longer wanted', async () => {
    const one = breaker();
    let release = (): void => undefined;
    const jira = tracker(() => new Promise((resolve) => (release = () => resolve('done'))));
    const first = outcome(one, jira);
    const stop = new AbortController();
    const other = one.run(jira.call, stop.signal).catch((error: unknown) => error);
    stop.abort();
    expect(await other).toMatchObject({ code: 'aborted', retryable: true });
    await expect.poll(() => jira.calls).toBe(1);
    release();
    expect(await first).toBe('done');
  });
});

describe('two processes that write a scope’s first state at once', () => {
  it('keep the longer hold, also when it comes from the one that loses the insert', async () => {
    const versioned = { scope, version: 1 };
    const [short, long] = [new Date(now + 1_000), new Date(now + 60_000)];
    const update = model.updateOne.bind(model);
    // mongod refuses the loser of such a race with E11000, for its filter is no equality on the key alone.
    const spy = vi.spyOn(model, 'updateOne').mockImplementationOnce((() =>
      update({ _id: scope }, { $set: { version: 1, hold_until: short } }, { upsert: true })
        .exec()
        .then(() => {
          throw new mongoose.mongo.MongoServerError({ message: 'E11000', code: 11000 });
        })) as never);
    try {
      await states.hold(versioned, busy(60), long);
    } finally {
      spy.mockRestore();
    }
    expect((await states.read(scope))?.hold_until).toEqual(long);
  });
});

describe('a tracker that does not answer', () => {
  const { unreachableAfter, probeDelaysMs, maxCallsAtOnce } = defaultTimings.trackers;
  const [firstDelayMs = 0, secondDelayMs = 0] = probeDelaysMs;
  const silent = (code = 'timeout') => new ProviderError(code, `${code}: no answer.`, true);
  const lose = async (through: Breaker, code?: string) => {
    const jira = tracker(() => silent(code));
    for (let tries = 0; tries < unreachableAfter; tries++) await outcome(through, jira);
    expect(jira.calls).toBe(unreachableAfter);
    return jira;
  };

  it.each(['timeout', 'network', 'http_500', 'http_503'])(
    'is not called after some %s in a row, by any process',
    async (code) => {
      const jira = await lose(breaker(), code);
      for (const through of [breaker(), breaker()]) {
        expect(await outcome(through, jira)).toMatchObject({
          code: 'tracker_unreachable',
          retryable: true,
          since: new Date(now),
          message: `The tracker has been unreachable since 2026-01-01T00:00:00Z. ${code}: no answer.`,
        });
      }
      expect(jira.calls).toBe(unreachableAfter);
      expect(warnings).toEqual(['A tracker does not answer: its calls are held back']);
    },
  );

  it('is called all the same when an answer came in between, were it a refusal', async () => {
    const one = breaker();
    const answers = [silent(), silent(), silent(), silent(), new ProviderError('http_400', 'HTTP 400', false)];
    const jira = tracker(() => answers.shift() ?? silent());
    for (let tries = 0; tries < 2 * unreachableAfter - 1; tries++) await outcome(one, jira);
    expect(jira.calls).toBe(2 * unreachableAfter - 1);
    expect(warnings).toEqual([]);
  });

  it('gets one call at a time to see whether it answers, less and less often', async () => {
    const [one, other] = [breaker(), breaker()];
    const jira = await lose(one);
    now += firstDelayMs - 1;
    await outcome(other, jira);
    expect(jira.calls).toBe(unreachableAfter);
    now += 1;
    let release = (): void => undefined;
    jira.answer = () => new Promise((resolve) => (release = () => resolve(silent('network'))));
    const probe = outcome(one, jira);
    await expect.poll(() => jira.calls).toBe(unreachableAfter + 1);
    now += 15_000;
    const held = await Promise.all([one, other, one, other].map((through) => outcome(through, jira)));
    for (const error of held) expect(error).toMatchObject({ code: 'tracker_unreachable' });
    release();
    expect(await probe).toMatchObject({ code: 'network' });
    expect(jira.calls).toBe(unreachableAfter + 1);
    now += secondDelayMs - 1;
    expect(await outcome(other, jira)).toMatchObject({ code: 'tracker_unreachable' });
    now += 1;
    jira.answer = () => 'done';
    expect(await outcome(other, jira)).toBe('done');
    expect(await Promise.all([one, other].map((through) => outcome(through, jira)))).toEqual(['done', 'done']);
    expect(warnings).toEqual(['A tracker does not answer: its calls are held back', 'A tracker answers again']);
  });

  it('is tried by the next call when the one that tried was given up', async () => {
    const one = breaker();
    const jira = await lose(one);
    now += firstDelayMs;
    jira.answer = () => new ProviderError('aborted', 'Given up.', true);
    await outcome(one, jira);
    jira.answer = () => 'done';
    expect(await outcome(breaker(), jira)).toBe('done');
  });

  it('is called at once under new settings, whatever the old ones met', async () => {
    const jira = await lose(breaker({ version: 1 }));
    jira.answer = () => 'done';
    expect(await outcome(breaker({ version: 2 }), jira)).toBe('done');
  });

  it('takes no more than its share of the slots', async () => {
    const one = breaker();
    await outcome(one, tracker());
    let release = (): void => undefined;
    const hanging = new Promise((resolve) => (release = () => resolve('done')));
    const jira = tracker(() => hanging);
    const under = Array.from({ length: maxCallsAtOnce }, () => outcome(one, jira));
    expect(await outcome(one, jira)).toMatchObject({ code: 'tracker_busy', retryable: true });
    release();
    await Promise.all(under);
    expect(jira.calls).toBe(maxCallsAtOnce);
    expect(await outcome(one, jira)).toBe('done');
  });
});
