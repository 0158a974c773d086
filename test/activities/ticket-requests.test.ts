import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultTimings } from '../../src/config/timings.js';
import { requestComment } from '../../src/tickets/comments/request-comment.js';
import { findLiveLink } from '../../src/tickets/links/find-live.js';
import type { LinkDoc } from '../../src/tickets/links/model.js';
import { openLink } from '../../src/tickets/links/open-link.js';
import { requestClose } from '../../src/tickets/links/request-close.js';
import { anySubject, comment, openDrains, refusal, registryOf, scriptedTracker, type Drains } from './harness.js';

let drains: Drains;
beforeAll(async () => {
  drains = await openDrains();
});
afterAll(() => drains.close());

let last = 0;
const newName = (prefix: string) => `${prefix}_${++last}`;
const newSubject = () => ({ type: 'escalation', id: newName('esc') }) as const;
const times = <T>(count: number, run: (index: number) => T) => Array.from({ length: count }, (_, index) => run(index));

const unset = registryOf({
  status: 'not_configured',
  missing: ['TICKET_WEBHOOK_URL'],
  detail: 'The ticket provider webhook needs TICKET_WEBHOOK_URL.',
});

/** Nobody's provider is asked when a link is opened. */
async function open(subject: LinkDoc['subject'], id = newName('tkt')) {
  const subjects = { evidence_request: anySubject(), escalation: anySubject() };
  const deps = { store: drains.store, subjects, providers: unset, timings: defaultTimings };
  const opened = await openLink(deps, { orgId: 'acme', subject, id });
  if (!opened) throw new Error('There is no such subject.');
  return opened;
}

const unlink = (link: LinkDoc) => drains.store.links.updateOne({ _id: link._id }, { $set: { live: false } });
const linksOf = (subject: LinkDoc['subject']) => drains.store.links.countDocuments({ 'subject.id': subject.id });

describe('opening a link', () => {
  it('is one insert with the text of now, which the sweep would see to', async () => {
    const subject = newSubject();
    const { link, opened } = await open(subject);
    expect(opened).toBe(true);
    expect(await drains.reload(link)).toEqual(link);
    expect(link).toMatchObject({ subject, live: true, sync_state: 'pending', draft: { title: `About ${subject.id}` } });
    expect(link.ring_after).toBeInstanceOf(Date);
    expect(await findLiveLink(drains.store, 'acme', subject)).toEqual(link);
    expect(await findLiveLink(drains.store, 'other', subject)).toBeNull();
  });

  it('under one id is one link, however often and however much at once', async () => {
    const [subject, id] = [newSubject(), newName('tkt')];
    const all = [...(await Promise.all(times(8, () => open(subject, id)))), await open(subject, id)];
    expect(new Set(all.map(({ link, opened }) => `${link._id} ${opened}`))).toEqual(new Set([`${id} true`]));
    expect(await linksOf(subject)).toBe(1);
  });

  it('at once under many ids is one link, and the others are given it', async () => {
    const subject = newSubject();
    const all = await Promise.all(times(8, () => open(subject)));
    expect(all.filter(({ opened }) => opened)).toHaveLength(1);
    expect(new Set(all.map(({ link }) => link._id)).size).toBe(1);
    expect(await linksOf(subject)).toBe(1);
  });

  it('again leaves one alone that the tracker refused: to try again is for people', async () => {
    const subject = newSubject();
    const { link } = await open(subject);
    const tracker = scriptedTracker();
    tracker.failWith(refusal());
    await drains.drain(link, tracker);
    const refused = await drains.reload(link);
    expect(refused.create_status).toBe('failed');
    expect(await open(subject, link._id)).toEqual({ link: refused, opened: true });
    expect(await open(subject)).toEqual({ link: refused, opened: false });
  });

  it('under a new id follows an unlinked one, while its own id does not link it again', async () => {
    const subject = newSubject();
    const { link: first } = await open(subject);
    await unlink(first);
    const detached = await drains.reload(first);
    expect(await open(subject, first._id)).toEqual({ link: detached, opened: true });
    const { link: second } = await open(subject);
    expect(second).toMatchObject({ nth: 2, live: true });
    // Whether another one is live, or was.
    expect(await open(subject, first._id)).toEqual({ link: second, opened: false });
    await unlink(second);
    expect(await open(subject, first._id)).toEqual({ link: detached, opened: true });
    expect(await linksOf(subject)).toBe(2);
  });

  it('of a subject that is not there opens nothing', async () => {
    const nobody = { ...anySubject(), snapshot: () => Promise.resolve(null) };
    const deps = {
      store: drains.store,
      subjects: { evidence_request: nobody, escalation: nobody },
      providers: unset,
      timings: defaultTimings,
    };
    const subject = newSubject();
    expect(await openLink(deps, { orgId: 'acme', subject, id: newName('tkt') })).toBeNull();
    expect(await linksOf(subject)).toBe(0);
  });

  it('whose provider has no keys leaves it pending with the reason, until it has them', async () => {
    const { link } = await open(newSubject());
    const tracker = scriptedTracker();
    const failure: unknown = await drains.drain(link, tracker, { providers: unset }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ type: 'TrackerUnavailable', nextRetryDelay: 1_000 });
    expect(failure).not.toMatchObject({ nonRetryable: true });
    expect(await drains.reload(link)).toMatchObject({
      create_status: 'pending',
      sync_state: 'pending',
      last_error: 'The ticket provider webhook needs TICKET_WEBHOOK_URL.',
      tries: 1,
    });
    await drains.store.links.updateOne({ _id: link._id }, { $set: { next_try_at: new Date(0) } });
    await drains.drain(link, tracker, { attempt: 2 });
    expect(await drains.reload(link)).toMatchObject({ sync_state: 'synced', last_error: null });
  });
});

describe('asking for a closing', () => {
  /** A link whose ticket is open, and the way to close it as the activity would: by what it has just read. */
  async function opened() {
    const [link, tracker] = [await drains.link(), scriptedTracker()];
    await drains.drain(link, tracker);
    const close = async (commandId: string) => requestClose(drains.store, await drains.reload(link), { commandId });
    const closes = () => tracker.calls.filter(({ what }) => what === 'close').length;
    return { link, tracker, close, closes };
  }

  it('stamps the link, tells the tracker once, and is nothing when it is closed', async () => {
    const { link, tracker, close, closes } = await opened();
    const id = newName('cmd');
    expect(await close(id)).toMatchObject({ _id: id, seq: 2, payload: { kind: 'close' } });
    expect(await drains.reload(link)).toMatchObject({ state: 'closed', sync_state: 'pending' });
    expect((await drains.reload(link)).closed_at).toBeInstanceOf(Date);
    expect([await close(id), await close(newName('cmd'))]).toEqual([null, null]);
    await drains.drain(link, tracker);
    expect(await drains.reload(link)).toMatchObject({ state: 'closed', sync_state: 'synced' });
    expect([await close(id), await close(newName('cmd'))]).toEqual([null, null]);
    expect([closes(), (await drains.commands(link)).length]).toEqual([1, 1]);
  });

  it('again after a death between the command and the stamp, makes up for the stamp alone', async () => {
    const { link, tracker, close, closes } = await opened();
    const id = newName('cmd');
    await drains.store.commands.create([{ ...(await draftOfClose(link)), _id: id }]);
    expect(await close(id)).toMatchObject({ _id: id, seq: 2 });
    expect(await drains.reload(link)).toMatchObject({ state: 'closed', sync_state: 'pending' });
    await drains.drain(link, tracker);
    expect([closes(), (await drains.commands(link)).length]).toEqual([1, 1]);
  });

  it('again by what was read before it was applied, takes nothing back', async () => {
    const { link, tracker, close } = await opened();
    const before = await drains.reload(link);
    const id = newName('cmd');
    await close(id);
    await drains.drain(link, tracker);
    const after = await drains.reload(link);
    expect(await requestClose(drains.store, before, { commandId: id })).toMatchObject({ _id: id, status: 'applied' });
    expect(await drains.reload(link)).toEqual(after);
  });

  it('again when the subject has another ticket since, leaves that one open', async () => {
    const { link, close } = await opened();
    const id = newName('cmd');
    await close(id);
    await unlink(link);
    const other = await drains.link();
    await requestClose(drains.store, other, { commandId: id });
    expect(await drains.reload(other)).toEqual(other);
    expect(await drains.commands(other)).toEqual([]);
  });

  it('that the tracker refused is not asked again under the same id, and is under another', async () => {
    const { link, tracker, close, closes } = await opened();
    const id = newName('cmd');
    await close(id);
    tracker.failWith(refusal());
    await drains.drain(link, tracker);
    expect(await close(id)).toMatchObject({ _id: id, status: 'failed' });
    await drains.drain(link, tracker);
    expect(closes()).toBe(1);
    await close(newName('cmd'));
    await drains.drain(link, tracker);
    expect(closes()).toBe(2);
    expect(await drains.reload(link)).toMatchObject({ state: 'closed', sync_state: 'synced' });
  });

  it('of a ticket that was refused waits behind it, and leaves its error to be seen', async () => {
    const [link, tracker] = [await drains.link(), scriptedTracker()];
    tracker.failWith(refusal());
    await drains.drain(link, tracker);
    await requestClose(drains.store, await drains.reload(link), { commandId: newName('cmd') });
    expect(await drains.drain(link, tracker)).toMatchObject({ held: true });
    expect(await drains.reload(link)).toMatchObject({ state: 'closed', sync_state: 'error', create_status: 'failed' });
  });

  /** The command of a closing, as it stands when its process died right after it. */
  async function draftOfClose(link: LinkDoc) {
    const { command } = await drains.append(await drains.link(), { kind: 'close' });
    return { ...command, link_id: link._id };
  }
});

describe('asking for a comment', () => {
  const request = { author: 'Ann', body: 'Claimed.' };

  it('under one id is one command, one comment, and one push, however often and at once', async () => {
    const [link, tracker] = [await drains.link(), scriptedTracker()];
    const commentId = newName('cmt');
    const ask = () => requestComment(drains.store, link, { ...request, commentId });
    const asked = [...(await Promise.all(times(6, ask))), await ask()];
    expect(new Set(asked.map(({ _id }) => _id))).toEqual(new Set([commentId.replace('cmt', 'cmd')]));
    expect(await drains.thread(link)).toEqual(['Claimed. (pending)']);
    await drains.drain(link, tracker);
    await ask();
    await drains.drain(link, tracker);
    expect(tracker.calls.map(({ what, key }) => [what, key])).toEqual([
      ['create', link._id],
      ['comment', commentId],
    ]);
    expect(await drains.thread(link)).toEqual(['Claimed. (synced)', 'Got: Claimed. (synced)']);
  });

  it('again after a death between the command and the thread, keeps its place', async () => {
    const link = await drains.link();
    const name = newName('x');
    await drains.store.commands.create([
      { ...(await drains.append(await drains.link(), comment(name))).command, _id: `cmd_${name}`, link_id: link._id },
    ]);
    await drains.append(link, comment(newName('later')));
    const command = await requestComment(drains.store, link, { commentId: `cmt_${name}`, author: 'Ann', body: name });
    expect(command.seq).toBe(2);
    expect(await drains.store.comments.findById(`cmt_${name}`).lean()).toMatchObject({ seq: 2, at: command.at });
    expect(await drains.commands(link)).toHaveLength(2);
  });
});
