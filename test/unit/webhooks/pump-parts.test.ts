import { describe, expect, it } from 'vitest';
import { defaultTimings } from '../../../src/config/timings.js';
import { messageOf } from '../../../src/webhooks/pump/body.js';
import { createDueWindow } from '../../../src/webhooks/pump/due-window.js';
import { createInFlightRegistry } from '../../../src/webhooks/pump/in-flight.js';
import { headOf } from '../../../src/webhooks/pump/ordered-head.js';
import { createOrphans } from '../../../src/webhooks/pump/orphans.js';
import { attemptDocOf, writesOf } from '../../../src/webhooks/pump/outcome-writes.js';
import type { Attempt } from '../../../src/webhooks/pump/attempt.js';
import type { DueDelivery } from '../../../src/webhooks/pump/types.js';

const at = new Date('2026-05-01T10:00:00.000Z');

const delivery = (id: string, change: Partial<DueDelivery> = {}): DueDelivery => ({
  _id: `dlv_${id}`,
  org_id: 'org-1',
  endpoint_id: 'wh_1',
  event_id: `evt_${id}`,
  status: 'pending',
  attempts: 0,
  failures: 0,
  trigger: 'automatic',
  next_attempt_at: at,
  epoch: null,
  created_at: at,
  ...change,
});

const attempt: Attempt = {
  at,
  durationMs: 12,
  succeeded: false,
  responseCode: 500,
  responseBody: 'no',
  error: 'The receiver answered 500.',
  isGone: false,
  wasStopped: false,
  retryAfterMs: null,
};

describe('a message', () => {
  it('is an envelope with sorted keys around the data as its sender wrote it', () => {
    const data = '{"z":1.10, "__proto__":{"b":1e400,"a":2},"$where":"ü"}';
    const { body, id } = messageOf({ _id: 'evt_1', org_id: 'o', type: 'event.created', data, occurred_at: at });
    expect(id).toBe('evt_1');
    expect(body.toString('utf8')).toBe(
      '{"data":{"z":1.10, "__proto__":{"b":1e400,"a":2},"$where":"ü"},"id":"evt_1","org_id":"o","timestamp":"2026-05-01T10:00:00.000Z","type":"event.created"}',
    );
  });
});

describe('the writes of a batch', () => {
  it('are one for each kind of outcome, and for each time of a retry', () => {
    const retry = (id: string, delayMs: number) => ({
      kind: 'retry' as const,
      delivery: delivery(id),
      attempt,
      delayMs,
    });
    const succeeded = ['a', 'b', 'c'].map((id) => ({ kind: 'succeeded' as const, delivery: delivery(id), attempt }));
    const writes = writesOf([...succeeded, retry('d', 4_000), retry('e', 4_000), retry('f', 5_000)], at);
    expect(writes.map(({ ids }) => ids)).toEqual([['dlv_a', 'dlv_b', 'dlv_c'], ['dlv_d', 'dlv_e'], ['dlv_f']]);
    expect(writes[0]?.set).toMatchObject({ status: 'succeeded', next_attempt_at: null, epoch: null, settled_at: at });
    expect(writes[1]).toMatchObject({
      set: { status: 'retrying', trigger: 'automatic', next_attempt_at: new Date(at.getTime() + 4_000) },
      inc: { attempts: 1, failures: 1 },
    });
  });

  it('leave its place in the schedule to what we stopped ourselves', () => {
    const [write] = writesOf([{ kind: 'interrupted', delivery: delivery('a'), attempt }], at);
    expect(write).toEqual({ ids: ['dlv_a'], set: { next_attempt_at: at, epoch: null }, inc: { attempts: 1 } });
  });

  it('number attempts on, and record none where none was made', () => {
    expect(attemptDocOf({ kind: 'failed', delivery: delivery('a', { attempts: 4 }), attempt }, at)).toMatchObject({
      _id: 'dlv_a/5',
      number: 5,
      response_code: 500,
    });
    expect(attemptDocOf({ kind: 'parked', delivery: delivery('a') }, at)).toBeNull();
  });
});

describe('the window of what is due', () => {
  it('begins with all, narrows to what a full lot came from, and widens again', () => {
    const window = createDueWindow();
    expect(window.edge(100_000)).toBe(100_000);
    window.note([1_000, 1_040, 1_100], true);
    expect(window.edge(100_000)).toBe(1_200);
    window.note([1_150], false);
    expect(window.edge(100_000)).toBe(1_600);
    window.note([], false);
    expect(window.edge(100_000)).toBe(3_200);
  });

  it('comes to now and stays there', () => {
    const window = createDueWindow();
    window.note([1_000, 1_001], true);
    let edge = 0;
    for (let poll = 0; poll < 40; poll++) {
      edge = window.edge(1_000_000);
      window.note([], false);
    }
    expect(edge).toBe(1_000_000);
    expect(window.edge(1_000_020)).toBe(1_000_020);
  });
});

describe('the head of an ordered endpoint', () => {
  const options = { epoch: 5, nowMs: at.getTime(), isHeld: () => false };
  const later = new Date(at.getTime() + 7_000);
  const ids = (docs: readonly DueDelivery[]) => docs.map(({ _id }) => _id);

  it('goes up to the first that has to wait', () => {
    const retrying = delivery('c', { status: 'retrying', next_attempt_at: later });
    const { head, waitMs } = headOf([delivery('a'), delivery('b'), retrying, delivery('d')], options);
    expect(ids(head)).toEqual(['dlv_a', 'dlv_b']);
    expect(waitMs).toBe(7_000);
  });

  it('takes what was never tried, also when it was put off behind another', () => {
    expect(ids(headOf([delivery('a', { next_attempt_at: later })], options).head)).toEqual(['dlv_a']);
  });

  it.each([
    ['is parked', delivery('a', { status: 'parked', next_attempt_at: null })],
    ['is claimed, and the claim holds', delivery('a', { epoch: 4, next_attempt_at: later })],
    ['is a newer pump’s', delivery('a', { epoch: 6 })],
  ])('waits behind one that %s', (_, first) => {
    const { head, waitMs } = headOf([first, delivery('b')], options);
    expect(head).toEqual([]);
    expect(waitMs).toBeGreaterThan(0);
  });
});

describe('a delivery without its event', () => {
  const { orphanAfterMs } = defaultTimings.pump;

  it('is lost once it is old and was without it for long', () => {
    let nowMs = at.getTime() + 3_600_000;
    const orphans = createOrphans({ now: () => nowMs, lostAfterMs: orphanAfterMs });
    orphans.keep(delivery('a'));
    expect(orphans.lost()).toEqual([]);
    nowMs += orphanAfterMs - 1;
    expect(orphans.lost()).toEqual([]);
    nowMs += 1;
    expect(orphans.lost()).toEqual(['dlv_a']);
    orphans.forget(['dlv_a']);
    expect(orphans.lost()).toEqual([]);
  });

  it('is looked for at once at first, and now and then later', () => {
    let nowMs = at.getTime();
    const orphans = createOrphans({ now: () => nowMs, lostAfterMs: orphanAfterMs });
    orphans.keep(delivery('a'));
    orphans.toCheck();
    nowMs += 10;
    expect(orphans.toCheck()).toHaveLength(1);
    nowMs += 2_000;
    expect(orphans.toCheck()).toHaveLength(1);
    nowMs += 10;
    expect(orphans.toCheck()).toEqual([]);
  });
});

describe('what is held', () => {
  const [one, other, third] = [delivery('1'), delivery('2'), delivery('3')];
  const idsOf = (docs: readonly DueDelivery[]) => docs.map(({ _id }) => _id);

  it('is left out of what is read, though it is settled before the reading is done', async () => {
    const registry = createInFlightRegistry(defaultTimings.pump);
    registry.add([one, other]);
    const read = await registry.unheld(() => {
      registry.stored([{ kind: 'succeeded', delivery: one, attempt }]);
      return Promise.resolve([one, other, third]);
    });
    expect(idsOf(read)).toEqual([third._id]);
    // What is due again was read after that.
    expect(idsOf(await registry.unheld(() => Promise.resolve([one, other, third])))).toEqual([one._id, third._id]);
  });

  it('is not read while it is moved, and is no claim', async () => {
    const registry = createInFlightRegistry(defaultTimings.pump);
    let end: (error?: Error) => void = () => undefined;
    const moved = registry.whileMoved(
      [one],
      () => new Promise((resolve, reject) => (end = (error) => (error ? reject(error) : resolve()))),
    );
    const all = () => Promise.resolve([one, other]);
    expect(idsOf(await registry.unheld(all))).toEqual([other._id]);
    expect([registry.has(one._id), registry.size()]).toEqual([false, 0]);
    end(new Error('MongoDB is away'));
    await expect(moved).rejects.toThrow('away');
    expect(idsOf(await registry.unheld(all))).toEqual([one._id, other._id]);
  });
});
