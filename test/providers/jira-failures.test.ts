import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TicketMetadata } from '../../src/integrations/port.js';
import { rateLimited, type RateLimitReason } from '../support/fake-jira.js';
import { closing, comment, draft, options } from './drafts.js';
import { failureOf, openJira, type JiraHarness } from './jira-harness.js';

const severe: TicketMetadata = { ...draft().metadata, severity: 'critical' };

describe('jira: failures', () => {
  let harness: JiraHarness;
  beforeAll(async () => {
    harness = await openJira({}, { projectKey: 'SEC' }, { timeoutMs: 400 });
  });
  afterAll(() => harness.close());

  const create = (overrides = {}) =>
    failureOf(harness.provider.create(draft(overrides), { ...options(), sentAt: null }));

  it('says one 401 in Jira’s words, without what it was refused for', async () => {
    const provider = harness.another({ apiToken: 'canary-wrong-token' });
    const before = harness.jira.count('create');
    const error = await failureOf(provider.create(draft(), { ...options(), sentAt: null }));
    expect(error).toMatchObject({ code: 'http_401', retryable: false });
    expect(String(error)).toContain('Client must be authenticated to access this resource.');
    expect(harness.jira.count('create') - before).toBe(1);
  });

  it('takes a 403 that is about the credential for a 401, and no other', async () => {
    const headers = { 'x-authentication-denied-reason': 'CAPTCHA_CHALLENGE; login-url=https://x.example' };
    harness.jira.misbehave({ kind: 'status', status: 403, headers }, { on: 'create' });
    expect(await create()).toMatchObject({ code: 'http_401', retryable: false });
    harness.jira.misbehave({ kind: 'status', status: 403 }, { on: 'create' });
    expect(await create()).toMatchObject({ code: 'http_403', retryable: false });
  });

  it('comes as Bearer where there is no e-mail', async () => {
    const scoped = await openJira({ auth: { apiToken: 'scoped-token-1' } });
    await expect(scoped.open()).resolves.toBeDefined();
    expect(scoped.jira.requests.at(-1)?.headers.authorization).toBe('Bearer scoped-token-1');
    await scoped.close();
  });

  it('names the field that Jira refuses', async () => {
    const fields = harness.jira.settings.projects[0]?.fields;
    fields?.push({ id: 'customfield_10010', name: 'Team', required: true });
    const error = await create();
    fields?.pop();
    expect(error).toMatchObject({
      code: 'http_400',
      retryable: false,
      message: 'HTTP 400: customfield_10010: Team is required.',
    });
  });

  it.each<RateLimitReason>([
    'jira-quota-global-based',
    'jira-quota-tenant-based',
    'jira-burst-based',
    'jira-per-issue-on-write',
  ])('waits as long as Jira says on %s', async (reason) => {
    harness.jira.misbehave(rateLimited(reason, 4), { on: 'create' });
    expect(await create()).toMatchObject({ code: 'http_429', retryable: true, retryAfterMs: 4_000 });
  });

  it('keeps the Retry-After of a 503', async () => {
    harness.jira.misbehave({ kind: 'status', status: 503, headers: { 'retry-after': '7' } }, { on: 'create' });
    expect(await create()).toMatchObject({ code: 'http_503', retryable: true, retryAfterMs: 7_000 });
  });

  it('takes a page with 200 for no ticket', async () => {
    const before = harness.jira.issues.length;
    harness.jira.misbehave({ kind: 'html' }, { on: 'create' });
    expect(await create()).toMatchObject({ code: 'not_json', retryable: true });
    expect(harness.jira.issues).toHaveLength(before);
  });

  it('ends a hang at the deadline', async () => {
    const started = Date.now();
    harness.jira.misbehave({ kind: 'hang' }, { on: 'create' });
    expect(await create()).toMatchObject({ code: 'timeout', retryable: true });
    expect(Date.now() - started).toBeLessThan(2_000);
  });

  it('says what is no issue of Jira’s without asking', async () => {
    const before = harness.jira.requests.length;
    const of = { ...draft(), externalId: '../../user', externalRef: null };
    for (const call of [
      harness.provider.comment(of, comment(), options()),
      harness.provider.close(of, closing('cmd_1')),
    ]) {
      expect(await failureOf(call)).toMatchObject({ code: 'not_an_issue', retryable: false });
    }
    expect(harness.jira.requests).toHaveLength(before);
  });

  it('is final on an issue that is gone', async () => {
    const ticket = await harness.open();
    harness.jira.deleteIssue(ticket.externalId);
    const expected = { code: 'http_404', retryable: false };
    expect(await failureOf(harness.provider.comment(ticket, comment(), options()))).toMatchObject(expected);
    expect(await failureOf(harness.provider.close(ticket, closing('cmd_2')))).toMatchObject(expected);
  });

  it('keeps every secret out of its errors', async () => {
    const { email = '', apiToken } = harness.jira.credentials;
    const basic = Buffer.from(`${email}:${apiToken}`).toString('base64');
    for (const status of [400, 401, 403, 409, 500]) {
      const message = `Refused ${apiToken}: authorization: Basic ${basic}, ${encodeURIComponent(apiToken)}`;
      harness.jira.misbehave(
        { kind: 'status', status, body: { errorMessages: [message], errors: { x: message } } },
        { on: 'create' },
      );
      const error = await create();
      const text = [String(error), JSON.stringify(error), (error as Error).stack].join('\n');
      for (const secret of [apiToken, basic]) expect(text).not.toContain(secret);
      expect(text).toContain('Refused');
    }
  });

  describe('of a priority', () => {
    it('that we chose leave it out, and it is not tried again for a while', async () => {
      const { jira, provider, close } = await openJira({ projects: [{ priorities: ['P1'] }] }, { projectKey: 'SEC' });
      const sent: string[] = [];
      const on = { ...options(), sentAt: null, sending: () => Promise.resolve(void sent.push('sent')) };
      await provider.create(draft({ metadata: severe }), on);
      expect(jira.issues[0]?.priority).toBeNull();
      expect([jira.count('create'), sent.length]).toEqual([2, 2]);
      await provider.create(draft({ metadata: severe }), on);
      expect([jira.count('create'), jira.issues.length]).toEqual([3, 2]);
      await close();
    });

    it('that the org chose are its own to repair', async () => {
      const { jira, another, close } = await openJira({ projects: [{ priorities: ['P1'] }] });
      const mapped = another({ severityMap: { critical: 'P0' } });
      const expected = { code: 'http_400', retryable: false, message: expect.stringContaining('priority: ') as string };
      expect(await failureOf(mapped.create(draft({ metadata: severe }), options()))).toMatchObject(expected);
      const routed = draft({ metadata: severe, severity: 'Blocker' });
      expect(await failureOf(another().create(routed, options()))).toMatchObject(expected);
      expect(jira.count('create')).toBe(2);
      await close();
    });

    it('along with another field are said, not tried again', async () => {
      const { jira, provider, close } = await openJira({
        projects: [
          { priorities: [], fields: ['description', 'labels', 'team'].map((id) => ({ id, name: id, required: true })) },
        ],
      });
      const error = await failureOf(provider.create(draft({ metadata: severe }), options()));
      expect(error).toMatchObject({ code: 'http_400', message: expect.stringContaining('team is required') as string });
      expect(jira.count('create')).toBe(1);
      await close();
    });
  });
});
