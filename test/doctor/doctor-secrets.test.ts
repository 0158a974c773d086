import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import mongoose from 'mongoose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { examine } from '../../src/ops/doctor/examine.js';
import { startFakeJira, type FakeJira } from '../support/fake-jira.js';
import { openProduct, type RunningApi } from '../support/product.js';
import { findingOf, findingIn } from './harness.js';

const oldKey = randomBytes(32).toString('base64');
const newKey = randomBytes(32).toString('base64');
const product = openProduct({ env: { ENCRYPTION_KEY: oldKey, EGRESS_ALLOW: '127.0.0.0/8' } });
const { env } = product;
const rotated = { ...env, ENCRYPTION_KEY: newKey, ENCRYPTION_KEYS_OLD: oldKey };
let api: RunningApi;
let jira: FakeJira;
let database: mongoose.Connection;
let connectionId: string;
let endpointId: string;

beforeAll(async () => {
  [api, jira, database] = await Promise.all([
    product.startApi(),
    startFakeJira(),
    mongoose.createConnection(env.MONGODB_URI ?? '').asPromise(),
  ]);
  const { baseUrl, email, apiToken } = jira.credentials;
  await api.admin.post('/orgs', { id: 'acme', name: 'Acme' });
  const connection = await api.admin.post('/orgs/acme/connections', {
    ...{ provider: 'jira', name: 'Jira', settings: { base_url: baseUrl, email } },
    secrets: { api_token: apiToken },
  });
  connectionId = connection.body.id as string;
  const endpoint = await api.admin.post('/orgs/acme/webhooks', {
    ...{ url: 'http://10.1.2.3/hook', events: ['event.created'], headers: { 'X-Tenant': 'canary-header' } },
  });
  endpointId = endpoint.body.id as string;
  await api.admin.post('/orgs/acme/sources', { name: 'Source' });
  await api.admin.put('/orgs/acme/approvals', {
    channels: [
      {
        ...{ type: 'webhook', name: 'Hook', url: 'http://127.0.0.1:9/hook', secret: 'canary-channel-secret-0123' },
        ...{ min_severity: 'low', on: ['created'], enabled: true },
      },
    ],
  });
});
afterAll(async () => {
  await Promise.all([database.close(), jira.close()]);
  await product.close();
});

test('a connection is looked at with its own checks, and a receiver that may not be dialled is named by its host', async () => {
  const findings = await examine(env);
  expect(findingOf(findings, `providers.${connectionId}`)).toMatchObject({ status: 'ok' });
  const reach = findingOf(findings, 'egress.reach');
  expect(reach).toMatchObject({ status: 'attention', todo: expect.stringContaining('EGRESS_ALLOW') as string });
  expect(reach.detail).toContain(`10.1.2.3 (${endpointId})`);
  expect(reach.detail).not.toContain('/hook');
});

test('a tracker that refuses the credentials is bad, an org’s and the environment’s, and nothing is noted', async () => {
  jira.misbehave({ kind: 'status', status: 401 }, { times: 100 });
  const findings = await examine({
    ...{ ...env, TICKET_PROVIDER: 'jira', JIRA_BASE_URL: jira.url },
    ...{ JIRA_API_TOKEN: 'canary-wrong-token' },
  });
  jira.behave();
  const own = findingOf(findings, `providers.${connectionId}`);
  expect(own).toMatchObject({ status: 'bad' });
  expect(own.detail).toContain('credentials:');
  expect(own.todo).toContain(`PATCH /api/v1/orgs/acme/connections/${connectionId}`);
  expect(findingOf(findings, 'providers.environment')).toMatchObject({ status: 'bad' });
  expect(JSON.stringify(findings)).not.toContain('canary');
  expect(await database.collection('tracker_states').countDocuments()).toBe(0);
});

test('nothing is changed by it, here or over there', async () => {
  const before = await everything();
  const writes = jira.issues.length;
  await examine(env);
  expect(await everything()).toEqual(before);
  expect(jira.issues).toHaveLength(writes);
});

test('a wrong encryption key is found by opening what is stored', async () => {
  const wrong = { ...env, ENCRYPTION_KEY: newKey };
  const finding = await findingIn(wrong, 'keys.stored');
  expect(finding).toMatchObject({ status: 'bad', todo: expect.stringContaining('ENCRYPTION_KEYS_OLD') as string });
  expect(finding.detail).toContain('do not open');
  expect(finding.detail).toContain(connectionId);
});

test('a rotation is told from its beginning to its end: how much the old key is needed for, and that it can go', async () => {
  const begun = await examine(rotated);
  expect(findingOf(begun, 'keys.stored')).toMatchObject({ status: 'ok' });
  const needed = findingOf(begun, 'keys.old');
  expect(needed).toMatchObject({ status: 'attention', todo: expect.stringContaining('npm run re-encrypt') as string });
  // The connection's two, the endpoint's secret and header, the source's, the channel's two.
  expect(needed.detail).toMatch(/has sealed 7 stored secrets/);
  expect(await reEncrypt()).toMatch(/connections: 2 sealed anew, 0 were already\./);
  expect(await reEncrypt()).toMatch(/connections: 0 sealed anew, 2 were already\./);
  const done = await examine(rotated);
  expect(findingOf(done, 'keys.stored')).toMatchObject({ status: 'ok', detail: 'All 7 stored secrets open.' });
  expect(findingOf(done, 'keys.old').detail).toContain('is needed for nothing any more');
  // Without it everything still opens, as the product itself sees it.
  expect(await findingIn({ ...env, ENCRYPTION_KEY: newKey }, 'keys.stored')).toMatchObject({ status: 'ok' });
  const renewed = await product.startApi({ env: { ENCRYPTION_KEY: newKey } });
  const tested = await renewed.admin.post(`/orgs/acme/connections/${connectionId}/test`);
  expect(tested.body.ok).toBe(true);
});

function reEncrypt(): Promise<string> {
  const main = path.join(import.meta.dirname, '../../dist/src/reseal.js');
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [main], { env: rotated }, (error, stdout, stderr) => {
      if (error) reject(new Error(stderr));
      else resolve(stdout);
    });
  });
}

/** Every document and index, but for who uses a key when. */
async function everything(): Promise<unknown> {
  const collections = await database.listCollections();
  const all = await Promise.all(
    collections.map(async ({ name }) => {
      const collection = database.collection(name);
      return [name, { documents: await collection.find().toArray(), indexes: await collection.indexes() }] as const;
    }),
  );
  return Object.fromEntries(all.sort(([a], [b]) => a.localeCompare(b)));
}
