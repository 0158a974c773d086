import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { pollScheduleId } from '../../workflows/contracts/workflow-ids.js';
import { eventually } from '../support/eventually.js';
import { testTimings } from '../support/timings.js';
import { connectJira, pollSeconds, useProduct, type ConnectedJira } from './support/jira.js';

const running = useProduct();
let site: ConnectedJira;
let temporal: Connection;
let client: Client;

beforeAll(async () => {
  temporal = await Connection.connect({ address: inject('temporalAddress') });
  client = new Client({ connection: temporal });
  site = await connectJira(running.api, {
    settings: { poll_interval_seconds: pollSeconds },
    status_map: { Done: 'accepted' },
  });
  site.jira.hookHabits({ missing: true });
});
afterAll(() => Promise.all([site.jira.close(), temporal.close()]));

const suffix = () => running.product.env.TEMPORAL_QUEUE_SUFFIX ?? '';
const scheduleOf = (connectionId: string) => client.schedule.getHandle(pollScheduleId(connectionId, suffix()));
const isThere = (connectionId: string) =>
  scheduleOf(connectionId)
    .describe()
    .then(
      () => true,
      () => false,
    );
/** Made soon after the connection; then each change is found within two intervals. */
const untilScheduled = () =>
  eventually(
    () => isThere(site.connectionId),
    (there) => there,
    20_000,
  );
/** Counted in polls, for on a busy machine each takes its time. */
const patientMs = 30_000;

/** Polls at once and again, as an operator can, until the answer is what is wanted. That the interval polls as well is another test's. */
const whilePolling = <T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean) =>
  eventually(
    async () => {
      await scheduleOf(site.connectionId).trigger();
      await delay(300);
      return ask();
    },
    isWanted,
    2 * patientMs,
  );

/** How many polls began after that moment, up to the one that read this issue's comments. */
function pollsUntilRead(since: Date, key: string): number {
  const later = site.jira.requests.filter(({ at }) => at >= since);
  const { id } = site.jira.issue(key);
  const read = later.findIndex(({ operation, path }) => operation === 'comments' && path.includes(`/${id}/`));
  return later.slice(0, read).filter(({ operation }) => operation === 'search').length;
}

describe('what no webhook brought', () => {
  it('is found by polling within two intervals: a comment, its edit, and a status', async () => {
    await untilScheduled();
    const { key, path, reads, shows, thread } = await site.linked();
    const lostAt = new Date();
    const { id } = site.jira.addForeignComment(key, 'Lost');
    await reads(['Lost'], patientMs);
    expect(pollsUntilRead(lostAt, key)).toBeLessThanOrEqual(2);
    site.jira.editComment(key, id, 'Found');
    await reads(['Found'], patientMs);
    expect((await thread())[0]?.edited_at).not.toBeNull();
    site.jira.transition(key, 'Done');
    await shows({ external_status: 'Done', state: 'open' }, patientMs);
    expect((await site.admin.get(path)).body.status).toBe('accepted');
  }, 120_000);

  it('is found once, and our own is no echo, however often it is polled', async () => {
    const { key, path, texts } = await site.linked();
    await site.admin.post(`${path}/comments`, { body: 'Ours' });
    site.jira.addForeignComment(key, 'Theirs');
    await whilePolling(texts, (found) => found.includes('Theirs'));
    expect(await texts()).toEqual(['Ours', 'Theirs']);
    const polls = site.jira.count('search');
    await whilePolling(
      () => Promise.resolve(site.jira.count('search')),
      (count) => count >= polls + 3,
    );
    expect(await texts()).toEqual(['Ours', 'Theirs']);
  }, 120_000);

  it('is found after an outage of the tracker', async () => {
    const { key, texts } = await site.linked();
    await site.jira.down();
    site.jira.addForeignComment(key, 'While it was down');
    await whilePolling(statesOfPolls, (states) => states.includes('failed'));
    await site.jira.up();
    await whilePolling(texts, (found) => found.includes('While it was down'));
    expect(await texts()).toEqual(['While it was down']);
  }, 120_000);
});

async function statesOfPolls(): Promise<unknown[]> {
  const states: unknown[] = [];
  const query = `WorkflowType = 'poll' AND Subject = '${site.connectionId}'`;
  for await (const { typedSearchAttributes } of client.workflow.list({ query })) {
    states.push(
      ...typedSearchAttributes.getAll().flatMap(({ key, value }) => (key.name === 'LifecycleStatus' ? [value] : [])),
    );
  }
  return states;
}

describe('a poll’s Schedule', () => {
  it('runs one poll at a time, whose summary and result an operator can read', async () => {
    const { action, policies, spec } = await scheduleOf(site.connectionId).describe();
    expect(policies.overlap).toBe('SKIP');
    expect(spec.intervals).toMatchObject([{ every: pollSeconds * 1_000 }]);
    expect(action).toMatchObject({
      workflowType: 'poll',
      staticSummary: expect.stringContaining('Poll of jira') as string,
    });
    const { heartbeatTimeoutMs } = testTimings.activities;
    const request = { name: site.connectionId, orgId: site.org.id, provider: 'jira' };
    expect(action.args).toEqual([{ ...request, heartbeatTimeoutMs }]);
  });

  it('keeps a pause, takes over another interval, and goes with its connection', async () => {
    const path = `${site.org.path}/connections`;
    const { body } = await site.admin.get(`${path}/${site.connectionId}`);
    const another = await site.admin.post(path, {
      provider: 'jira',
      name: 'Another',
      settings: { ...body.settings, poll_interval_seconds: 600 },
      secrets: { api_token: site.jira.credentials.apiToken },
    });
    const id = String(another.body.id);
    await eventually(
      () => isThere(id),
      (there) => there,
      30_000,
    );
    await scheduleOf(id).pause('An operator');
    const settings = { ...another.body.settings, poll_interval_seconds: 900 };
    expect((await site.admin.patch(`${path}/${id}`, { settings })).status).toBe(200);
    const changed = await eventually(
      () => scheduleOf(id).describe(),
      ({ spec }) => spec.intervals?.[0]?.every === 900_000,
      30_000,
    );
    expect(changed.state).toMatchObject({ paused: true, note: 'An operator' });
    expect((await site.admin.del(`${path}/${id}`)).status).toBe(204);
    await eventually(
      () => isThere(id),
      (there) => !there,
      30_000,
    );
    expect(await isThere(site.connectionId)).toBe(true);
  }, 120_000);
});
