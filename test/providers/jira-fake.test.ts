import { afterEach, describe, expect, it } from 'vitest';
import { rateLimited, startFakeJira, type FakeJira, type FakeJiraOptions } from '../support/fake-jira.js';

const document = (text: string) => ({
  type: 'doc',
  version: 1,
  content: [{ type: 'paragraph', content: [{ type: 'text', text }] }],
});

describe('the fake Jira judges by the documents', () => {
  let jira: FakeJira;
  afterEach(() => jira.close());

  async function call(method: string, path: string, body?: unknown, authorization?: string) {
    const { email = '', apiToken } = jira.credentials;
    const answer = await fetch(`${jira.url}/rest/api/3${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        authorization: authorization ?? `Basic ${Buffer.from(`${email}:${apiToken}`).toString('base64')}`,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, json: (text === '' ? null : JSON.parse(text)) as never };
  }
  const start = async (options?: FakeJiraOptions) => {
    jira = await startFakeJira(options);
  };
  const fields = { project: { key: 'SEC' }, issuetype: { name: 'Task' }, summary: 'A summary' };

  it.each([
    ['no summary', { summary: '' }, 'summary'],
    ['a summary of two lines', { summary: 'a\nb' }, 'summary'],
    ['a summary that is too long', { summary: 'x'.repeat(256) }, 'summary'],
    ['another issue type', { issuetype: { name: 'Epic' } }, 'issuetype'],
    ['another project', { project: { key: 'NOPE' } }, 'project'],
    ['a description that is a text', { description: 'text' }, 'description'],
    ['a description that is too long', { description: document('x'.repeat(33_000)) }, 'description'],
    ['a label with a space', { labels: ['a b'] }, 'labels'],
    ['a priority that there is not', { priority: { name: 'P0' } }, 'priority'],
    ['a field that is not on the screen', { customfield_1: 'x' }, 'customfield_1'],
  ])('refuses a create with %s, and makes nothing', async (_name, wrong, field) => {
    await start();
    const { status, json } = await call('POST', '/issue', { fields: { ...fields, ...wrong } });
    expect(status).toBe(400);
    expect(json).toMatchObject({ errors: { [field]: expect.any(String) as string } });
    expect(jira.issues).toEqual([]);
    expect(jira.faults).toHaveLength(1);
  });

  it('refuses an old search, an unbounded one, a wrong key, and what is not to be seen', async () => {
    await start();
    const made = await call('POST', '/issue', { fields });
    expect(made).toMatchObject({ status: 201, json: { id: '10001', key: 'SEC-1' } });
    expect((await call('POST', '/search', { jql: 'project = SEC' })).status).toBe(410);
    expect((await call('POST', '/search/jql', { jql: 'ORDER BY created' })).status).toBe(400);
    expect((await call('GET', '/myself', undefined, 'Bearer wrong')).status).toBe(401);
    for (const project of jira.settings.projects) project.isVisible = false;
    expect((await call('GET', '/issue/SEC-1')).status).toBe(404);
  });

  it('finds an issue later than it was made, and says only what it is asked for', async () => {
    await start({ searchLagMs: 150 });
    await call('POST', '/issue', { fields: { ...fields, labels: ['x'] } });
    const search = async () => (await call('POST', '/search/jql', { jql: 'labels = "x"' })).json;
    expect(await search()).toEqual({ issues: [], isLast: true });
    await expect.poll(search, { timeout: 3_000 }).toMatchObject({ issues: [{ id: '10001', key: 'SEC-1' }] });
    expect(await search()).not.toHaveProperty('issues.0.fields');
  });

  it('knows a remote link by its global id, and no comment that is a text', async () => {
    await start();
    await call('POST', '/issue', { fields });
    const link = { globalId: 'x', object: { url: 'https://x.example', title: 'X' } };
    expect((await call('POST', '/issue/SEC-1/remotelink', link)).status).toBe(201);
    expect((await call('POST', '/issue/SEC-1/remotelink', link)).status).toBe(200);
    expect((await call('POST', '/issue/SEC-1/comment', { body: 'text' })).status).toBe(400);
    expect((await call('POST', '/issue/SEC-1/comment', { body: document('x') })).status).toBe(201);
    expect((await call('PUT', '/issue/SEC-1', { fields: { summary: 'New' } })).status).toBe(204);
    expect(jira.issue('10001').summary).toBe('New');
  });

  it('refuses a resolution that is not on the screen, and a transition that there is not', async () => {
    await start();
    await call('POST', '/issue', { fields });
    const go = (id: string, more = {}) => call('POST', '/issue/SEC-1/transitions', { transition: { id }, ...more });
    expect((await go('21', { fields: { resolution: { name: 'Done' } } })).status).toBe(400);
    expect((await go('99')).status).toBe(400);
    expect((await go('31', { fields: { resolution: { name: 'Done' } } })).status).toBe(204);
    expect(jira.issue('SEC-1')).toMatchObject({ status: { name: 'Done' }, resolution: 'Done' });
  });

  it('limits the writes to one issue where it is told to, and says so as Jira does', async () => {
    await start({ limitWrites: true });
    await call('POST', '/issue', { fields });
    const comments = Array.from({ length: 25 }, () => call('POST', '/issue/SEC-1/comment', { body: document('x') }));
    const refused = (await Promise.all(comments)).filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(5);
    expect(refused[0]?.headers.get('ratelimit-reason')).toBe('jira-per-issue-on-write');
    jira.misbehave(rateLimited('jira-burst-based', 3), { on: 'myself' });
    const { status, headers } = await call('GET', '/myself');
    expect([status, headers.get('retry-after'), headers.get('ratelimit-reason')]).toEqual([
      429,
      '3',
      'jira-burst-based',
    ]);
  });
});
