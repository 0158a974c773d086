import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../src/lib/ids.js';
import { raising } from '../support/events.js';
import { ago, openDispatch, type Dispatch } from './harness.js';

let dispatch: Dispatch;
beforeAll(async () => {
  dispatch = await openDispatch();
});
afterAll(() => dispatch.close());
beforeEach(() => dispatch.clear());

const raised = async () => (await dispatch.raised('acme')).map(({ _id }) => _id);

describe('an event whose call died before it raised its escalation', () => {
  it('raises it, once, as it was decided when it came', async () => {
    const raise = raising('esc_1');
    const event = await dispatch.event({ raise, at: ago(11_000), data: '{"gateway":"gw-1"}' });
    await dispatch.runEvents();
    const [escalation] = await dispatch.raised('acme');
    expect(escalation).toMatchObject({
      _id: 'esc_1',
      event_id: event._id,
      gateway: { id: 'gw-1' },
      // Dates and all.
      terms: raise?.terms,
      created_at: event.created_at,
      ring_after: event.created_at,
    });
    expect((await dispatch.reloadEvent(event)).due).toBe(false);
    await dispatch.runEvents();
    expect(await raised()).toEqual(['esc_1']);
  });

  it('is left to its call for ten seconds', async () => {
    await dispatch.event({ raise: raising('esc_1') });
    await dispatch.runEvents();
    expect(await raised()).toEqual([]);
  });

  it('raises no second one when it died after that, and what became of the first stays', async () => {
    const event = await dispatch.event({ raise: raising('esc_1'), at: ago(11_000) });
    await dispatch.runEvents();
    await dispatch.escalations.updateOne({ _id: 'esc_1' }, { $set: { status: 'claimed', last_seq: 2 } });
    await dispatch.events.updateOne({ _id: event._id }, { $set: { due: true, due_after: ago(1) } });
    await dispatch.runEvents();
    expect(await dispatch.raised('acme')).toMatchObject([{ _id: 'esc_1', status: 'claimed', last_seq: 2 }]);
    expect((await dispatch.reloadEvent(event)).due).toBe(false);
  });

  it('raises one when several dispatchers look at once, and is done', async () => {
    const ids = Array.from({ length: 40 }, () => newId('esc')).sort();
    for (const id of ids) await dispatch.event({ raise: raising(id), at: ago(11_000) });
    await Promise.all([dispatch.runEvents(), dispatch.runEvents(), dispatch.runEvents()]);
    expect(await raised()).toEqual(ids);
    expect(await dispatch.events.countDocuments({ due: true })).toBe(0);
  });

  it('is tried again after a failure, when its lease is over', async () => {
    const event = await dispatch.event({ raise: raising('esc_1'), at: ago(11_000) });
    const failing = dispatch.rounds.events(() => Promise.reject(new Error('down')));
    await expect(failing.round(new AbortController().signal)).rejects.toThrow('down');
    const leased = await dispatch.reloadEvent(event);
    expect(leased.due).toBe(true);
    expect(leased.due_after?.getTime()).toBeGreaterThan(Date.now());
    await dispatch.runEvents();
    expect(await raised()).toEqual([]);
    await dispatch.events.updateOne({ _id: event._id }, { $set: { due_after: ago(1) } });
    await dispatch.runEvents();
    expect(await raised()).toEqual(['esc_1']);
  });

  it('is one of a thousand: each round takes hundreds, and the next begins at once', async () => {
    const events = Array.from({ length: 450 }, () => dispatch.event({ raise: raising(newId('esc')), at: ago(11_000) }));
    await Promise.all(events);
    expect(await dispatch.runEvents()).toBe(0);
    expect(await raised()).toHaveLength(400);
    expect(await dispatch.runEvents()).toBeUndefined();
    expect(await raised()).toHaveLength(450);
  });
});

describe('a budget event', () => {
  it('has its notice started at once, and not again while that runs', async () => {
    const event = await dispatch.event({ type: 'budget.threshold_reached' });
    await Promise.all([dispatch.runEvents(), dispatch.runEvents()]);
    await dispatch.runEvents();
    expect(dispatch.noticed).toEqual([`acme ${event._id}`]);
    // Only the notice knows when all have been told.
    expect((await dispatch.reloadEvent(event)).due).toBe(true);
  });

  it('has it started again when nothing came of it', async () => {
    const event = await dispatch.event({ type: 'budget.threshold_reached' });
    await dispatch.runEvents();
    await dispatch.events.updateOne({ _id: event._id }, { $set: { due_after: ago(1) } });
    await dispatch.runEvents();
    expect(dispatch.noticed).toHaveLength(2);
  });

  it('is left alone once its notice has marked it', async () => {
    const event = await dispatch.event({ type: 'budget.threshold_reached' });
    await dispatch.store.markDone([event._id]);
    await dispatch.runEvents();
    expect(dispatch.noticed).toEqual([]);
  });

  it('waits for seconds while Temporal is down, and escalations are raised nevertheless', async () => {
    for (let n = 0; n < 60; n++) await dispatch.event({ type: 'budget.threshold_reached', at: ago(5_000) });
    await dispatch.event({ raise: raising('esc_1'), at: ago(60_000) });
    dispatch.temporal.isUp = false;
    expect(await dispatch.runEvents()).toBeGreaterThanOrEqual(1_000);
    expect(dispatch.noticed.length).toBeLessThanOrEqual(20);
    expect(await raised()).toEqual(['esc_1']);
  });
});

it('nothing is made of other events', async () => {
  await dispatch.event();
  await dispatch.event({ type: 'config.deployed' });
  await dispatch.runEvents();
  expect(await raised()).toEqual([]);
  expect(dispatch.noticed).toEqual([]);
});
