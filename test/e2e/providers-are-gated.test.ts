import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { eventually } from '../support/eventually.js';
import { makeEvidenceRequest, makeOrg } from '../support/factories.js';
import type { RunningApi } from '../support/product.js';
import { databaseOf, recorded } from './support/database.js';
import { makeLinked, openTracked, threadOf } from './support/tracked.js';

const tracked = await openTracked();
const { product } = tracked;
const database = databaseOf(product);
// A process starts in most of these: a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000 });

let api: RunningApi;
let org: { id: string; path: string };

beforeAll(async () => {
  [api] = await Promise.all([product.startApi(), product.startWorker()]);
  org = await makeOrg(api.admin);
});
afterAll(() => tracked.close());

/** The same deployment, restarted with another environment, for as long as `use` takes. */
async function restartedWith(env: Record<string, string>, use: (api: RunningApi) => Promise<void>): Promise<void> {
  const other = await product.startApi({ env });
  await use(other).finally(() => other.stop());
}

const notConfigured = (...missing: string[]) => ({
  status: 503,
  body: { status: 503, title: 'ProviderNotConfigured', code: 'provider_not_configured', missing },
});
const checkOf = async (one: RunningApi) => {
  const { body } = await one.admin.get(`${org.path}/setup/readiness`);
  const checks = body.checks as { id: string; status: string; detail: string; missing: string[] }[];
  return { ready: body.ready as boolean, check: checks.find(({ id }) => id === 'ticket_sync') };
};
/** The same, once the process has seen a worker. */
const checkWhenReady = (one: RunningApi) =>
  eventually(
    () => checkOf(one),
    ({ ready }) => ready,
  );

describe('the webhook without its keys', () => {
  const url = 'TICKET_WEBHOOK_URL';
  const secret = 'TICKET_WEBHOOK_SECRET';
  it.each([
    ['both', { [url]: '', [secret]: '' }, [url, secret]],
    ['the secret', { [secret]: '' }, [secret]],
    ['the address', { [url]: '' }, [url]],
  ])('says that %s is missing, for create, close and comment, and records nothing', async (_, env, missing) => {
    const linked = await makeLinked(api.admin, org.path);
    const unlinked = await makeEvidenceRequest(api.admin, org.path);
    const before = await recorded(await database());
    await restartedWith(env, async ({ admin }) => {
      const calls = [
        await admin.post(`${unlinked.path}/ticket`),
        await admin.post(`${linked.path}/ticket/close`),
        await admin.post(`${linked.path}/comments`, { body: 'Not taken' }),
      ];
      for (const call of calls) {
        expect(call).toMatchObject(notConfigured(...missing));
        for (const key of missing) expect(call.body.detail).toContain(key);
      }
    });
    expect(await recorded(await database())).toEqual(before);
    expect((await api.admin.get(`${linked.path}/ticket`)).body).toMatchObject({ state: 'open', sync_state: 'synced' });
    expect((await api.admin.get(`${unlinked.path}/ticket`)).status).toBe(404);
  });

  it('still reads, unlinks and takes comments without a ticket, and readiness says what is missing', async () => {
    const linked = await makeLinked(api.admin, org.path);
    await api.admin.post(`${linked.path}/comments`, { body: 'Before' });
    await restartedWith({ [url]: '', [secret]: '' }, async (gated) => {
      const { admin } = gated;
      expect((await admin.get(`${linked.path}/ticket`)).body.id).toBe(linked.link.id);
      expect(await threadOf(admin, linked.path)).toEqual(['Before']);
      expect((await admin.del(`${linked.path}/ticket`)).status).toBe(204);
      const alone = await admin.post(`${linked.path}/comments`, { body: 'Alone' });
      expect(alone).toMatchObject({ status: 201, body: { sync_state: null } });
      const { ready, check } = await checkOf(gated);
      expect(ready).toBe(false);
      expect(check).toMatchObject({ status: 'missing', missing: [url, secret] });
    });
  });

  it('gates a link of the webhook also when the default is the mock by now', async () => {
    const linked = await makeLinked(api.admin, org.path);
    await restartedWith({ TICKET_PROVIDER: 'mock', [url]: '' }, async ({ admin }) => {
      expect(await admin.post(`${linked.path}/ticket/close`)).toMatchObject(notConfigured(url));
      const other = await makeLinked(admin, org.path);
      expect(other.link).toMatchObject({ provider: 'mock' });
    });
  });
});

describe.each([
  ['jira', { JIRA_BASE_URL: 'https://jira.example', JIRA_API_TOKEN: 't' }],
  ['servicenow', { SERVICENOW_BASE_URL: 'https://now.example', SERVICENOW_API_TOKEN: 't' }],
])('%s', (provider, keys) => {
  it('names its keys in their order while they are missing', async () => {
    const request = await makeEvidenceRequest(api.admin, org.path);
    const before = await recorded(await database());
    await restartedWith({ TICKET_PROVIDER: provider }, async (gated) => {
      expect(await gated.admin.post(`${request.path}/ticket`)).toMatchObject(notConfigured(...Object.keys(keys)));
      const { ready, check } = await checkOf(gated);
      expect([ready, check?.status, check?.missing]).toEqual([false, 'missing', Object.keys(keys)]);
    });
    expect(await recorded(await database())).toEqual(before);
  });

  it('is where tickets go when they are set', async () => {
    await restartedWith({ TICKET_PROVIDER: provider, ...keys }, async (set) => {
      const { ready, check } = await checkWhenReady(set);
      expect([ready, check?.status, check?.detail]).toEqual([true, 'ready', `Tickets go to ${provider}.`]);
    });
  });
});

describe('readiness', () => {
  it('is ready with a real tracker', async () => {
    const { ready, check } = await checkWhenReady(api);
    expect(ready).toBe(true);
    expect(check).toMatchObject({ status: 'ready', missing: [] });
  });

  it('wants attention for an unknown provider, in whose place the mock is, and the log warns', async () => {
    await restartedWith({ TICKET_PROVIDER: 'trello' }, async (unknown) => {
      const { ready, check } = await checkWhenReady(unknown);
      expect([ready, check?.status]).toEqual([true, 'attention']);
      expect((await makeLinked(unknown.admin, org.path)).link).toMatchObject({ provider: 'mock' });
      expect(unknown.log()).toMatch(/"level":"warn".*TICKET_PROVIDER/);
    });
  });

  it('wants attention for the mock', async () => {
    await restartedWith({ TICKET_PROVIDER: '' }, async (mocked) => {
      expect((await checkOf(mocked)).check?.status).toBe('attention');
    });
  });
});
