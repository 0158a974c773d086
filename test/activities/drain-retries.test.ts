import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { comment, down, openDrains, refusal, scriptedTracker, type Drains } from './harness.js';

let drains: Drains;
beforeAll(async () => {
  drains = await openDrains();
});
afterAll(() => drains.close());

/** The wait is over: as if its time had come. */
const endWait = (link: { _id: string }) =>
  drains.store.links.updateOne({ _id: link._id }, { $set: { next_try_at: new Date(Date.now() - 1) } });

const inMs = (date: Date | null) => (date?.getTime() ?? 0) - Date.now();

describe('a tracker that does not answer', () => {
  it('is noted on the link: the tries, the time of the next one, and its words', async () => {
    const [link, tracker] = [await drains.link(), scriptedTracker()];
    for (const [tries, delayMs] of [
      [1, 1_000],
      [2, 2_000],
      [3, 4_000],
    ] as const) {
      tracker.failWith(down());
      const before = Date.now();
      await expect(drains.drain(link, tracker, { attempt: tries })).rejects.toMatchObject({
        type: 'TrackerUnavailable',
        nextRetryDelay: delayMs,
      });
      const noted = await drains.reload(link);
      expect(noted).toMatchObject({ tries, sync_state: 'pending', last_error: 'The tracker said: down for repair' });
      expect(noted.next_try_at?.getTime()).toBeGreaterThanOrEqual(before + delayMs);
      expect(noted.next_try_at?.getTime()).toBeLessThanOrEqual(Date.now() + delayMs);
      // The sweep comes later than the planned try, not before.
      expect(inMs(noted.ring_after)).toBeGreaterThan(inMs(noted.next_try_at) + 30_000);
      await endWait(link);
    }
    await drains.drain(link, tracker, { attempt: 4 });
    expect(await drains.reload(link)).toMatchObject({
      tries: 0,
      next_try_at: null,
      ring_after: null,
      sync_state: 'synced',
      last_error: null,
    });
  });

  it('is told nothing of the tracker’s words to Temporal, but a code of ours', async () => {
    const [link, tracker] = [await drains.link(), scriptedTracker()];
    tracker.failWith(down());
    const failure: unknown = await drains.drain(link, tracker).catch((error: unknown) => error);
    expect(failure).toMatchObject({ message: expect.stringContaining('http_503') as string });
    expect(JSON.stringify(failure)).not.toContain('repair');
    expect((failure as Error).cause).toBeUndefined();
  });

  it('is left alone for as long as it asks, also by another run of the workflow', async () => {
    const [link, tracker] = [await drains.link(), scriptedTracker()];
    tracker.failWith(down(120_000));
    await expect(drains.drain(link, tracker)).rejects.toMatchObject({ nextRetryDelay: 120_000 });
    const again: unknown = await drains.drain(link, tracker, { attempt: 1 }).catch((error: unknown) => error);
    expect(again).toMatchObject({ type: 'TrackerUnavailable' });
    const { nextRetryDelay } = again as { nextRetryDelay: number };
    expect(nextRetryDelay).toBeGreaterThan(110_000);
    expect(nextRetryDelay).toBeLessThanOrEqual(120_000);
    expect(tracker.calls).toHaveLength(1);
    expect(await drains.reload(link)).toMatchObject({ tries: 1 });
  });

  it('is asked to look first when it is tried again, and not when nothing was tried yet', async () => {
    const [link, tracker] = [await drains.link(), scriptedTracker()];
    tracker.failWith(down());
    await drains.drain(link, tracker).catch(() => undefined);
    await endWait(link);
    // A new run of the workflow counts from 1 again.
    await drains.drain(link, tracker, { attempt: 1 });
    expect(tracker.calls.map(({ repeated }) => repeated)).toEqual([false, true]);
  });

  it('is asked to look first for a command that is old: a run that is gone may have tried it', async () => {
    const [link, tracker] = [await drains.link({ created_at: new Date(Date.now() - 60_000) }), scriptedTracker()];
    await drains.drain(link, tracker);
    expect(tracker.calls).toMatchObject([{ what: 'create', repeated: true }]);
  });

  it('holds what comes behind the command that it does not take, so that order is kept', async () => {
    const [link, tracker] = [await drains.link(), scriptedTracker()];
    await drains.drain(link, tracker);
    await drains.append(link, comment(`1-${link._id}`, 'first'));
    await drains.append(link, comment(`2-${link._id}`, 'second'));
    tracker.failWith(down());
    await drains.drain(link, tracker).catch(() => undefined);
    expect(await drains.reload(link)).toMatchObject({ applied_seq: 1, sync_state: 'pending' });
    expect(tracker.calls.filter(({ what }) => what === 'comment')).toHaveLength(1);
    await endWait(link);
    await drains.drain(link, tracker, { attempt: 2 });
    expect(tracker.calls.slice(-2).map(({ key }) => key)).toEqual([`cmt_1-${link._id}`, `cmt_2-${link._id}`]);
  });
});

describe('a tracker that refuses the ticket', () => {
  it('holds what waits behind it, out of the sweep’s way', async () => {
    const [link, tracker] = [await drains.link(), scriptedTracker()];
    await drains.append(link, comment(`h-${link._id}`, 'held'));
    tracker.failWith(refusal());
    expect(await drains.drain(link, tracker)).toMatchObject({ held: true, appliedSeq: 0, lifecycle: 'error' });
    expect((await drains.commands(link)).map(({ status }) => status)).toEqual(['held']);
    expect(await drains.reload(link)).toMatchObject({ create_status: 'failed', ring_after: null, sync_state: 'error' });
  });

  it('ends the sweep’s lease, for else it would wake it without an end', async () => {
    const [link, tracker] = [await drains.link(), scriptedTracker()];
    tracker.failWith(refusal());
    await drains.drain(link, tracker);
    await drains.append(link, comment(`s-${link._id}`, 'late'));
    await drains.store.links.updateOne({ _id: link._id }, { $set: { ring_after: new Date() } });
    await drains.drain(link, tracker);
    expect(await drains.reload(link)).toMatchObject({ ring_after: null });
  });

  it('gets the ticket and all that was held when somebody asks again', async () => {
    const [link, tracker] = [await drains.link(), scriptedTracker()];
    await drains.append(link, comment(`h-${link._id}`, 'held'));
    tracker.failWith(refusal());
    await drains.drain(link, tracker);
    await drains.store.links.updateOne({ _id: link._id }, { $set: { create_status: 'pending' } });
    expect(await drains.drain(link, tracker)).toMatchObject({ held: false, appliedSeq: 2, lifecycle: 'open' });
    expect(await drains.thread(link)).toEqual(['held (synced)', 'Got: held (synced)']);
  });

  it('is not asked again as long as nobody does', async () => {
    const [link, tracker] = [await drains.link(), scriptedTracker()];
    tracker.failWith(refusal());
    await drains.drain(link, tracker);
    await drains.drain(link, tracker);
    expect(tracker.calls).toHaveLength(1);
  });

  it('includes one that answers with the id of another ticket', async () => {
    const tracker = scriptedTracker();
    tracker.nextIds('SAME-1', 'SAME-1');
    const [first, second] = [await drains.link(), await drains.link()];
    await drains.drain(first, tracker);
    expect(await drains.drain(second, tracker)).toMatchObject({ held: true, lifecycle: 'error', externalId: null });
    const refused = await drains.reload(second);
    expect(refused).toMatchObject({ create_status: 'failed', external_id: null });
    expect(refused.last_error).toMatch(/^external_id_taken/);
    expect(await drains.reload(first)).toMatchObject({ external_id: 'SAME-1', sync_state: 'synced' });
  });
});

describe('a ticket that was unlinked', () => {
  const unlink = (link: { _id: string }) =>
    drains.store.links.updateOne({ _id: link._id }, { $set: { live: false, detached_at: new Date() } });

  it('is not made any more, and what was due is cancelled; its comments stay in the thread', async () => {
    const [link, tracker] = [await drains.link(), scriptedTracker()];
    await drains.append(link, comment(`u-${link._id}`, 'unsent'));
    await drains.append(link, { kind: 'close' });
    await unlink(link);
    expect(await drains.drain(link, tracker)).toMatchObject({ lifecycle: 'unlinked' });
    expect(tracker.calls).toEqual([]);
    expect((await drains.commands(link)).map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
    expect(await drains.thread(link)).toEqual(['unsent (not pushed)']);
    expect(await drains.reload(link)).toMatchObject({ ring_after: null, external_id: null });
  });

  it('keeps on record what a call that was on its way has made, and never links it', async () => {
    const [link, tracker] = [await drains.link(), scriptedTracker()];
    const create = tracker.provider.create.bind(tracker.provider);
    tracker.provider.create = async (draft, options) => {
      await unlink(link);
      return create(draft, options);
    };
    expect(await drains.drain(link, tracker)).toMatchObject({ lifecycle: 'unlinked', externalId: null });
    expect(await drains.reload(link)).toMatchObject({ external_id: null, late_external_id: `T-${link._id}` });
  });

  it('stops between two commands', async () => {
    const [link, tracker] = [await drains.link(), scriptedTracker()];
    for (const name of ['x', 'y']) await drains.append(link, comment(`${name}-${link._id}`, name));
    const push = tracker.provider.comment.bind(tracker.provider);
    tracker.provider.comment = async (...call) => {
      await unlink(link);
      return push(...call);
    };
    expect(await drains.drain(link, tracker)).toMatchObject({ lifecycle: 'unlinked' });
    expect(await drains.thread(link)).toEqual(['x (synced)', 'Got: x (synced)', 'y (not pushed)']);
  });
});
