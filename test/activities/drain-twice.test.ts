import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  comment,
  Crash,
  down,
  inbound,
  openDrains,
  refusal,
  registryOf,
  scriptedTracker,
  type Drains,
} from './harness.js';

let drains: Drains;
beforeAll(async () => {
  drains = await openDrains();
});
afterAll(() => drains.close());

/** A ticket with one command of every kind due, and its tracker. */
async function busyTicket() {
  const [link, tracker] = [await drains.link(), scriptedTracker()];
  await drains.append(link, comment(`a-${link._id}`, 'one'));
  await drains.append(link, inbound({ comment: 'two', status: 'submitted' }));
  await drains.append(link, comment(`b-${link._id}`, 'three'));
  await drains.append(link, { kind: 'close' });
  return { link, tracker };
}

const thread = ['one (synced)', 'Got: one (synced)', 'two (synced)', 'three (synced)', 'Got: three (synced)'];
const done = { appliedSeq: 5, lifecycle: 'closed', held: false, more: false, provider: 'mock' };

describe('a drain', () => {
  it('applies the create and all that is due behind it, in order', async () => {
    const { link, tracker } = await busyTicket();
    expect(await drains.drain(link, tracker)).toMatchObject({ ...done, externalId: `T-${link._id}` });
    expect(tracker.calls.map(({ what }) => what)).toEqual(['create', 'comment', 'comment', 'close']);
    expect(await drains.thread(link)).toEqual(thread);
    expect(await drains.reload(link)).toMatchObject({
      state: 'closed',
      sync_state: 'synced',
      external_status: 'done',
      close_applied: true,
      ring_after: null,
      tries: 0,
    });
  });

  it('has a create looked for that waited for long: in a backup, what was sent may not be noted', async () => {
    for (const [ageMs, wasSent] of [
      [45_000, false],
      [61_000, true],
    ] as const) {
      const tracker = scriptedTracker();
      const { provider } = tracker;
      const sent: unknown[] = [];
      const providers = registryOf({
        status: 'ready',
        provider: {
          ...provider,
          create: (draft, options) => {
            sent.push(options.sentAt);
            return provider.create(draft, options);
          },
        },
      });
      const link = await drains.link({ created_at: new Date(Date.now() - ageMs) });
      await drains.drain(link, tracker, { providers });
      expect(sent).toEqual([wasSent ? link.created_at : null]);
    }
  });

  it('asks the tracker for nothing when it runs again', async () => {
    const { link, tracker } = await busyTicket();
    const first = await drains.drain(link, tracker);
    const calls = tracker.calls.length;
    const before = await drains.reload(link);
    expect(await drains.drain(link, tracker)).toEqual(first);
    expect(tracker.calls).toHaveLength(calls);
    expect(await drains.reload(link)).toEqual(before);
    expect(await drains.thread(link)).toEqual(thread);
  });

  it.each([
    ['before_provider', 4],
    ['after_provider', 4],
    ['before_settle', 5],
  ] as const)('ends the same after a crash %s, at any of the %i commands', async (crashAt, times) => {
    for (let crashAtCall = 1; crashAtCall <= times; crashAtCall++) {
      const { link, tracker } = await busyTicket();
      await expect(drains.drain(link, tracker, { crashAt, crashAtCall })).rejects.toBeInstanceOf(Crash);
      const answer = await drains.drain(link, tracker, { attempt: 2 });
      expect(answer).toMatchObject(done);
      expect(await drains.thread(link)).toEqual(thread);
      const keys = new Set(tracker.calls.map(({ key }) => key));
      expect(keys.size, 'each command keeps its key in every try').toBe(4);
      const asked = tracker.calls.slice(-1)[0];
      expect(asked?.repeated, 'after a crash the tracker is asked to look first').toBe(true);
    }
  });

  it('moves the link by what was settled, when it crashed between the two writes', async () => {
    const { link, tracker } = await busyTicket();
    await drains.drain(link, tracker);
    const { closed_at: closedAt } = await drains.reload(link);
    // As it was before the move: the command is settled, the link has not heard of it.
    await drains.store.links.updateOne(
      { _id: link._id },
      { $set: { applied_seq: 4, state: 'open', closed_at: null, close_applied: false, external_status: 'open' } },
    );
    const calls = tracker.calls.length;
    expect(await drains.drain(link, tracker)).toMatchObject(done);
    expect(tracker.calls).toHaveLength(calls);
    expect(await drains.reload(link)).toMatchObject({ state: 'closed', close_applied: true, closed_at: closedAt });
  });

  it('changes nothing twice when two of them run at once, as after a worker that was taken for dead', async () => {
    const { link, tracker } = await busyTicket();
    const answers = await Promise.all([drains.drain(link, tracker), drains.drain(link, tracker)]);
    for (const answer of answers) expect(answer).toMatchObject({ appliedSeq: 5, lifecycle: 'closed' });
    expect(await drains.thread(link)).toEqual(thread);
    expect((await drains.commands(link)).map(({ status }) => status)).toEqual(Array(4).fill('applied'));
  });

  it('settles a comment that the tracker refuses, and goes on with the next', async () => {
    const [link, tracker] = [await drains.link(), scriptedTracker()];
    await drains.drain(link, tracker);
    await drains.append(link, comment(`r-${link._id}`, 'refused'));
    tracker.failWith(refusal());
    expect(await drains.drain(link, tracker)).toMatchObject({ appliedSeq: 2, lifecycle: 'error' });
    expect((await drains.commands(link))[0]).toMatchObject({
      status: 'failed',
      error: 'The tracker said: no such project',
    });
    await drains.append(link, comment(`n-${link._id}`, 'next'));
    expect(await drains.drain(link, tracker)).toMatchObject({ appliedSeq: 3, lifecycle: 'open' });
    expect(await drains.thread(link)).toEqual(['refused (error)', 'next (synced)', 'Got: next (synced)']);
    expect(await drains.reload(link)).toMatchObject({ sync_state: 'synced', last_error: null });
  });

  it('writes a comment whose call died before it could', async () => {
    const [link, tracker] = [await drains.link(), scriptedTracker()];
    await drains.append(link, comment(`lost-${link._id}`, 'lost'));
    expect(await drains.thread(link)).toEqual([]);
    await drains.drain(link, tracker);
    expect(await drains.thread(link)).toEqual(['lost (synced)', 'Got: lost (synced)']);
  });

  it('stops between two commands when its worker is told to stop, and says that there is more', async () => {
    const [link, tracker] = [await drains.link(), scriptedTracker()];
    const stopping = new AbortController();
    stopping.abort();
    expect(await drains.drain(link, tracker, { signal: stopping.signal })).toMatchObject({ more: true, appliedSeq: 1 });
  });

  it('fails finally for a link that is not in the database', async () => {
    const link = { ...(await drains.link()), _id: 'tkt_gone' };
    await expect(drains.drain(link, scriptedTracker())).rejects.toMatchObject({
      type: 'LinkNotFound',
      nonRetryable: true,
    });
  });
});

describe('what a tracker said', () => {
  it('is in the thread once, however often the same comment comes', async () => {
    const [link, tracker] = [await drains.link(), scriptedTracker()];
    for (const text of ['reply', 'reply again']) await drains.append(link, inbound({ comment: text, as: 'R-1' }));
    await drains.drain(link, tracker);
    expect(await drains.thread(link)).toEqual(['reply (synced)']);
    const results = (await drains.commands(link)).map(({ result }) => result?.comment);
    expect(results).toEqual([true, false]);
  });

  it('is one command when its event id comes again', async () => {
    const link = await drains.link();
    const first = await drains.append(link, inbound({ comment: 'x' }), 'evt-1');
    const again = await drains.append(link, inbound({ comment: 'x' }), 'evt-1');
    expect([first.added, again.added]).toEqual([true, false]);
    expect(again.command._id).toBe(first.command._id);
    expect(await drains.commands(link)).toHaveLength(1);
  });

  it('does not bring back a status that is older than the last', async () => {
    const [link, tracker] = [await drains.link(), scriptedTracker()];
    const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));
    await drains.append(link, inbound({ status: 'accepted', at: at(5) }));
    await drains.append(link, inbound({ status: 'submitted', at: at(4) }));
    await drains.drain(link, tracker);
    expect(drains.applied.filter(({ id }) => id === link.subject.id).map(({ status }) => status)).toEqual(['accepted']);
    expect(await drains.reload(link)).toMatchObject({ external_status: 'accepted', status_occurred_at: at(5) });
    expect((await drains.commands(link)).map(({ result }) => result?.status)).toEqual([true, false]);
  });

  it('does not make a second comment of our own, when the tracker echoes it under the same id', async () => {
    const [link, tracker] = [await drains.link(), scriptedTracker()];
    const id = `cmt_own-${link._id}`;
    await drains.append(link, comment(`own-${link._id}`, 'ours'));
    await drains.append(link, inbound({ comment: 'ours', as: `C-${id}` }));
    await drains.drain(link, tracker);
    expect(await drains.thread(link)).toEqual(['ours (synced)', 'Got: ours (synced)']);
  });
});

describe('down and refused are told apart', () => {
  it('because only the first is thrown for Temporal to try again', async () => {
    const [link, tracker] = [await drains.link(), scriptedTracker()];
    tracker.failWith(down());
    await expect(drains.drain(link, tracker)).rejects.toMatchObject({ type: 'TrackerUnavailable' });
    const other = await drains.link();
    tracker.failWith(refusal());
    await expect(drains.drain(other, tracker)).resolves.toMatchObject({ held: true, lifecycle: 'error' });
  });
});
