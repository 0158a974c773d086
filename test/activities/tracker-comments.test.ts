import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/lib/provider-errors.js';
import type { TrackerComment } from '../../src/integrations/tracker-side.js';
import { comment, openDrains, type Drains } from './harness.js';
import { openTracked, trackerComment, talkingTracker, time } from './tracker-harness.js';

let drains: Drains;
beforeAll(async () => {
  drains = await openDrains();
});
afterAll(() => drains.close());

let last = 0;
const newId = () => `own${++last}`;

async function open() {
  const tracker = talkingTracker();
  const room = openTracked(drains, tracker);
  const link = await drains.link();
  await room.drain(link);
  const thread = () => drains.store.comments.find({ link_id: link._id }).sort({ at: 1, seq: 1, sub: 1 }).lean();
  return {
    tracker,
    link: await drains.reload(link),
    room,
    thread,
    texts: async () => (await thread()).map(({ body }) => body),
    hear: (...comments: TrackerComment[]) => room.bring(link, { comments }),
    results: async () => (await drains.commands(link)).map(({ result }) => result?.comment ?? null),
  };
}

describe('our own comment that comes back', () => {
  it('is no echo, by its id, whether its mark is on it or not', async () => {
    const { link, room, hear, texts } = await open();
    const id = newId();
    await drains.append(link, comment(id, 'Ours'));
    await room.accept(link, { comments: [trackerComment(`C-cmt_${id}`, 'Ours')] });
    await room.drain(link);
    await hear(trackerComment(`C-cmt_${id}`, 'Ours', { ours: `cmt_${id}` }));
    expect(await texts()).toEqual(['Ours']);
  });

  it('is no echo when its webhook was there before our POST had its answer, and the answer was lost', async () => {
    const { link, room, texts } = await open();
    const id = newId();
    await drains.append(link, comment(id, 'Ours'));
    await expect(room.drain(link, { crashAt: 'after_provider' })).rejects.toThrow();
    await room.accept(link, { comments: [trackerComment(`C-cmt_${id}`, 'Ours')] });
    await room.accept(link, { comments: [trackerComment(`C-cmt_${id}`, 'Ours')] });
    await room.drain(link, { attempt: 2 });
    expect(await texts()).toEqual(['Ours']);
  });

  it('is known by its mark where the tracker gave no id, and by its id from then on', async () => {
    const { tracker, link, hear, thread } = await open();
    tracker.provider.comment = () => Promise.resolve({ externalCommentId: null, echo: null });
    const id = newId();
    await drains.append(link, comment(id, 'Ours'));
    await hear(trackerComment('sys1', `Ours`, { ours: `cmt_${id}` }));
    expect(await thread()).toMatchObject([{ body: 'Ours', external_comment_id: 'sys1' }]);
    await hear(trackerComment('sys1', 'Ours'));
    await hear(trackerComment('sys1', 'Ours, edited by them', { at: time(9), isEdited: true }));
    expect(await thread()).toMatchObject([{ source: 'internal', body: 'Ours, edited by them', edited_at: time(9) }]);
  });

  it('is asked for once where it was given up for refused and the webhook bears no mark', async () => {
    const { tracker, link, hear, thread } = await open();
    const id = newId();
    tracker.failWith(new ProviderError('answer_unreadable', 'HTTP 201: no JSON', false));
    await drains.append(link, comment(id, 'Ours'));
    tracker.state.comments = [trackerComment('c7', 'Ours', { ours: `cmt_${id}` })];
    await hear(trackerComment('c7', 'Ours'));
    await hear(trackerComment('c7', 'Ours'));
    expect(await thread()).toMatchObject([{ external_comment_id: 'c7', sync_state: 'synced' }]);
    expect(tracker.asked.commentsSince).toBe(1);
  });

  it('is somebody else’s when its mark is of no comment of this ticket', async () => {
    const { link, room, hear, texts } = await open();
    const other = await open();
    const id = newId();
    await drains.append(other.link, comment(id, 'Of another ticket'));
    await other.room.drain(other.link);
    await room.drain(link);
    await hear(
      trackerComment('f1', 'Forged', { ours: `cmt_${id}` }),
      trackerComment('f2', 'Foreign', { ours: 'cmt_of_elsewhere' }),
    );
    expect(await texts()).toEqual(['Forged', 'Foreign']);
    expect(await other.texts()).toEqual(['Of another ticket']);
  });

  it('that reads differently over there, with its author before it, is no edit', async () => {
    const { link, hear, thread } = await open();
    const id = newId();
    await drains.append(link, comment(id, '**Hello** _there_:\n\n- one\n- two'));
    await hear(
      trackerComment(`C-cmt_${id}`, 'Ann wrote in Drawbridge:\nHello there:\n• one\n• two', {
        isEdited: true,
        at: time(5),
      }),
    );
    expect(await thread()).toMatchObject([{ body: '**Hello** _there_:\n\n- one\n- two', edited_at: null }]);
  });
});

describe('a foreign comment', () => {
  it('that comes doubled, and in two renderings, is one', async () => {
    const { hear, results, texts } = await open();
    await hear(trackerComment('c1', 'Look at *this*'), trackerComment('c1', 'Look at this'));
    await hear(trackerComment('c1', 'Look at this'));
    expect(await texts()).toEqual(['Look at *this*']);
    expect(await results()).toEqual([true, false, false]);
  });

  it('that is edited has its new text, the time of the edit, and keeps the earlier ones', async () => {
    const { hear, thread } = await open();
    await hear(trackerComment('c1', 'One'));
    await hear(trackerComment('c1', 'Two', { isEdited: true, at: time(2) }));
    await hear(trackerComment('c1', 'Three', { isEdited: true, at: time(3) }));
    await hear(trackerComment('c1', 'Three', { isEdited: true, at: time(3) }));
    expect(await thread()).toMatchObject([
      {
        body: 'Three',
        edited_at: time(3),
        earlier: [
          { body: 'One', at: time(1) },
          { body: 'Two', at: time(2) },
        ],
      },
    ]);
  });

  it('whose edits come before it, and in the wrong order, ends as the same', async () => {
    const { hear, thread } = await open();
    await hear(trackerComment('c1', 'Three', { isEdited: true, at: time(3) }));
    await hear(trackerComment('c1', 'One'));
    await hear(trackerComment('c1', 'Two', { isEdited: true, at: time(2) }));
    await hear(trackerComment('c1', 'One'));
    expect(await thread()).toMatchObject([
      {
        body: 'Three',
        edited_at: time(3),
        earlier: [
          { body: 'One', at: time(1) },
          { body: 'Two', at: time(2) },
        ],
      },
    ]);
  });

  it('whose edit is read again in another rendering is edited once', async () => {
    const { hear, thread } = await open();
    await hear(trackerComment('c1', 'One'));
    await hear(trackerComment('c1', 'See [there]', { isEdited: true, at: time(2) }));
    await hear(trackerComment('c1', 'See there', { isEdited: true, at: time(2) }));
    const [one] = await thread();
    expect(one).toMatchObject({ body: 'See [there]' });
    expect(one?.earlier.map(({ body }) => body)).toEqual(['One']);
  });

  it.each(['before_settle', 'after_settle'] as const)('is edited once when its process dies %s', async (crashAt) => {
    const { link, room, hear, thread } = await open();
    await hear(trackerComment('c1', 'One'));
    await room.accept(link, { comments: [trackerComment('c1', 'Two', { isEdited: true, at: time(2) })] });
    await expect(room.drain(link, { crashAt })).rejects.toThrow();
    await room.drain(link, { attempt: 2 });
    const [one, ...more] = await thread();
    expect(more).toEqual([]);
    expect(one).toMatchObject({ body: 'Two', earlier: [{ body: 'One' }] });
  });
});
