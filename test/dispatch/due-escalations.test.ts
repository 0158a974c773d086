import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { trusted } from '../../src/db/schema-options.js';
import { ago, openDispatch, type Dispatch } from './harness.js';

let dispatch: Dispatch;
beforeAll(async () => {
  dispatch = await openDispatch();
});
afterAll(() => dispatch.close());
beforeEach(() => dispatch.clear());

describe('an escalation that is due', () => {
  it('is left to its workflow for ten seconds, then woken again', async () => {
    const [id = ''] = await dispatch.dueEscalations(1);
    const before = Date.now();
    await dispatch.runEscalations();
    await dispatch.runEscalations();
    expect(dispatch.woken).toEqual([id]);
    const leased = await dispatch.escalations.findById(id).orFail().lean();
    expect(leased.ring_after?.getTime()).toBeGreaterThanOrEqual(before + 10_000);
    await dispatch.escalations.updateOne({ _id: id }, { $set: { ring_after: ago(1) } });
    await dispatch.runEscalations();
    expect(dispatch.woken).toEqual([id, id]);
  });

  it('is woken once by several dispatchers at once', async () => {
    const ids = await dispatch.dueEscalations(40);
    await Promise.all([dispatch.runEscalations(), dispatch.runEscalations(), dispatch.runEscalations()]);
    expect([...dispatch.woken].sort()).toEqual(ids);
  });

  it('is one of fifty a round, the longest due first, and the next round begins at once', async () => {
    const young = await dispatch.dueEscalations(10, 1_000);
    const old = await dispatch.dueEscalations(50, 60_000);
    expect(await dispatch.runEscalations()).toBe(0);
    expect([...dispatch.woken].sort()).toEqual(old);
    await dispatch.escalations.updateMany({ _id: trusted({ $in: old }) }, { $set: { ring_after: null } });
    expect(await dispatch.runEscalations()).toBeUndefined();
    expect(dispatch.woken.slice(50).sort()).toEqual(young);
  });

  it('waits while fifty are woken and not done: a flood is not on the queues before a claim', async () => {
    const old = await dispatch.dueEscalations(50, 60_000);
    const [young = ''] = await dispatch.dueEscalations(1);
    await dispatch.runEscalations();
    expect(await dispatch.runEscalations()).toBeLessThan(250);
    expect(dispatch.woken).not.toContain(young);
    await dispatch.escalations.updateOne({ _id: old[0] ?? '' }, { $set: { ring_after: null } });
    await dispatch.runEscalations();
    expect(dispatch.woken).toContain(young);
  });

  it('waits while Temporal is down: few are tried, and the rest stay as they are', async () => {
    await dispatch.dueEscalations(40, 1_000);
    dispatch.temporal.isUp = false;
    expect(await dispatch.runEscalations()).toBeGreaterThanOrEqual(1_000);
    expect(dispatch.woken.length).toBeLessThanOrEqual(20);
    const untouched = await dispatch.escalations.countDocuments({ ring_after: trusted({ $lte: new Date() }) });
    expect(untouched).toBe(40 - dispatch.woken.length);
    dispatch.temporal.isUp = true;
    await dispatch.runEscalations();
    expect(new Set(dispatch.woken).size).toBe(40);
  });

  it('is left alone longer each time it is woken in vain, and no longer once something was done for it', async () => {
    const [id = ''] = await dispatch.dueEscalations(1);
    const waits: number[] = [];
    const wakeAgain = async () => {
      await dispatch.escalations.updateOne({ _id: id }, { $set: { ring_after: ago(1) } });
      const before = Date.now();
      await dispatch.runEscalations();
      const { ring_after } = await dispatch.escalations.findById(id).orFail().lean();
      waits.push(Math.floor(((ring_after?.getTime() ?? 0) - before) / 10_000));
    };
    for (let time = 0; time < 8; time++) await wakeAgain();
    await dispatch.escalationStore.moveTo(await dispatch.escalations.findById(id).orFail().lean(), 1);
    await wakeAgain();
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 64, 1]);
  });

  it('waits for the next process when this one is stopping', async () => {
    await dispatch.dueEscalations(10);
    await dispatch.rounds.escalations().round(AbortSignal.abort());
    expect(dispatch.woken).toEqual([]);
    await dispatch.runEscalations();
    expect(dispatch.woken).toHaveLength(10);
  });
});

it('nobody wakes what is not due', async () => {
  const [settled = '', later = ''] = await dispatch.dueEscalations(2);
  await dispatch.escalations.updateOne({ _id: settled }, { $set: { ring_after: null } });
  await dispatch.escalations.updateOne({ _id: later }, { $set: { ring_after: new Date(Date.now() + 60_000) } });
  expect(await dispatch.runEscalations()).toBeUndefined();
  expect(dispatch.woken).toEqual([]);
});
