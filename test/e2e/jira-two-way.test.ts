import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectJira, useProduct, type ConnectedJira } from './support/jira.js';

const running = useProduct();
const statusMap = { 'In Progress': 'in_progress', Done: 'accepted', 'To Do': 'open' };

let site: ConnectedJira;
beforeAll(async () => {
  site = await connectJira(running.api, { status_map: statusMap });
});
afterAll(() => site.jira.close());

const statusesOf = (event: string) =>
  site.jira.webhooks.filter((webhook) => webhook.event === event).flatMap(({ statuses }) => statuses);

describe('our own comment', () => {
  it('comes back as two webhooks after our POST’s answer, and is no echo', async () => {
    const { path, reads, thread } = await site.linked();
    site.jira.hookHabits({ commentInIssueUpdated: true, doubled: true });
    const added = await site.admin.post(`${path}/comments`, { body: 'From us' });
    expect(added).toMatchObject({ status: 201, body: { sync_state: 'synced' } });
    await site.jira.webhooksIdle();
    expect(statusesOf('comment_created')).toEqual([200, 200]);
    site.jira.hookHabits({ commentInIssueUpdated: false, doubled: false });
    await reads(['From us']);
    expect(await thread()).toMatchObject([{ source: 'internal', sync_state: 'synced', edited_at: null }]);
  });

  it('comes back before our POST’s answer, and is no echo', async () => {
    const { path, texts } = await site.linked();
    // The webhook waits for the comment that waits for the webhook: somewhere that waits for little.
    const hasty = await running.product.startApi({ env: { TICKET_WAIT_MS: '500' } });
    site.hooksTo(hasty);
    site.jira.hookHabits({ beforeAnswer: true, commentInIssueUpdated: true });
    const added = await site.admin.post(`${path}/comments`, { body: 'Ahead of the answer' });
    expect(added).toMatchObject({ status: 201, body: { sync_state: 'synced' } });
    site.jira.hookHabits({ beforeAnswer: false, commentInIssueUpdated: false });
    await site.jira.webhooksIdle();
    expect(site.jira.webhooks.at(-1)?.statuses).toEqual([202]);
    site.hooksTo(running.api);
    await hasty.stop();
    // Its commands are applied before this one is.
    await site.admin.post(`${path}/comments`, { body: 'Behind it' });
    expect(await texts()).toEqual(['Ahead of the answer', 'Behind it']);
  });

  it('comes back when the answer to our POST was lost, and is one on both sides', async () => {
    const { path, key, texts, shows } = await site.linked();
    site.jira.misbehave({ kind: 'reset', store: true }, { on: 'comment' });
    await site.admin.post(`${path}/comments`, { body: 'Answer lost' });
    await shows({ sync_state: 'synced' });
    await site.jira.webhooksIdle();
    expect(await texts()).toEqual(['Answer lost']);
    expect(site.jira.issue(key).comments).toHaveLength(1);
  });
});

describe('a foreign comment', () => {
  it('that comes doubled, without its issue, is one', async () => {
    const { key, reads, thread } = await site.linked();
    site.jira.hookHabits({ doubled: true, withoutIssue: true, commentInIssueUpdated: true });
    site.jira.addForeignComment(key, 'Please see the logs');
    await site.jira.webhooksIdle();
    site.jira.hookHabits({ doubled: false, withoutIssue: false, commentInIssueUpdated: false });
    await reads(['Please see the logs']);
    expect(await thread()).toMatchObject([{ source: 'external', author: 'Grace Hopper' }]);
  });

  it('reads the same as wiki text and as ADF', async () => {
    const { key, texts } = await site.linked();
    const paragraphs = 'First line\n\nSecond one';
    for (const commentBody of ['wiki', 'adf'] as const) {
      site.jira.hookHabits({ commentBody });
      site.jira.addForeignComment(key, paragraphs);
      await site.jira.webhooksIdle();
    }
    expect(await texts()).toEqual([paragraphs, paragraphs]);
  });

  it('whose edit arrives before it ends as edited, once', async () => {
    const { key, texts, thread } = await site.linked();
    site.jira.holdWebhooks();
    const { id } = site.jira.addForeignComment(key, 'Frist');
    site.jira.editComment(key, id, 'First');
    await site.jira.releaseWebhooks('reversed');
    await site.jira.webhooksIdle();
    expect(await texts()).toEqual(['First']);
    expect((await thread())[0]?.edited_at).not.toBeNull();
  });
});

describe('a status', () => {
  it('shows on the link, and reaches the request by the connection’s map', async () => {
    const { key, path, shows } = await site.linked();
    site.jira.transition(key, 'In Progress');
    await shows({ external_status: 'In Progress', state: 'open' });
    await site.jira.webhooksIdle();
    expect((await site.admin.get(path)).body.status).toBe('in_progress');
  });

  it('is not put back by the stale webhook of an edit and a transition', async () => {
    for (const order of ['in order', 'reversed'] as const) {
      const { key, path, link } = await site.linked();
      site.jira.holdWebhooks();
      site.jira.editThenTransition(key, 'Another summary', 'In Progress');
      await site.jira.releaseWebhooks(order);
      expect(await link()).toMatchObject({ external_status: 'In Progress' });
      expect((await site.admin.get(path)).body.status).toBe('in_progress');
    }
  });

  it('of our own closing is not undone by a webhook from before it', async () => {
    const { key, path, link } = await site.linked();
    site.jira.holdWebhooks();
    site.jira.edit(key, { summary: 'Edited while we close' });
    const closed = await site.admin.post(`${path}/ticket/close`);
    expect(closed).toMatchObject({ status: 200, body: { state: 'closed', sync_state: 'synced' } });
    await site.jira.releaseWebhooks('reversed');
    expect(await link()).toMatchObject({ state: 'closed', external_status: 'Done' });
    expect((await site.admin.get(path)).body.status).toBe('accepted');
  });
});

describe('a moved issue', () => {
  it('is still known, by its inner id', async () => {
    const { projects } = site.jira.settings;
    projects.push(...projects.slice(0, 1).map((one) => ({ ...one, key: 'OPS' })));
    const { key, reads } = await site.linked();
    const moved = site.jira.move(key, 'OPS');
    site.jira.addForeignComment(moved, 'Moved here');
    await reads(['Moved here']);
  });
});

it('kept to the documents in every request', () => {
  expect(site.jira.faults).toEqual([]);
});
