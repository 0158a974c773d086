import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { databaseOf } from '../e2e/support/database.js';
import { patience } from '../e2e/support/tracked.js';
import { eventually } from '../support/eventually.js';
import { makeEvidenceRequest, makeOrg } from '../support/factories.js';
import { startFakeJira, type FakeJira } from '../support/fake-jira.js';
import { startFakeServiceNow, type FakeServiceNow } from '../support/fake-servicenow.js';
import { startFakeTracker, type FakeTracker } from '../support/fake-tracker.js';
import { type ApiProcess, openProcesses, type Process } from '../support/product-processes.js';

vi.setConfig({ testTimeout: 60_000 });

const product = openProcesses({ env: { ...patience, EGRESS_ALLOW: '127.0.0.1' } });
const database = databaseOf(product);
const secret = 'canary-connection-secret';
let api: ApiProcess;
let worker: Process;
let receiver: FakeTracker;
let jira: FakeJira;
let serviceNow: FakeServiceNow;

beforeAll(async () => {
  [api, worker, receiver, jira, serviceNow] = await Promise.all([
    product.startApi(),
    product.startWorker(),
    startFakeTracker({ secret }),
    startFakeJira(),
    startFakeServiceNow(),
  ]);
});
afterAll(async () => {
  await product.close();
  await Promise.all([receiver.close(), jira.close(), serviceNow.close()]);
});

const toReceiver = (more: object = {}) => ({
  provider: 'webhook',
  name: 'Receiver',
  default: true,
  settings: { url: receiver.url },
  secrets: { webhook_secret: secret },
  ...more,
});

/** An org whose default connection this is. */
async function orgWith(connection: object) {
  const { admin } = api;
  const org = await makeOrg(admin);
  const made = await admin.post(`${org.path}/connections`, connection);
  if (made.status !== 201) throw new Error(`No connection: ${JSON.stringify(made.body)}`);
  return { ...org, made: made.body, item: `${org.path}/connections/${String(made.body.id)}` };
}

describe('a ticket through an org’s own connection', () => {
  it('is made, commented on and closed at its receiver, and the connection stays while it is linked', async () => {
    const { admin } = api;
    const org = await orgWith(toReceiver());
    const request = await makeEvidenceRequest(admin, org.path);
    const created = await admin.post(`${request.path}/ticket`);
    expect(created).toMatchObject({
      status: 201,
      body: { provider: 'webhook', connection_id: org.made.id, sync_state: 'synced' },
    });
    expect((await admin.post(`${request.path}/comments`, { body: 'Hello' })).status).toBe(201);
    expect((await admin.post(`${request.path}/ticket/close`)).body).toMatchObject({ state: 'closed' });
    const ticket = receiver.tickets().find(({ orgId }) => orgId === org.id);
    expect(ticket).toMatchObject({ state: 'closed', comments: [{ body: 'Hello' }] });
    expect(await admin.del(org.item)).toMatchObject({ status: 409, body: { code: 'connection_in_use' } });
    expect((await admin.del(`${request.path}/ticket`)).status).toBe(204);
    expect((await admin.del(org.item)).status).toBe(204);
    const other = await makeEvidenceRequest(admin, org.path);
    expect((await admin.post(`${other.path}/ticket`)).body).toMatchObject({ provider: 'mock', connection_id: null });
  });

  it('is made and closed in Jira', async () => {
    const { admin } = api;
    const { baseUrl, email, apiToken } = jira.credentials;
    const org = await orgWith({
      provider: 'jira',
      name: 'Jira',
      default: true,
      settings: { base_url: baseUrl, email, project_key: 'SEC' },
      secrets: { api_token: apiToken },
    });
    expect(org.made.checks).toContainEqual(expect.objectContaining({ id: 'credentials', status: 'ready' }));
    expect((await admin.post(`${org.item}/test`)).body.ok).toBe(true);
    const request = await makeEvidenceRequest(admin, org.path);
    const created = await admin.post(`${request.path}/ticket`);
    expect(created).toMatchObject({ status: 201, body: { provider: 'jira', connection_id: org.made.id } });
    expect(created.body.external_id).toMatch(/^SEC-\d+$/);
    expect((await admin.post(`${request.path}/ticket/close`)).body).toMatchObject({
      state: 'closed',
      sync_state: 'synced',
    });
    expect(jira.issues).toHaveLength(1);
    expect(jira.faults).toEqual([]);
  });

  it('is made and closed in ServiceNow', async () => {
    const { admin } = api;
    const org = await orgWith({
      provider: 'servicenow',
      name: 'ServiceNow',
      default: true,
      settings: { base_url: serviceNow.url, username: 'integration' },
      secrets: { api_token: 'canary-sn-password' },
    });
    expect(org.made.checks).toContainEqual(expect.objectContaining({ id: 'credentials', status: 'ready' }));
    const request = await makeEvidenceRequest(admin, org.path);
    const created = await admin.post(`${request.path}/ticket`);
    expect(created).toMatchObject({ status: 201, body: { provider: 'servicenow', connection_id: org.made.id } });
    expect((await admin.post(`${request.path}/ticket/close`)).body).toMatchObject({ sync_state: 'synced' });
    expect(serviceNow.record(String(created.body.external_id)).state).toBe('6');
    expect(serviceNow.faults).toEqual([]);
  });

  it('of an escalation goes where its routing says', async () => {
    const { admin } = api;
    const org = await orgWith(toReceiver({ name: 'Usual' }));
    const routed = await admin.post(`${org.path}/connections`, toReceiver({ name: 'Routed', default: false }));
    const connectionId = String(routed.body.id);
    const put = await admin.put(`${org.path}/escalation-routing`, { ticket: { connection_id: connectionId } });
    expect(put.status).toBe(200);
    const raised = await admin.post(`${org.path}/escalations`, { title: 'Leak', severity: 'high' });
    const link = await eventually(
      async () => (await admin.get(`${org.path}/escalations/${String(raised.body.id)}/ticket`)).body,
      ({ sync_state }) => sync_state === 'synced',
    );
    expect(link).toMatchObject({ connection_id: connectionId, provider: 'webhook' });
    const unknown = { ticket: { connection_id: 'con_unknown' } };
    expect((await admin.put(`${org.path}/escalation-routing`, unknown)).status).toBe(422);
  });
});

describe('credentials that a tracker refuses', () => {
  it('are one call, one line in the log and the same words for all, until somebody mends them', async () => {
    const { admin } = api;
    const org = await orgWith(toReceiver({ name: 'Expired' }));
    const requests = await Promise.all(Array.from({ length: 6 }, () => makeEvidenceRequest(admin, org.path)));
    const before = receiver.requests().length;
    receiver.always({ kind: 'status', status: 401, body: { message: 'Token expired' } });
    const refused = await Promise.all(requests.map(({ path }) => admin.post(`${path}/ticket`)));
    for (const answer of refused) {
      expect(answer).toMatchObject({
        status: 502,
        body: { code: 'provider_error', detail: 'HTTP 401: Token expired' },
      });
    }
    expect(receiver.requests().length - before).toBe(1);
    // The log of another process arrives through a pipe.
    const opened = await eventually(
      () =>
        Promise.resolve(
          worker
            .log()
            .split('\n')
            .filter((line) => line.includes(String(org.made.id)) && line.includes('refuses')),
        ),
      ({ length }) => length > 0,
    );
    expect(opened).toHaveLength(1);
    const readiness = await admin.get(`${org.path}/setup/readiness`);
    expect(readiness.body.checks).toContainEqual(
      expect.objectContaining({
        id: 'connections',
        status: 'attention',
        detail: expect.stringContaining('Expired') as string,
      }),
    );
    expect(readiness.body.checks).toContainEqual(
      expect.objectContaining({
        id: 'ticket_sync',
        status: 'ready',
        detail: expect.stringContaining('Expired') as string,
      }),
    );
    receiver.always(null);
    await admin.patch(org.item, { secrets: { webhook_secret: secret }, name: 'Mended' });
    expect((await admin.post(`${requests[0]?.path ?? ''}/ticket`)).status).toBe(201);
    expect((await admin.get(`${org.path}/setup/readiness`)).body.checks).not.toContainEqual(
      expect.objectContaining({ id: 'connections' }),
    );
  });
});

describe('a tracker that asks for time', () => {
  it('gets no call of the connection for as long', async () => {
    const { admin } = api;
    const org = await orgWith(toReceiver());
    const [first, second] = [await makeEvidenceRequest(admin, org.path), await makeEvidenceRequest(admin, org.path)];
    receiver.misbehave({ kind: 'status', status: 429, headers: { 'retry-after': '2' } });
    const before = receiver.requests().length;
    const both = await Promise.all([admin.post(`${first.path}/ticket`), admin.post(`${second.path}/ticket`)]);
    expect(both.map(({ status }) => status)).toEqual([201, 201]);
    const [refused, ...later] = receiver.requests().slice(before);
    expect(later).toHaveLength(2);
    for (const { at } of later) expect(at.getTime() - Number(refused?.at)).toBeGreaterThanOrEqual(2_000);
  });
});

describe('a link whose connection is gone', () => {
  it('answers 503, and can be read and unlinked', async () => {
    const { admin } = api;
    const org = await orgWith(toReceiver({ name: 'Lost' }));
    const request = await makeEvidenceRequest(admin, org.path);
    await admin.post(`${request.path}/ticket`);
    // As a crash between a link's insert and its look at the connection would leave it.
    const gone = { $set: { deleted_at: new Date() } };
    await (await database()).collection('connections').updateOne({ _id: org.made.id as never }, gone);
    for (const call of [
      await admin.post(`${request.path}/ticket/close`),
      await admin.post(`${request.path}/comments`, { body: 'x' }),
    ]) {
      expect(call).toMatchObject({
        status: 503,
        body: { detail: expect.stringContaining('“Lost” was deleted') as string },
      });
    }
    expect((await admin.get(`${request.path}/ticket`)).body.connection_id).toBe(org.made.id);
    expect((await admin.get(`${request.path}/comments`)).status).toBe(200);
    expect((await admin.del(`${request.path}/ticket`)).status).toBe(204);
  });
});

describe('what was said in secret', () => {
  it('is in no log', () => {
    for (const one of [api, worker]) {
      expect(one.log()).toContain('"level"');
      for (const canary of [secret, jira.credentials.apiToken, 'canary-sn-password'])
        expect(one.log()).not.toContain(canary);
    }
  });
});
