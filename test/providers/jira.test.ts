import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TicketMetadata } from '../../src/integrations/port.js';
import { isObject, objects, textsIn } from '../support/fake-service.js';
import { project } from '../support/fake-jira/memory.js';
import { ticketProviderContract } from './contract.js';
import { draft, options } from './drafts.js';
import { failureOf, openJira, type JiraHarness } from './jira-harness.js';

ticketProviderContract('jira', async () => {
  const { provider, jira, close } = await openJira();
  return {
    provider,
    ticketCount: () => Promise.resolve(jira.issues.length),
    stateOf(id) {
      const category = jira.issues.find(({ key }) => key === id)?.status.category;
      if (category === undefined) return Promise.resolve(null);
      return Promise.resolve(category === 'done' ? 'closed' : 'open');
    },
    commentCount: (id) => jira.issue(id).comments.length,
    loseNextAnswer: () => jira.misbehave({ kind: 'reset', store: true }, { on: 'create' }),
    async close() {
      expect(jira.faults).toEqual([]);
      await close();
    },
  };
});

const metadata = (overrides: Partial<TicketMetadata> = {}): TicketMetadata => ({
  subject_type: 'escalation',
  subject_id: 'esc_1',
  severity: null,
  gateway: null,
  actor: null,
  policy: null,
  reason: null,
  ...overrides,
});

describe('jira: what a ticket is', () => {
  let harness: JiraHarness;
  beforeAll(async () => {
    harness = await openJira();
  });
  afterAll(async () => {
    expect(harness.jira.faults).toEqual([]);
    await harness.close();
  });

  it('is an issue with our labels and property, known by its key, its id and its page', async () => {
    const of = draft({ title: 'Zürich\nsecond line\t🔐' });
    const made = await harness.provider.create(of, { ...options(), sentAt: null });
    const issue = harness.jira.issue(made.externalId);
    expect(made).toEqual({
      externalId: issue.key,
      externalRef: issue.id,
      externalUrl: `${harness.jira.url}/browse/${issue.key}`,
      externalStatus: null,
    });
    expect(issue).toMatchObject({ issueType: 'Task', summary: 'Zürich second line 🔐', priority: null });
    expect(issue.labels).toEqual(['drawbridge', `drawbridge-${of.linkId}`]);
    expect(issue.properties.get('drawbridge')).toEqual({ link_id: of.linkId });
  });

  it('costs two calls where the project is known: the issue and its remote link', async () => {
    const provider = harness.another({ projectKey: 'SEC' });
    const before = harness.jira.requests.length;
    const made = await provider.create(draft(), { ...options(), sentAt: null });
    const calls = harness.jira.requests.slice(before).map(({ operation }) => operation);
    expect(calls).toEqual(['create', 'remotelink']);
    const [link] = [...harness.jira.issue(made.externalId).remoteLinks.values()];
    expect(link?.object).toMatchObject({ url: 'http://localhost:8080/evidence-requests/er_1' });
  });

  it('stands though its remote link fails, for its description has the address', async () => {
    for (const habit of [{ kind: 'status', status: 403 } as const, { kind: 'reset' } as const]) {
      harness.jira.misbehave(habit, { on: 'remotelink' });
      const { description } = harness.jira.issue((await harness.open()).externalId);
      expect(textsIn(description)).toContain('http://localhost:8080/evidence-requests/er_1');
    }
  });

  it('links to a page that its description has already only once', async () => {
    const url = 'https://bridge.example/esc_1';
    const { externalId } = await harness.open({ url, description: `Review: <${url}>` });
    const { description } = harness.jira.issue(externalId);
    expect(objects(isObject(description) ? description.content : [])).toHaveLength(1);
  });

  it('cuts a summary at 255, and no pair of surrogates', async () => {
    const { summary } = harness.jira.issue((await harness.open({ title: `${'x'.repeat(253)}🔐🔐` })).externalId);
    expect(summary).toBe(`${'x'.repeat(253)}…`);
  });

  it.each([
    ['words', 'A line with "quotes" and \\ backslashes.\n'],
    ['marks', '**bold** [a](https://a.example) `c`\n\n- x\n'],
    ['deep lists', '- a\n  - b\n    - c\n'],
    ['one character', '🔐'],
  ])('cuts a description of %s where Jira would refuse it, and says where the whole is', async (_name, unit) => {
    const { externalId } = await harness.open({ description: unit.repeat(32_000 / unit.length) });
    const { description } = harness.jira.issue(externalId);
    const length = JSON.stringify(description).length;
    expect(length).toBeLessThanOrEqual(32_767);
    const texts = textsIn(description);
    const isCut = texts.join('').includes('…');
    expect(texts.includes('The whole text: ')).toBe(isCut);
    if (isCut) expect(length).toBeGreaterThan(31_000);
  });

  it('takes its priority from the connection, else from routing, else from us', async () => {
    const priorityOf = async (severity: string | null, ours: TicketMetadata['severity'], severityMap = {}) => {
      const of = draft({ severity, metadata: metadata({ severity: ours }) });
      const { externalId } = await harness.another({ severityMap }).create(of, options());
      return harness.jira.issue(externalId).priority;
    };
    expect(await priorityOf('Low', 'critical', { critical: 'Medium' })).toBe('Medium');
    expect(await priorityOf('Low', 'critical')).toBe('Low');
    expect(await priorityOf('high', 'high')).toBe('High');
    expect(await priorityOf(null, 'critical')).toBe('Highest');
    expect(await priorityOf('critical', 'critical', { critical: { impact: 1, urgency: 1 } })).toBe('Highest');
    expect(await priorityOf(null, null)).toBeNull();
  });

  it('has the fields of the field map, and its labels besides ours', async () => {
    harness.jira.settings.projects[0]?.fields.push({ id: 'customfield_10010', name: 'Team', required: true });
    const provider = harness.another({
      fieldMap: {
        customfield_10010: { value: 'team {gateway}' },
        labels: ['from {actor}', 'sox'],
        summary: 'not this',
        priority: { name: '{severity}' },
      },
    });
    const of = draft({ title: 'Ours', metadata: metadata({ gateway: 'gw 1', actor: 'ada' }) });
    const issue = harness.jira.issue((await provider.create(of, options())).externalId);
    expect(issue.summary).toBe('Ours');
    expect(issue.fields.customfield_10010).toEqual({ value: 'team gw 1' });
    expect(issue.labels).toEqual(['drawbridge', `drawbridge-${of.linkId}`, 'from-ada', 'sox']);
    expect(issue.priority).toBeNull();
    harness.jira.settings.projects[0]?.fields.pop();
  });
});

describe('jira: which project', () => {
  const withProjects = (...keys: string[]) => openJira({ projects: keys.map((key) => ({ key, name: key })) });

  it('is the one that was set', async () => {
    const { another, jira, close } = await withProjects('ONE', 'TWO');
    await another({ projectKey: 'TWO' }).create(draft(), options());
    expect(jira.issues[0]?.key).toBe('TWO-1');
    expect(jira.count('projects')).toBe(0);
    await close();
  });

  it('is the only one to be seen, which is asked for once', async () => {
    const { provider, jira, close } = await withProjects('ONE', 'TWO');
    jira.settings.projects.splice(1, 1, project({ key: 'TWO', isVisible: false }));
    for (let time = 0; time < 3; time++) await provider.create(draft(), options());
    expect(jira.issues.map(({ key }) => key)).toEqual(['ONE-1', 'ONE-2', 'ONE-3']);
    expect(jira.count('projects')).toBe(1);
    await close();
  });

  it('is not guessed: the error names those that there are', async () => {
    const { provider, jira, close } = await withProjects('ONE', 'TWO', 'THREE');
    const error = await failureOf(provider.create(draft(), options()));
    expect(error).toMatchObject({ name: 'ProviderError', code: 'project_ambiguous', retryable: false });
    expect(String(error)).toContain('ONE, TWO, THREE');
    for (const seen of jira.settings.projects) seen.isVisible = false;
    expect(await failureOf(provider.create(draft(), options()))).toMatchObject({
      code: 'project_missing',
      retryable: false,
    });
    expect(jira.count('create')).toBe(0);
    await close();
  });
});
