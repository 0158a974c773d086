import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textsIn } from '../support/fake-service.js';
import { comment, options } from './drafts.js';
import { failureOf, openJira, signal, type JiraHarness } from './jira-harness.js';

const longAgo = new Date(0);

describe('jira: comments', () => {
  let harness: JiraHarness;
  beforeAll(async () => {
    harness = await openJira();
  });
  afterAll(async () => {
    expect(harness.jira.faults).toEqual([]);
    await harness.close();
  });

  it('say who wrote them, and bear our id', async () => {
    const ticket = await harness.open();
    const ours = comment({ author: 'Ada\nLovelace <script>', body: 'See **this**:\n\n- one', id: 'cmt_own' });
    const { externalCommentId } = await harness.provider.comment(ticket, ours, options());
    const [kept] = harness.jira.issue(ticket.externalId).comments;
    expect(kept?.id).toBe(externalCommentId);
    expect(textsIn(kept?.body)).toEqual(expect.arrayContaining(['Ada Lovelace <script>', 'See ', 'this', 'one']));
    expect(kept?.properties).toEqual([{ key: 'drawbridge', value: { comment_id: 'cmt_own' } }]);
  });

  it('are found by our id when the answer was lost, on whatever page', async () => {
    const ticket = await harness.open();
    harness.jira.settings.pageSize = 3;
    const lost = comment();
    harness.jira.misbehave({ kind: 'reset', store: true }, { on: 'comment' });
    expect(await failureOf(harness.provider.comment(ticket, lost, options()))).toMatchObject({ retryable: true });
    for (let later = 0; later < 7; later++) harness.jira.addForeignComment(ticket.externalId, `Later ${later}`);
    const { externalCommentId } = await harness.provider.comment(ticket, lost, options({ repeated: true }));
    harness.jira.settings.pageSize = 100;
    const { comments } = harness.jira.issue(ticket.externalId);
    expect(comments).toHaveLength(8);
    expect(comments[0]?.id).toBe(externalCommentId);
  });

  it('are not looked for among those older than they are', async () => {
    const ticket = await harness.open();
    harness.jira.settings.pageSize = 2;
    for (let early = 0; early < 9; early++) harness.jira.addForeignComment(ticket.externalId, 'Early');
    const before = harness.jira.count('comments');
    const ours = comment({ occurredAt: new Date(Date.now() + 2 * 3_600_000) });
    await harness.provider.comment(ticket, ours, options({ repeated: true }));
    harness.jira.settings.pageSize = 100;
    expect(harness.jira.count('comments') - before).toBe(1);
  });

  it('are cut where Jira would refuse them for their length', async () => {
    const ticket = await harness.open();
    await harness.provider.comment(ticket, comment({ body: 'word "quoted"\n'.repeat(3_000) }), options());
    expect(textsIn(harness.jira.issue(ticket.externalId).comments[0]?.body).join('')).toContain('…');
  });

  it('are read a page at a time, the oldest first, with whose they are', async () => {
    const ticket = await harness.open();
    harness.jira.settings.pageSize = 2;
    harness.jira.addForeignComment(ticket.externalId, 'First', { author: 'Grace' });
    await harness.provider.comment(ticket, comment({ id: 'cmt_mine', author: 'Ada', body: 'Second' }), options());
    harness.jira.addForeignComment(ticket.externalId, 'Third');
    const found = await harness.tracker.commentsSince(ticket, longAgo, { signal });
    harness.jira.settings.pageSize = 100;
    expect(found.map(({ author, body, ours, isEdited }) => [author, body, ours, isEdited])).toEqual([
      ['Grace', 'First', null, false],
      ['Drawbridge Bot', 'Ada\n\nSecond', 'cmt_mine', false],
      ['Grace Hopper', 'Third', null, false],
    ]);
  });

  it('are news when they were made or edited since', async () => {
    const ticket = await harness.open();
    const old = harness.jira.addForeignComment(ticket.externalId, 'Old');
    harness.jira.addForeignComment(ticket.externalId, 'Older still');
    const since = new Date(Date.now() + 60_000);
    expect(await harness.tracker.commentsSince(ticket, since, { signal })).toEqual([]);
    old.updated = new Date(since.getTime() + 5);
    const [edited, ...others] = await harness.tracker.commentsSince(ticket, since, { signal });
    expect(others).toEqual([]);
    expect(edited).toMatchObject({ externalCommentId: old.id, isEdited: true, at: old.updated });
  });

  it('are read in smaller pages where they are very long', async () => {
    const ticket = await harness.open();
    const provider = harness.another({}, { maxBodyBytes: 100_000 });
    for (let index = 0; index < 6; index++)
      harness.jira.addForeignComment(ticket.externalId, `${index}${'x'.repeat(30_000)}`);
    const found = await provider.tracker?.commentsSince(ticket, longAgo, { signal });
    expect(found?.map(({ body }) => body.charAt(0))).toEqual(['0', '1', '2', '3', '4', '5']);
  });

  it('that hold no text but a picture say so, and empty ones are none', async () => {
    const ticket = await harness.open();
    const media = {
      type: 'mediaSingle',
      content: [{ type: 'media', attrs: { type: 'file', id: 'x', collection: '' } }],
    };
    harness.jira.addForeignComment(ticket.externalId, { type: 'doc', version: 1, content: [media] });
    harness.jira.addForeignComment(ticket.externalId, { type: 'doc', version: 1, content: [] });
    const found = await harness.tracker.commentsSince(ticket, longAgo, { signal });
    expect(found.map(({ body }) => body)).toEqual(['[attachment]']);
  });
});
