import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { defaultTimings } from '../../src/config/timings.js';
import { startDispatcher, type NamedRound } from '../../src/temporal/dispatcher.js';
import { newId } from '../../src/lib/ids.js';
import { createLogger } from '../../src/observability/logger.js';
import { eventually } from '../support/eventually.js';
import { policy } from '../support/events.js';
import { openDispatch, type Dispatch } from './harness.js';

/** A round whose every look a test ends. */
function scripted(name: string, run: (runNumber: number) => Promise<number | undefined>) {
  const seen = { runs: 0, atOnce: 0, max: 0 };
  const round: NamedRound = {
    name,
    async round() {
      seen.runs += 1;
      seen.max = Math.max(seen.max, ++seen.atOnce);
      try {
        return await run(seen.runs);
      } finally {
        seen.atOnce -= 1;
      }
    },
  };
  return { ...round, seen };
}

function started(rounds: NamedRound[]) {
  const logger = createLogger('silent');
  const warn = vi.spyOn(logger, 'warn');
  return {
    stop: startDispatcher({ rounds, logger, timings: { dispatch: { ...defaultTimings.dispatch, everyMs: 5 } } }),
    warn,
  };
}

const runs = (of: { seen: { runs: number } }, wanted: number) =>
  eventually(
    () => Promise.resolve(of.seen.runs),
    (seen) => seen >= wanted,
  );

describe('the dispatcher', () => {
  it('looks again and again, one look of a round at a time', async () => {
    const slow = scripted('slow', () => new Promise((resolve) => setTimeout(resolve, 20, undefined)));
    const { stop } = started([slow]);
    await runs(slow, 5);
    await stop();
    expect(slow.seen.max).toBe(1);
  });

  it('goes on after failures, warns of the first in a row, and holds up no other round', async () => {
    const warnings: number[] = [];
    const broken = scripted('broken', (runNumber) => {
      warnings.push(warn.mock.calls.length);
      return [1, 2, 4].includes(runNumber) ? Promise.reject(new Error('no database')) : Promise.resolve(undefined);
    });
    const well = scripted('well', () => Promise.resolve(undefined));
    const { stop, warn } = started([broken, well]);
    await runs(broken, 5);
    await stop();
    expect(warnings.slice(0, 5)).toEqual([0, 1, 1, 1, 2]);
    expect(warn.mock.calls[0]?.[0]).toMatchObject({ round: 'broken' });
    // Those failures cost their own round more than a second each.
    expect(well.seen.runs).toBeGreaterThan(10);
  });

  it('waits as long as a round asks', async () => {
    const patient = scripted('patient', () => Promise.resolve(60_000));
    const busy = scripted('busy', () => Promise.resolve(0));
    const { stop } = started([patient, busy]);
    await runs(busy, 30);
    await stop();
    expect(patient.seen.runs).toBe(1);
  });

  it('stops after the round that is under way, which hears of it', async () => {
    let end: () => void = () => undefined;
    let heard: AbortSignal | undefined;
    let ran = 0;
    const { stop } = started([
      {
        name: 'held',
        round: (signal) => {
          ran += 1;
          heard = signal;
          return new Promise<undefined>((resolve) => (end = () => resolve(undefined)));
        },
      },
    ]);
    await eventually(
      () => Promise.resolve(ran),
      (times) => times === 1,
    );
    let isStopped = false;
    const stopping = stop().then(() => (isStopped = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect({ isStopped, aborted: heard?.aborted }).toEqual({ isStopped: false, aborted: true });
    end();
    await stopping;
    const after = scripted('after', () => Promise.resolve(undefined));
    const other = started([after]);
    await runs(after, 3);
    await other.stop();
    expect(ran).toBe(1);
  });
});

describe('two dispatchers', () => {
  let dispatch: Dispatch;
  beforeAll(async () => {
    dispatch = await openDispatch();
  });
  afterAll(() => dispatch.close());

  it('see to all that a call left behind, once', async () => {
    dispatch.settings.policies = [policy('any')];
    dispatch.settings.insertAll = () => Promise.reject(new Error('the process is dying'));
    const inputs = Array.from({ length: 100 }, (_, n) => ({
      type: 'event.created' as const,
      data: { value: { n }, json: `{"n":${n}}` },
    }));
    await dispatch.ingest('acme', inputs, newId);
    expect(await dispatch.raised('acme')).toEqual([]);
    dispatch.temporal.works = true;
    // Ten seconds later.
    await dispatch.events.updateMany({ due: true }, { $set: { due_after: new Date() } });
    const running = [1, 2].map(() => started([dispatch.rounds.events(), dispatch.rounds.escalations()]));
    await eventually(
      () => Promise.resolve(dispatch.woken.length),
      (count) => count >= 100,
    );
    await Promise.all(running.map(({ stop }) => stop()));
    const raised = (await dispatch.raised('acme')).map(({ _id }) => _id);
    expect(raised).toHaveLength(100);
    expect([...dispatch.woken].sort()).toEqual(raised);
    expect(await dispatch.events.countDocuments({ due: true })).toBe(0);
    for (const { warn } of running) expect(warn).not.toHaveBeenCalled();
  });
});
