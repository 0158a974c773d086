import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultTimings } from '../../src/config/timings.js';
import { ProviderError } from '../../src/lib/provider-errors.js';
import type { TrackedTicket } from '../../src/integrations/tracker-side.js';
import type { LinkDoc } from '../../src/tickets/links/model.js';
import { pollTracker } from '../../src/tickets/polling/poll.js';
import { comment, down, openDrains, type Drains } from './harness.js';
import { openTracked, trackerComment, scopeOf, statuses, talkingTracker, type StatusName } from './tracker-harness.js';

let drains: Drains;
beforeAll(async () => {
  drains = await openDrains();
});
afterAll(() => drains.close());

let last = 0;
const minuteMs = 60_000;
const ago = (ms: number) => new Date(Date.now() - ms);

function open() {
  const tracker = talkingTracker();
  const name = `con_${++last}`;
  const scope = scopeOf(tracker.provider, { scope: name });
  const { polls } = drains;
  const room = openTracked(drains, tracker, { scope: name });
  const woken: string[] = [];
  const deps = {
    store: drains.store,
    polls,
    findScope: () => Promise.resolve(scope),
    signaler: { wake: ({ _id }: { _id: string }) => Promise.resolve(woken.push(_id) > 0) },
    timings: defaultTimings,
  };
  return {
    tracker,
    name,
    room,
    woken,
    deps,
    poll: () => pollTracker(deps, name, new AbortController().signal),
    record: () => polls.findById(name).orFail().lean(),
    linked: async (): Promise<LinkDoc> => {
      const link = await drains.link({ scope: name, connection_id: name });
      await room.drain(link);
      return drains.reload(link);
    },
  };
}

const ticketOf = (link: LinkDoc, status: StatusName, updatedAt: Date): TrackedTicket => ({
  externalId: link.external_id ?? '',
  externalRef: link.external_ref,
  status: statuses[status],
  updatedAt,
});

describe('a poll', () => {
  it('takes over the status and the comments that no webhook brought, and wakes those links only', async () => {
    const { tracker, poll, linked, woken, room } = open();
    const [changed, other] = [await linked(), await linked()];
    tracker.state.changed = [ticketOf(changed, 'done', ago(30_000))];
    tracker.state.comments = [trackerComment('c1', 'Lost', { at: ago(30_000) })];
    tracker.state.now = 'done';
    expect(await poll()).toMatchObject({ changed: 1, comments: 1, statuses: 1, more: false, failed: null });
    expect(woken).toEqual([changed._id]);
    await room.drain(changed);
    expect(await drains.reload(changed)).toMatchObject({ external_status: 'Done' });
    expect(await drains.thread(changed)).toEqual(['Lost (synced)']);
    expect(await drains.commands(other)).toEqual([]);
  });

  it('adds nothing twice, whether it is drained in between or not, and asks no more about what it saw', async () => {
    const { tracker, poll, linked, room } = open();
    const link = await linked();
    tracker.state.changed = [ticketOf(link, 'done', ago(30_000))];
    tracker.state.comments = [trackerComment('c1', 'Lost', { at: ago(30_000) })];
    tracker.state.now = 'done';
    await poll();
    expect(await poll()).toMatchObject({ changed: 0, comments: 0, statuses: 0 });
    await room.drain(link);
    await poll();
    expect(await drains.commands(link)).toHaveLength(2);
    expect(tracker.asked.commentsSince).toBe(1);
  });

  it('looks again at what changed just now: some trackers count in seconds', async () => {
    const { tracker, poll, linked } = open();
    const link = await linked();
    tracker.state.changed = [ticketOf(link, 'done', new Date())];
    await poll();
    tracker.state.comments = [trackerComment('c1', 'In the same second', { at: new Date() })];
    expect(await poll()).toMatchObject({ changed: 1, comments: 1 });
  });

  it('knows our own comments, and what webhooks brought', async () => {
    const { tracker, poll, linked, room } = open();
    const link = await linked();
    const id = `polled${last}`;
    await drains.append(link, comment(id));
    await room.bring(link, { comments: [trackerComment('c1', 'By webhook')] });
    tracker.state.changed = [ticketOf(link, 'todo', ago(30_000))];
    tracker.state.comments = [
      trackerComment('c1', 'By webhook'),
      trackerComment(`C-cmt_${id}`, id, { ours: `cmt_${id}` }),
    ];
    await drains.store.links.updateOne({ _id: link._id }, { $set: { external_status: 'To Do' } });
    expect(await poll()).toMatchObject({ changed: 1, comments: 0, statuses: 0 });
  });

  it('leaves tickets alone that are linked no more, or never were', async () => {
    const { tracker, poll, linked } = open();
    const link = await linked();
    await drains.store.links.updateOne({ _id: link._id }, { $set: { live: false } });
    const unknown = { ...ticketOf(link, 'done', ago(1_000)), externalId: 'X-1', externalRef: '1' };
    tracker.state.changed = [ticketOf(link, 'done', ago(30_000)), unknown];
    expect(await poll()).toMatchObject({ changed: 0, failed: null });
    expect(tracker.asked.commentsSince).toBe(0);
  });

  it('asks from its watermark on, with an overlap, and never moves it past our own clock', async () => {
    const { tracker, poll, linked, record } = open();
    const link = await linked();
    const at = ago(5 * minuteMs);
    tracker.state.changed = [ticketOf(link, 'done', at), ticketOf(link, 'done', ago(-60 * minuteMs))];
    await poll();
    expect(await record()).toMatchObject({ watermark: at });
    await poll();
    expect(tracker.state.since.at(-1)).toEqual(new Date(at.getTime() - 2 * minuteMs));
  });

  it('that fails in between keeps what it read, and the next reads the rest, old comments too', async () => {
    const { tracker, poll, linked, record, name } = open();
    const [first, second] = [await linked(), await linked()];
    tracker.state.changed = [ticketOf(first, 'done', ago(9 * minuteMs)), ticketOf(second, 'done', ago(minuteMs))];
    const asked: Date[] = [];
    const { tracker: side } = tracker.provider;
    if (!side) throw new Error('It has no dialect.');
    const answers = [() => Promise.resolve([]), () => Promise.reject(down())];
    side.commentsSince = (_ticket, since) => {
      asked.push(since);
      return (answers.shift() ?? (() => Promise.resolve([])))();
    };
    expect(await poll()).toMatchObject({ changed: 2, statuses: 1, failed: 'http_503' });
    expect(await record()).toMatchObject({ _id: name, watermark: tracker.state.changed[0]?.updatedAt });
    expect(await poll()).toMatchObject({ statuses: 1, failed: null });
    expect(asked[2]).toEqual(asked[1]);
    await poll();
    expect((await record()).comments_since.getTime()).toBeGreaterThan(asked[1]?.getTime() ?? 0);
  });

  it('passes over a ticket that is gone, and says so', async () => {
    const { tracker, poll, linked } = open();
    const [gone, there] = [await linked(), await linked()];
    tracker.state.changed = [ticketOf(gone, 'done', ago(40_000)), ticketOf(there, 'done', ago(30_000))];
    const { tracker: side } = tracker.provider;
    if (!side) throw new Error('It has no dialect.');
    const notFound = new ProviderError('http_404', 'HTTP 404', false);
    side.commentsSince = ({ externalId }) =>
      externalId === gone.external_id ? Promise.reject(notFound) : Promise.resolve([]);
    expect(await poll()).toMatchObject({ changed: 2, statuses: 1, failed: 'http_404' });
  });

  it.each([
    ['is refused', () => new ProviderError('http_401', 'HTTP 401: nobody', false), 'http_401'],
    ['gets no answer', () => down(), 'http_503'],
  ])('that %s is a result with a code, and the watermark stays', async (_, error, code) => {
    const { tracker, poll, record } = open();
    await poll();
    const before = await record();
    tracker.failAsking(error());
    expect(await poll()).toMatchObject({ changed: 0, failed: code });
    expect(await record()).toMatchObject({ watermark: before.watermark, failed: code });
  });

  it('of a connection that is gone, or not set up, asks nobody', async () => {
    const { deps, tracker } = open();
    const signal = new AbortController().signal;
    const gone = { ...deps, findScope: () => Promise.resolve(null) };
    expect(await pollTracker(gone, 'con_gone', signal)).toMatchObject({ failed: 'gone' });
    const resolved = { status: 'not_configured' as const, missing: ['JIRA_API_TOKEN'], detail: 'It needs it.' };
    const unset = { ...deps, findScope: () => Promise.resolve(scopeOf(tracker.provider, { resolved })) };
    expect(await pollTracker(unset, 'env-jira', signal)).toMatchObject({ failed: 'not_configured' });
    expect(tracker.state.since).toEqual([]);
  });
});
