import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { connectJira, useProduct, type ConnectedJira } from './support/jira.js';

const running = useProduct();
const sites: Partial<Record<'reopen' | 'new_ticket' | 'ignore', ConnectedJira>> = {};
const policies = ['reopen', 'new_ticket', 'ignore'] as const;

beforeAll(async () => {
  for (const on_reopen of policies) {
    sites[on_reopen] = await connectJira(running.api, {
      settings: { on_reopen },
      status_map: { 'To Do': 'rejected', Done: 'accepted' },
    });
  }
});
afterAll(() => Promise.all(Object.values(sites).map(({ jira }) => jira.close())));

/** A ticket that we closed, and that somebody opened again. */
async function reopened(policy: (typeof policies)[number]) {
  const site = sites[policy];
  if (!site) throw new Error('There is no such site.');
  const ticket = await site.linked();
  const closed = await site.admin.post(`${ticket.path}/ticket/close`);
  expect(closed).toMatchObject({ status: 200, body: { state: 'closed', external_status: 'Done' } });
  await site.jira.webhooksIdle();
  site.jira.transition(ticket.key, 'To Do');
  const subjectStatus = async () => String((await site.admin.get(ticket.path)).body.status);
  return { ...ticket, site, subjectStatus };
}

describe('a ticket that is opened again over there', () => {
  it('is open again here, and closes again, by the policy «reopen»', async () => {
    const { site, path, key, shows, subjectStatus } = await reopened('reopen');
    await shows({ state: 'open', external_status: 'To Do', closed_at: null, sync_state: 'synced' });
    expect(await subjectStatus()).toBe('rejected');
    const again = await site.admin.post(`${path}/ticket/close`);
    expect(again).toMatchObject({ status: 200, body: { state: 'closed', external_id: key } });
    expect(site.jira.issue(key).status.name).toBe('Done');
  });

  it('is left alone, and followed by another that names it, by the policy «new_ticket»', async () => {
    const { site, key, link, subjectStatus } = await reopened('new_ticket');
    const next = await eventually(link, ({ external_id: id }) => id !== null && id !== undefined && id !== key, 30_000);
    expect(next).toMatchObject({ state: 'open', connection_id: site.connectionId, sync_state: 'synced' });
    expect(JSON.stringify(site.jira.issue(String(next.external_id)).description)).toContain(key);
    expect(site.jira.issues).toHaveLength(2);
    expect(site.jira.issue(key).status.name).toBe('To Do');
    expect(await subjectStatus()).toBe('rejected');
    await site.jira.webhooksIdle();
    expect(site.jira.issues).toHaveLength(2);
  });

  it('only shows it by the policy «ignore»', async () => {
    const { shows, subjectStatus } = await reopened('ignore');
    await shows({ state: 'closed', external_status: 'To Do' });
    expect(await subjectStatus()).toBe('accepted');
  });
});
