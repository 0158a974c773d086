import type { IncomingHttpHeaders } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { UnreadableChange, type TrackedTicket, type RemoteChange } from '../../src/integrations/tracker-side.js';
import { verifySignature } from '../../src/lib/signature.js';
import { localised } from '../support/fake-jira.js';
import { FakeService } from '../support/fake-service.js';
import { comment, options } from './drafts.js';
import { failureOf, openJira, signal, type JiraHarness } from './jira-harness.js';

const secret = 'whsec-jira-canary';

describe('jira: what its webhooks say', () => {
  let harness: JiraHarness;
  let change: { change: RemoteChange | null; event: unknown; signed: boolean; headers: IncomingHttpHeaders }[];
  let receiver: FakeService;
  beforeEach(async () => {
    harness = await openJira({ workflow: localised });
    change = [];
    receiver = await new FakeService(({ json, headers, rawBody }) => {
      const header = (name: string) => headers[name]?.toString();
      change.push({
        change: harness.tracker.read(json, header),
        event: (json as { webhookEvent: string }).webhookEvent,
        signed: verifySignature(rawBody, header(harness.tracker.signatureHeader), secret),
        headers,
      });
      return { status: 200, body: {}, faults: [] };
    }).up();
    harness.jira.sendWebhooksTo({ url: receiver.origin, secret, retryDelayMs: 20 });
  });
  afterEach(async () => {
    expect(change.filter(({ signed }) => !signed)).toEqual([]);
    await harness.close();
    await receiver.close();
  });

  async function text(run: () => unknown) {
    await harness.jira.webhooksIdle();
    change.length = 0;
    await run();
    await harness.jira.webhooksIdle();
    return change.map((entry) => entry.change);
  }

  it('is a status with its time, by the issue’s id and key', async () => {
    const ticket = await harness.open();
    const [moved] = await text(() => harness.jira.transition(ticket.externalId, 'Fertig'));
    expect(moved).toEqual({
      ticket: { externalId: ticket.externalId, externalRef: ticket.externalRef },
      eventId: harness.jira.webhooks.at(-1)?.identifier,
      occurredAt: harness.jira.issue(ticket.externalId).updated,
      status: { id: '20002', name: 'Fertig', isDone: true },
      comments: [],
    });
  });

  it('is a comment as text, from a document and from wiki markup alike', async () => {
    const ticket = await harness.open();
    for (const commentBody of ['adf', 'wiki'] as const) {
      harness.jira.hookHabits({ commentBody });
      const found = await text(() =>
        harness.jira.addForeignComment(ticket.externalId, 'One\n\nTwo', { author: 'Grace' }),
      );
      expect(found.flatMap((one) => one?.comments ?? [])).toMatchObject([
        { author: 'Grace', body: 'One\n\nTwo', isEdited: false, ours: null },
      ]);
    }
  });

  it('is a comment’s issue by the comment’s address where it is missing', async () => {
    const ticket = await harness.open();
    harness.jira.hookHabits({ withoutIssue: true });
    const found = await text(() => harness.jira.addForeignComment(ticket.externalId, 'Hello'));
    const [created] = found.filter((one) => one?.comments.length === 1);
    expect(created?.ticket).toEqual({ externalId: null, externalRef: ticket.externalRef });
    expect(created?.status).toBeNull();
  });

  it('is an edit as one, and a nameless author by a word for one', async () => {
    const ticket = await harness.open();
    harness.jira.hookHabits({ nameless: true });
    const { id } = harness.jira.addForeignComment(ticket.externalId, 'Frist');
    const found = await text(() => harness.jira.editComment(ticket.externalId, id, 'First'));
    expect(found.flatMap((one) => one?.comments ?? [])).toMatchObject([
      { externalCommentId: id, author: 'Jira user', body: 'First', isEdited: true },
    ]);
  });

  it('is our own comment twice, under one id', async () => {
    const ticket = await harness.open();
    harness.jira.hookHabits({ commentInIssueUpdated: true, beforeAnswer: true, doubled: true });
    let pushed: string | null = null;
    const found = await text(async () => {
      pushed = (await harness.provider.comment(ticket, comment(), options())).externalCommentId;
    });
    expect(found).toHaveLength(4);
    expect(new Set(found.flatMap((one) => one?.comments ?? []).map((one) => one.externalCommentId))).toEqual(
      new Set([pushed]),
    );
    expect(new Set(found.map((one) => one?.eventId)).size).toBe(2);
  });

  it('is an older status with the older time, when an edit and a transition come at once', async () => {
    const ticket = await harness.open();
    harness.jira.holdWebhooks();
    harness.jira.editThenTransition(ticket.externalId, 'Edited', 'Fertig');
    const [second, first] = await text(() => harness.jira.releaseWebhooks('reversed'));
    expect([first?.status?.name, second?.status?.name]).toEqual(['Zu erledigen', 'Fertig']);
    expect(first?.occurredAt?.getTime()).toBeLessThan(second?.occurredAt?.getTime() ?? 0);
  });

  it('comes again when it was not taken, under the same id', async () => {
    const ticket = await harness.open();
    await harness.jira.webhooksIdle();
    receiver.misbehave({ kind: 'status', status: 503 });
    const [moved] = await text(() => harness.jira.transition(ticket.externalId, 'Fertig'));
    expect(harness.jira.webhooks.at(-1)?.statuses).toEqual([503, 200]);
    expect(moved?.eventId).toBe(harness.jira.webhooks.at(-1)?.identifier);
    expect(change[0]?.headers['x-atlassian-webhook-retry']).toBe('1');
  });

  it('is nothing where it is missing', async () => {
    const ticket = await harness.open();
    harness.jira.hookHabits({ missing: true });
    expect(await text(() => harness.jira.transition(ticket.externalId, 'Fertig'))).toEqual([]);
  });
});

describe('jira: webhooks that somebody made up', () => {
  let harness: JiraHarness;
  beforeAll(async () => {
    harness = await openJira();
  });
  afterAll(() => harness.close());
  const read = (body: unknown, id?: string) => harness.tracker.read(body, () => id);
  const self = 'https://evil.example/rest/api/3/issue/10001/comment/10';

  it.each(['comment_deleted', 'jira:issue_deleted', 'sprint_started', ''])('says nothing of %j', (webhookEvent) => {
    expect(read({ webhookEvent, issue: 7 })).toBeNull();
  });

  it.each([
    ['a text', 'x', ''],
    ['null', null, ''],
    ['no event', {}, 'webhookEvent'],
    ['no issue', { webhookEvent: 'jira:issue_updated' }, 'issue'],
    ['an issue without an id', { webhookEvent: 'jira:issue_updated', issue: { key: 'SEC-1' } }, 'issue.id'],
    ['an id that is a path', { webhookEvent: 'jira:issue_updated', issue: { id: '../myself' } }, 'issue.id'],
    ['no comment', { webhookEvent: 'comment_created', issue: { id: '1' } }, 'comment'],
    [
      'an address without an issue',
      { webhookEvent: 'comment_created', comment: { id: '1', self: 'https://x.example/' } },
      'comment.self',
    ],
    ['no address', { webhookEvent: 'comment_created', comment: { id: '1' } }, 'comment.self'],
  ])('cannot be read with %s', (_name, body, path) => {
    const run = () => read(body);
    expect(run).toThrow(UnreadableChange);
    try {
      run();
    } catch (error) {
      expect(error).toMatchObject({ path });
    }
  });

  it('takes strange parts for absent, and dials nothing', () => {
    const before = harness.jira.requests.length;
    const body = {
      webhookEvent: 'comment_created',
      timestamp: 'soon',
      comment: { id: 10, self, author: 7, body: 'Hello', created: 'then', properties: 'x' },
      issue: null,
    };
    expect(read(body, 'bad id\n')).toEqual({
      ticket: { externalId: null, externalRef: '10001' },
      eventId: null,
      occurredAt: null,
      status: null,
      comments: [
        { externalCommentId: '10', author: 'Jira user', body: 'Hello', at: null, isEdited: false, ours: null },
      ],
    });
    expect(harness.jira.requests).toHaveLength(before);
  });

  it('knows our comment by its property, where it brings one', () => {
    const properties = [{ key: 'drawbridge', value: { comment_id: 'cmt_1' } }];
    const made = read({ webhookEvent: 'comment_created', comment: { id: '10', self, body: 'Hello', properties } });
    expect(made?.comments[0]?.ours).toBe('cmt_1');
  });
});

describe('jira: what a poll finds', () => {
  let harness: JiraHarness;
  beforeAll(async () => {
    harness = await openJira(
      { workflow: localised, projects: [{ key: 'SEC' }, { key: 'OPS' }] },
      { projectKey: 'SEC' },
    );
  });
  afterAll(async () => {
    expect(harness.jira.faults).toEqual([]);
    await harness.close();
  });

  async function changedSince(since: Date): Promise<TrackedTicket[]> {
    const found: TrackedTicket[] = [];
    for await (const ticket of harness.tracker.changedSince(since, { signal })) found.push(ticket);
    return found;
  }

  it('is each of our issues that changed, the oldest change first, page after page', async () => {
    harness.jira.settings.pageSize = 3;
    const tickets = [];
    for (let index = 0; index < 8; index++) tickets.push(await harness.open());
    const [first] = tickets;
    if (!first) throw new Error('There is no ticket.');
    harness.jira.transition(first.externalId, 'Fertig');
    const found = await changedSince(new Date(Date.now() - 60_000));
    harness.jira.settings.pageSize = 100;
    expect(new Set(found.map(({ externalId }) => externalId)).size).toBe(8);
    expect(found).toHaveLength(8);
    const times = found.map(({ updatedAt }) => updatedAt.getTime());
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(found.find(({ externalId }) => externalId === first.externalId)).toEqual({
      externalId: first.externalId,
      externalRef: first.externalRef,
      status: { id: '20002', name: 'Fertig', isDone: true },
      updatedAt: harness.jira.issue(first.externalId).updated,
    });
  });

  it('is only what changed since then, to the millisecond, though JQL knows minutes', async () => {
    const { externalId } = await harness.open();
    const { updated } = harness.jira.issue(externalId);
    const at = (offsetMs: number) => changedSince(new Date(updated.getTime() + offsetMs));
    expect((await at(0)).map((one) => one.externalId)).toContain(externalId);
    expect(await at(1)).toEqual([]);
    expect(await changedSince(new Date(Date.now() + 3_600_000))).toEqual([]);
  });

  it('is nothing of another project, and nothing of others', async () => {
    const since = new Date();
    await harness.another({ projectKey: 'OPS' }).create(await harness.open(), options());
    const fields = { project: { key: 'SEC' }, issuetype: { name: 'Task' }, summary: 'Theirs' };
    const { email = '', apiToken } = harness.jira.credentials;
    await fetch(`${harness.jira.url}/rest/api/3/issue`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from(`${email}:${apiToken}`).toString('base64')}`,
      },
      body: JSON.stringify({ fields }),
    });
    const found = await changedSince(since);
    expect(found.map(({ externalId }) => harness.jira.issue(externalId).projectKey)).toEqual(['SEC']);
  });

  it('is how one ticket is, also after it moved, and an error when it is gone', async () => {
    const ticket = await harness.open();
    const moved = harness.jira.move(ticket.externalId, 'OPS');
    expect(await harness.tracker.fetchTicket(ticket, { signal })).toMatchObject({
      externalId: moved,
      externalRef: ticket.externalRef,
      status: { name: 'Zu erledigen', isDone: false },
    });
    harness.jira.deleteIssue(moved);
    expect(await failureOf(harness.tracker.fetchTicket(ticket, { signal }))).toMatchObject({
      code: 'http_404',
      retryable: false,
    });
  });

  it('fails as calls do', async () => {
    harness.jira.misbehave({ kind: 'html' }, { on: 'search' });
    expect(await failureOf(changedSince(new Date()))).toMatchObject({ code: 'not_json', retryable: true });
  });
});
