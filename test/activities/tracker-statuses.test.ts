import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReopenPolicy } from '../../src/integrations/reopen-policy.js';
import { statusWrite } from '../../src/tickets/inbound/from-remote-change.js';
import type { LinkDoc } from '../../src/tickets/links/model.js';
import { comment, down, openDrains, refusal, type Drains } from './harness.js';
import { openTracked, talkingTracker, time } from './tracker-harness.js';

let drains: Drains;
beforeAll(async () => {
  drains = await openDrains();
});
afterAll(() => drains.close());

const statusMap = { 'To Do': 'open', 'in progress': 'in_progress', '3': 'accepted' };

async function open(onReopen: ReopenPolicy = 'reopen') {
  const tracker = talkingTracker();
  const room = openTracked(drains, tracker, { statusMap, settings: { onReopen } });
  const link = await drains.link();
  await room.drain(link);
  return { tracker, room, link, subjectStatuses: () => statusesOf(link) };
}

const statusesOf = ({ subject }: LinkDoc) =>
  drains.applied.filter(({ id }) => id === subject.id).map(({ status }) => status);

async function openClosed(onReopen?: ReopenPolicy) {
  const opened = await open(onReopen);
  await drains.append(opened.link, { kind: 'close' });
  await opened.room.drain(opened.link);
  expect(await drains.reload(opened.link)).toMatchObject({ state: 'closed', close_applied: true });
  opened.tracker.state.now = 'done';
  return opened;
}

const linksOf = (link: LinkDoc) =>
  drains.store.links.find({ 'subject.id': link.subject.id }).sort({ nth: 1 }).lean<LinkDoc[]>();

describe('a tracker’s status', () => {
  it('shows on the link, and reaches the subject by the map alone, by name or by id', async () => {
    const { room, link, tracker, subjectStatuses } = await open();
    expect(await room.bring(link, room.status('doing', 1))).toMatchObject({
      external_status: 'In Progress',
      state: 'open',
    });
    expect(await room.bring(link, room.status('done', 2))).toMatchObject({ external_status: 'Done', state: 'open' });
    const unmapped = { status: { id: '9', name: 'constructor', isDone: null }, occurredAt: time(3) };
    expect(await room.bring(link, unmapped)).toMatchObject({ external_status: 'constructor' });
    expect(subjectStatuses()).toEqual(['in_progress', 'accepted']);
    expect(tracker.asked.fetchTicket).toBe(0);
  });

  it('that is older than the last applied is dropped', async () => {
    const { room, link, subjectStatuses } = await open();
    await room.bring(link, room.status('done', 5));
    expect(await room.bring(link, room.status('todo', 4))).toMatchObject({ external_status: 'Done' });
    expect(subjectStatuses()).toEqual(['accepted']);
    expect((await drains.commands(link)).map(({ result }) => result?.status)).toEqual([true, false]);
  });

  it('of the same time as the last applied is believed when a look says the same', async () => {
    const { room, link, tracker } = await open();
    await room.bring(link, room.status('done', 5));
    tracker.state.now = 'done';
    expect(await room.bring(link, room.status('todo', 5))).toMatchObject({ external_status: 'Done' });
    tracker.state.now = 'doing';
    expect(await room.bring(link, room.status('doing', 5))).toMatchObject({ external_status: 'In Progress' });
    expect(tracker.asked.fetchTicket).toBe(2);
  });
});

describe('a ticket that we closed', () => {
  it.each<ReopenPolicy>(['reopen', 'new_ticket', 'ignore'])(
    'stays closed when a webhook is stale, whatever its time (%s)',
    async (policy) => {
      const { room, link } = await openClosed(policy);
      for (const second of [undefined, 1, 50]) {
        const closed = await room.bring(link, room.status('todo', second));
        expect(closed).toMatchObject({ state: 'closed', live: true, external_status: 'done' });
      }
      expect(await linksOf(link)).toHaveLength(1);
    },
  );

  it('is open again by the policy «reopen», and can be closed again', async () => {
    const { room, link, tracker, subjectStatuses } = await openClosed();
    tracker.state.now = 'todo';
    const reopened = await room.bring(link, room.status('todo', 2));
    expect(reopened).toMatchObject({
      state: 'open',
      closed_at: null,
      close_applied: false,
      sync_state: 'synced',
      external_status: 'To Do',
    });
    expect(subjectStatuses()).toEqual(['open']);
    await drains.append(link, { kind: 'close' });
    await room.drain(link);
    expect(tracker.calls.filter(({ what }) => what === 'close')).toHaveLength(2);
    expect(await drains.reload(link)).toMatchObject({ state: 'closed', close_applied: true });
  });

  it('only shows its status by the policy «ignore»', async () => {
    const { room, link, tracker, subjectStatuses } = await openClosed('ignore');
    tracker.state.now = 'todo';
    expect(await room.bring(link, room.status('todo', 2))).toMatchObject({
      state: 'closed',
      close_applied: true,
      external_status: 'To Do',
    });
    expect(subjectStatuses()).toEqual([]);
  });

  it('is followed by another by the policy «new_ticket»', async () => {
    const { room, link, tracker, subjectStatuses } = await openClosed('new_ticket');
    tracker.state.now = 'todo';
    await room.accept(link, room.status('todo', 2));
    expect(await room.drain(link)).toMatchObject({ lifecycle: 'unlinked' });
    const [old, next, ...more] = await linksOf(link);
    expect(more).toEqual([]);
    expect(old).toMatchObject({ _id: link._id, live: false, external_status: 'To Do' });
    expect(old?.detached_at).toBeInstanceOf(Date);
    expect(next).toMatchObject({ nth: 2, live: true, state: 'open', create_status: 'pending', provider: 'mock' });
    expect(next?.draft.description).toContain(`Follows T-${link._id}`);
    expect(next?.ring_after?.getTime()).toBeLessThanOrEqual(Date.now());
    expect(subjectStatuses()).toEqual(['open']);
    if (next) await room.drain(next);
    expect(next && (await drains.reload(next))).toMatchObject({ external_id: `T-${next?._id}`, sync_state: 'synced' });
  });

  it.each(['before_settle', 'after_settle'] as const)(
    'is followed by one other when its process dies %s, even when it is done again by then',
    async (crashAt) => {
      const { room, link, tracker } = await openClosed('new_ticket');
      tracker.state.now = 'todo';
      await room.accept(link, room.status('todo', 2));
      await drains.append(link, comment(`late-${crashAt}`));
      await expect(room.drain(link, { crashAt })).rejects.toThrow();
      tracker.state.now = 'done';
      await room.drain(link, { attempt: 2 });
      await room.drain(link);
      expect((await linksOf(link)).map(({ live }) => live)).toEqual([false, true]);
      // What was behind it stays in the thread, as by unlinking.
      expect(await drains.thread(link)).toEqual([`late-${crashAt} (not pushed)`]);
    },
  );

  it.each(['before_settle', 'after_settle'] as const)('is opened once when its process dies %s', async (crashAt) => {
    const { room, link, tracker } = await openClosed();
    tracker.state.now = 'todo';
    await room.accept(link, room.status('todo', 2));
    await expect(room.drain(link, { crashAt })).rejects.toThrow();
    await room.drain(link, { attempt: 2 });
    expect(await drains.reload(link)).toMatchObject({ state: 'open', close_applied: false, applied_seq: 3 });
  });

  it('waits for a tracker that does not answer the look, and forgets that it did not', async () => {
    const { room, link, tracker } = await openClosed();
    tracker.state.now = 'todo';
    tracker.failAsking(down());
    await room.accept(link, room.status('todo', 2));
    await expect(room.drain(link)).rejects.toThrow('question for the current status');
    await drains.store.links.updateOne({ _id: link._id }, { $set: { next_try_at: null } });
    await room.drain(link, { attempt: 2 });
    expect(await drains.reload(link)).toMatchObject({
      state: 'open',
      sync_state: 'synced',
      last_error: null,
      tries: 0,
    });
  });

  it('stays as it is when the tracker refuses the look', async () => {
    const { room, link, tracker } = await openClosed();
    tracker.failAsking(refusal());
    const before = await drains.reload(link);
    const after = await room.bring(link, room.status('todo', 2));
    expect(after).toEqual({ ...before, applied_seq: before.applied_seq + 1 });
  });
});

describe('a status that a poll found', () => {
  it('counts when a look says the same, although a webhook of later time was applied', async () => {
    const { room, link, tracker } = await open();
    await room.bring(link, room.status('doing', 10));
    tracker.state.now = 'done';
    tracker.state.at = time(9);
    const found = { status: { id: '3', name: 'Done', isDone: true }, updatedAt: time(9) };
    const { payload, eventId } = statusWrite(found, room.scope, true);
    await drains.append(link, payload, eventId);
    await room.drain(link);
    expect(await drains.reload(link)).toMatchObject({ external_status: 'Done', status_occurred_at: time(10) });
  });
});
