import { afterEach, describe, expect, it } from 'vitest';
import { deadEnd, localised, plain, withoutResolution, type FakeJiraOptions } from '../support/fake-jira.js';
import { closing } from './drafts.js';
import { failureOf, openJira, type JiraHarness } from './jira-harness.js';

describe('jira: closing', () => {
  let harness: JiraHarness;
  afterEach(() => harness.close());

  async function opened(fake: FakeJiraOptions) {
    harness = await openJira(fake);
    const ticket = await harness.open();
    const before = harness.jira.requests.length;
    const calls = () => harness.jira.requests.slice(before).map(({ operation }) => operation);
    return {
      ticket,
      issue: harness.jira.issue(ticket.externalId),
      calls,
      close: () => harness.provider.close(ticket, closing('cmd_1')),
    };
  }

  it('resolves as Done where there is a resolution, in two calls', async () => {
    const { issue, close, calls } = await opened({ workflow: plain });
    expect(await close()).toEqual({ externalStatus: 'Done' });
    expect(issue).toMatchObject({ status: { category: 'done' }, resolution: 'Done' });
    expect(calls()).toEqual(['issue', 'transition']);
  });

  it('finds its way in any language, and takes the first resolution that there is', async () => {
    const { issue, close } = await opened({ workflow: localised });
    expect(await close()).toEqual({ externalStatus: 'Fertig' });
    expect(issue).toMatchObject({ status: { name: 'Fertig' }, resolution: 'Erledigt' });
  });

  it('closes without a resolution where the screen has none', async () => {
    const { issue, close } = await opened({ workflow: withoutResolution });
    expect(await close()).toEqual({ externalStatus: 'Done' });
    expect(issue.resolution).toBeNull();
    expect(harness.jira.faults).toEqual([]);
  });

  it('asks for the screens where the issue did not bring them', async () => {
    const { issue, close, calls } = await opened({ workflow: localised, nestedExpand: false });
    expect(await close()).toEqual({ externalStatus: 'Fertig' });
    expect(issue.resolution).toBe('Erledigt');
    expect(calls()).toEqual(['issue', 'transitions', 'transition']);
  });

  it('says what is missing where no way leads to done', async () => {
    const { close, issue } = await opened({ workflow: deadEnd });
    const error = await failureOf(close());
    expect(error).toMatchObject({ name: 'ProviderError', code: 'no_way_to_done', retryable: false });
    const text = String(error);
    for (const part of [issue.key, '"To Do"', 'category Done', '"In Progress" to "In Progress"'])
      expect(text).toContain(part);
  });

  it('does nothing to an issue that is done', async () => {
    const { ticket, close, calls } = await opened({ workflow: localised });
    harness.jira.transition(ticket.externalId, 'Fertig');
    expect(await close()).toEqual({ externalStatus: 'Fertig' });
    expect(calls()).toEqual(['issue']);
  });

  it('prefers the way that takes a resolution, and one that asks for nothing more', async () => {
    const screen = (...ids: string[]) => ids.map((id) => ({ id, name: id, required: id !== 'resolution' }));
    const way = (id: string, ...ids: string[]) => ({ id, name: id, to: '10002', screen: screen(...ids) });
    const { issue, close } = await opened({
      workflow: {
        ...plain,
        transitions: [way('1', 'resolution', 'team'), way('2'), way('3', 'resolution'), way('4', 'resolution')],
      },
    });
    await close();
    expect(issue.resolution).toBe('Done');
    expect(harness.jira.requests.at(-1)?.json).toMatchObject({ transition: { id: '3' } });
  });

  it('tries again when two move it at once', async () => {
    const { close } = await opened({});
    harness.jira.misbehave({ kind: 'status', status: 409 }, { on: 'transition' });
    expect(await failureOf(close())).toMatchObject({ code: 'http_409', retryable: true });
    expect(await close()).toEqual({ externalStatus: 'Done' });
  });

  it('is done when the answer was lost', async () => {
    const { close, issue } = await opened({});
    harness.jira.misbehave({ kind: 'reset', store: true }, { on: 'transition' });
    expect(await failureOf(close())).toMatchObject({ code: 'network', retryable: true });
    expect(await close()).toEqual({ externalStatus: 'Done' });
    expect(issue.versions).toHaveLength(2);
  });

  it('is done when somebody else was quicker', async () => {
    const { ticket, close } = await opened({ workflow: localised });
    harness.jira.misbehave({ kind: 'delay', ms: 150 }, { on: 'issue' });
    const call = close();
    setTimeout(() => harness.jira.transition(ticket.externalId, 'Fertig'), 50);
    expect(await call).toEqual({ externalStatus: 'Fertig' });
  });

  it('says what Jira says where a transition demands more', async () => {
    const screen = [{ id: 'customfield_1', name: 'Root cause', required: true }];
    const { close } = await opened({
      workflow: { ...plain, transitions: [{ id: '1', name: 'Close', to: '10002', screen }] },
    });
    const message = 'HTTP 400: customfield_1: Root cause is required.';
    expect(await failureOf(close())).toMatchObject({ code: 'http_400', retryable: false, message });
  });

  it('goes by the id, so that an issue that moved is found', async () => {
    const { ticket, close } = await opened({ projects: [{ key: 'SEC' }] });
    harness.jira.settings.projects.push({ ...harness.jira.settings.projects[0], key: 'OPS' } as never);
    harness.jira.move(ticket.externalId, 'OPS');
    expect(await close()).toEqual({ externalStatus: 'Done' });
  });
});
