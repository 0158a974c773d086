import { afterEach, describe, expect, it } from 'vitest';
import type { JiraSettings } from '../../src/integrations/jira/settings.js';
import { deadEnd, localised, type FakeJiraOptions } from '../support/fake-jira.js';
import { openJira, signal, type JiraHarness } from './jira-harness.js';

describe('jira: what a connection test finds', () => {
  let harness: JiraHarness;
  afterEach(() => harness.close());

  async function check(fake: FakeJiraOptions = {}, settings: Partial<JiraSettings> = {}) {
    harness = await openJira(fake, settings);
    return harness.tracker.check({ signal });
  }
  const screen = (...ids: string[]) => ids.map((id) => ({ id, name: id }));

  it('is that all is well, and with whom', async () => {
    expect(await check()).toEqual([
      { id: 'credentials', status: 'ready', detail: 'Signed in as Drawbridge Bot.' },
      { id: 'project', status: 'ready', detail: 'Tickets go to Security (SEC).' },
      { id: 'issue_type', status: 'ready', detail: 'Tickets are made as Task.' },
      { id: 'fields', status: 'ready', detail: 'Every field that Jira demands is set.' },
      { id: 'statuses', status: 'ready', detail: 'Closing leads to Done.' },
    ]);
    expect(harness.jira.issues).toEqual([]);
  });

  it('is a credential that is refused, and nothing more', async () => {
    const checks = await check({}, { apiToken: 'wrong' });
    expect(checks).toEqual([
      { id: 'credentials', status: 'missing', detail: expect.stringContaining('HTTP 401') as string },
    ]);
  });

  it('is a site that is not there', async () => {
    harness = await openJira();
    await harness.jira.down();
    expect(await harness.tracker.check({ signal })).toMatchObject([{ id: 'credentials', status: 'missing' }]);
  });

  it('is a project that is not to be seen', async () => {
    const checks = await check({}, { projectKey: 'NOPE' });
    expect(checks.map(({ id, status }) => [id, status])).toEqual([
      ['credentials', 'ready'],
      ['project', 'missing'],
    ]);
    expect(checks[1]?.detail).toContain('NOPE');
  });

  it('is that there are several projects, and which', async () => {
    const [, project] = await check({ projects: [{ key: 'ONE' }, { key: 'TWO' }] });
    expect(project).toMatchObject({ status: 'missing', detail: expect.stringContaining('ONE, TWO') as string });
  });

  it('is an issue type that the project lacks, and which it has', async () => {
    const checks = await check({}, { issueType: 'Incident' });
    const type = checks.find(({ id }) => id === 'issue_type');
    expect(type).toMatchObject({ status: 'missing', detail: expect.stringContaining('It has: Task, Bug.') as string });
    expect(checks.map(({ id }) => id)).not.toContain('fields');
  });

  it('is that no issue may be made', async () => {
    const checks = await check({ projects: [{ issueTypes: [] }] });
    expect(checks.find(({ id }) => id === 'issue_type')?.detail).toContain('Create issues');
  });

  const fieldsOf = async (fake: FakeJiraOptions, settings: Partial<JiraSettings> = {}) =>
    (await check(fake, settings)).find(({ id }) => id === 'fields');

  it('is a field that Jira demands and nobody sets, by its name, on whatever page', async () => {
    const many = Array.from({ length: 70 }, (_, at) => ({ id: `customfield_${at}`, name: `Field ${at}` }));
    const demanded = [
      ...screen('description', 'labels', 'priority'),
      ...many,
      { id: 'customfield_100', name: 'Team', required: true },
      { id: 'customfield_101', name: 'Cost centre', required: true, hasDefault: true },
      { id: 'customfield_102', name: 'Region', required: true },
    ];
    const found = await fieldsOf({ projects: [{ fields: demanded }] }, { fieldMap: { customfield_102: 'EU' } });
    expect(found).toEqual({
      id: 'fields',
      status: 'missing',
      detail: 'Jira demands Team (customfield_100): add it to the field map.',
    });
  });

  it.each([
    ['labels', screen('description', 'priority'), {}],
    ['description', screen('labels', 'priority'), {}],
    ['customfield_9', screen('labels', 'description', 'priority'), { fieldMap: { customfield_9: 'x' } }],
  ])('is that %s is not on the screen', async (id, fields, settings) => {
    const found = await fieldsOf({ projects: [{ fields }] }, settings);
    expect(found).toMatchObject({ status: 'missing', detail: `Not on the screen for new issues: ${id}.` });
  });

  it('is that tickets will have no priority, which is no hindrance', async () => {
    const found = await fieldsOf({ projects: [{ fields: screen('description', 'labels') }] });
    expect(found).toMatchObject({
      status: 'attention',
      detail: expect.stringContaining('Priority is not on the screen') as string,
    });
  });

  it('is a priority of ours that Jira does not have', async () => {
    const found = await fieldsOf({ projects: [{ priorities: ['High', 'Medium', 'Low'] }] });
    expect(found).toMatchObject({
      status: 'attention',
      detail: expect.stringContaining('no priority Highest') as string,
    });
  });

  it('is a priority of the severity map that Jira does not have', async () => {
    const found = await fieldsOf({}, { severityMap: { critical: 'P0', low: 'Low' } });
    expect(found).toMatchObject({ status: 'missing', detail: 'The severity map names unknown priorities: P0.' });
  });

  it('is what closing leads to, in any language', async () => {
    const checks = await check({ workflow: localised });
    expect(checks.find(({ id }) => id === 'statuses')).toMatchObject({
      status: 'ready',
      detail: 'Closing leads to Fertig.',
    });
  });

  it('is that nothing can be closed', async () => {
    const statuses = deadEnd.statuses.filter(({ category }) => category !== 'done') as typeof deadEnd.statuses;
    const checks = await check({ workflow: { ...deadEnd, statuses } });
    expect(checks.find(({ id }) => id === 'statuses')).toMatchObject({
      status: 'attention',
      detail: expect.stringContaining('There are: To Do, In Progress.') as string,
    });
  });
});
