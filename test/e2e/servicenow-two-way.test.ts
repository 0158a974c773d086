import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeOrg } from '../support/factories.js';
import { startFakeServiceNow, type FakeServiceNow } from '../support/fake-servicenow.js';
import { openProduct, type RunningApi, type Product } from '../support/product.js';
import { patience } from './support/tracked.js';
import { openLinked, type Linked } from './support/two-way.js';

const secret = 'servicenow-hook-secret';
const pollSeconds = 5;

let instance: FakeServiceNow;
let product: Product;
let api: RunningApi;
let org: { path: string };

beforeAll(async () => {
  const [username, password] = ['drawbridge', 'servicenow-canary-4711'];
  instance = await startFakeServiceNow({ auth: { kind: 'basic', username, password } });
  product = openProduct({
    env: {
      ...patience,
      TICKET_PROVIDER: 'servicenow',
      SERVICENOW_BASE_URL: instance.url,
      SERVICENOW_USERNAME: username,
      SERVICENOW_API_TOKEN: password,
      SERVICENOW_WEBHOOK_SECRET: secret,
      SERVICENOW_POLL_INTERVAL_SECONDS: String(pollSeconds),
    },
  });
  [api] = await Promise.all([product.startApi(), product.startWorker()]);
  org = await makeOrg(api.admin);
  instance.sendWebhooksTo({ url: `${api.url}/api/v1/webhooks/servicenow`, secret });
});
afterAll(async () => {
  await product.close();
  await instance.close();
});

const linked = (): Promise<Linked> => openLinked(api.admin, org.path);

describe('our own comment in ServiceNow', () => {
  it('comes back with our mark, doubled, and is no echo; its id is known from then on', async () => {
    const { path, reads, thread } = await linked();
    instance.webhookCopies = 2;
    const added = await api.admin.post(`${path}/comments`, { body: 'From us' });
    expect(added).toMatchObject({ status: 201, body: { sync_state: 'synced' } });
    await instance.webhooksIdle();
    instance.webhookCopies = 1;
    await reads(['From us']);
    const [own] = await thread();
    expect(own).toMatchObject({ source: 'internal', edited_at: null });
    expect(own?.external_comment_id).toMatch(/^[0-9a-f]{32}$/);
  });

  it('whose answer was lost is one on both sides', async () => {
    const { path, key, reads, shows } = await linked();
    instance.misbehave({ kind: 'reset', store: true }, { on: 'update' });
    await api.admin.post(`${path}/comments`, { body: 'Answer lost' });
    await shows({ sync_state: 'synced' });
    await instance.webhooksIdle();
    await reads(['Answer lost']);
    expect(instance.journal(key)).toHaveLength(1);
  });
});

describe('a foreign comment in ServiceNow', () => {
  it('comes with each webhook of the next minute, and is one', async () => {
    const { key, reads, thread } = await linked();
    instance.addForeignComment(key, 'Please see the logs');
    instance.addForeignComment(key, 'And these');
    instance.setState(key, '2');
    await instance.webhooksIdle();
    await reads(['Please see the logs', 'And these']);
    expect((await thread()).map(({ source }) => source)).toEqual(['external', 'external']);
  });

  it('is found by polling when its webhook is lost', async () => {
    const { key, reads } = await linked();
    instance.loseWebhooks(1);
    instance.addForeignComment(key, 'Lost');
    await reads(['Lost'], 30_000);
  }, 60_000);
});

describe('a state in ServiceNow', () => {
  it('shows on the link, and a webhook that is late does not put it back', async () => {
    const { key, link, path } = await linked();
    instance.holdWebhooks();
    instance.setState(key, '2');
    instance.setState(key, '3');
    await instance.releaseWebhooks({ reversed: true });
    expect(await link()).toMatchObject({ external_status: 'On Hold', state: 'open' });
    // The environment has no map.
    expect((await api.admin.get(path)).body.status).toBe('open');
  });

  it('of our own closing is not undone by a webhook from before it', async () => {
    const { key, link, path } = await linked();
    instance.holdWebhooks();
    instance.setState(key, '2');
    const closed = await api.admin.post(`${path}/ticket/close`);
    expect(closed).toMatchObject({ status: 200, body: { state: 'closed', sync_state: 'synced' } });
    await instance.releaseWebhooks({ reversed: true });
    expect(await link()).toMatchObject({ state: 'closed', external_status: 'Resolved' });
  });
});

it('kept to the documents in every request', () => {
  expect(instance.faults).toEqual([]);
});
