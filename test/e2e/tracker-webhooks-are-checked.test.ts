import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectJira, hookSecret, useProduct, type ConnectedJira } from './support/jira.js';
import type { Linked } from './support/two-way.js';

const envSecret = 'environment-hook-secret';
const running = useProduct({
  JIRA_BASE_URL: 'http://127.0.0.1:9',
  JIRA_API_TOKEN: 'token-of-the-environment',
  JIRA_WEBHOOK_SECRET: envSecret,
});
let site: ConnectedJira;
let ticket: Linked;
let generic: string;
beforeAll(async () => {
  site = await connectJira(running.api);
  ticket = await site.linked();
  const made = await site.admin.post(`${site.org.path}/connections`, {
    provider: 'webhook',
    name: 'Generic',
    settings: { url: `${site.jira.url}/hook` },
    secrets: { webhook_secret: hookSecret },
  });
  generic = String(made.body.id);
});
afterAll(() => site.jira.close());

interface Sent {
  body?: string;
  secret?: string;
  header?: string;
}

async function post(path: string, { body = '{}', secret = hookSecret, header = 'x-hub-signature' }: Sent = {}) {
  const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  const answer = await fetch(`${running.api.url}/api/v1/webhooks/${path}`, {
    method: 'POST',
    headers: { [header]: signature, 'content-type': 'text/plain' },
    body,
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const ofIssue = (id: string) =>
  JSON.stringify({ webhookEvent: 'jira:issue_updated', timestamp: Date.now(), issue: { id, key: 'SEC-404' } });
const connection = () => `connections/${site.connectionId}`;

describe('a webhook of a connection', () => {
  it('is checked in this order: size, connection, signature, JSON, shape, ticket', async () => {
    const statuses = [
      await post(connection(), { body: 'x'.repeat(256 * 1024 + 1) }),
      await post('connections/con_unknown', { body: '{' }),
      await post(connection(), { body: '{', secret: 'wrong' }),
      await post(connection(), { body: ofIssue('1'), secret: envSecret }),
      await post(connection(), { body: ofIssue('1'), header: 'x-signature' }),
      await post(connection(), { body: '{' }),
      await post(connection(), { body: '{"webhookEvent":7}' }),
      await post(connection(), { body: ofIssue('99999') }),
    ].map(({ status }) => status);
    expect(statuses).toEqual([413, 404, 401, 401, 401, 400, 422, 404]);
  });

  it('that is of no ticket and no comment is taken, and applies nothing', async () => {
    const body = JSON.stringify({ webhookEvent: 'user_updated', timestamp: Date.now() });
    expect(await post(connection(), { body })).toEqual({
      status: 200,
      body: { success: true, applied: { comment: false, status: false } },
    });
  });

  it('in our own dialect is signed with the connection’s secret, and reaches its own tickets only', async () => {
    const path = `connections/${generic}`;
    const body = JSON.stringify({ external_id: ticket.key, status: 'open' });
    expect(await post(path, { body, header: 'x-signature' })).toMatchObject({ status: 404 });
    expect(await post(path, { body })).toMatchObject({ status: 401 });
    expect(await post(path, { body: '{}', header: 'x-signature' })).toMatchObject({ status: 422 });
  });
});

describe('a webhook of the environment’s tracker', () => {
  it('needs its secret, is signed with it, and does not reach the tickets of connections', async () => {
    const sent = { body: ofIssue(site.jira.issue(ticket.key).id), secret: envSecret };
    expect(await post('jira', { body: '{', secret: hookSecret })).toMatchObject({ status: 401 });
    expect(await post('jira', sent)).toMatchObject({ status: 404 });
    expect(await post('servicenow', { body: '{', header: 'x-signature' })).toMatchObject({
      status: 503,
      body: { code: 'provider_not_configured' },
    });
  });

  it('names its secret when that alone is missing', async () => {
    const keyless = await running.product.startApi({ env: { JIRA_WEBHOOK_SECRET: '' } });
    const answer = await fetch(`${keyless.url}/api/v1/webhooks/jira`, { method: 'POST', body: '{' });
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ missing: ['JIRA_WEBHOOK_SECRET'] });
    await keyless.stop();
  });
});
