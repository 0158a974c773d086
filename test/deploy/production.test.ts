import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBinaries } from '../../dev/binaries/index.js';
import { startTemporal, type RunningTemporal } from '../../dev/stack/temporal.js';
import { searchAttributeNames } from '../../workflows/contracts/search-attributes.js';
import { startAuthenticatedMongo, type AuthenticatedMongo } from '../support/deploy/authenticated-mongo.js';
import { makeCertificateAuthority } from '../support/deploy/certificates.js';
import { startTlsFront, type TlsFront } from '../support/deploy/tls-front.js';
import { eventually } from '../support/eventually.js';
import { makeEvidenceRequest, makeOrg } from '../support/factories.js';
import { FakeReceiver } from '../support/fake-receiver.js';
import { adminKey } from '../support/product.js';
import { type ApiProcess, openProcesses, type Process, type ProductProcesses } from '../support/product-processes.js';

const folder = mkdtempSync(path.join(tmpdir(), 'drawbridge-production-'));
const ca = makeCertificateAuthority('Test operations');
const temporalKey = 'canary-temporal-api-key';
const healthFile = (name: string) => path.join(folder, `${name}.alive`);
const receiver = new FakeReceiver(null, null);
let temporal: RunningTemporal;
let mongo: AuthenticatedMongo;
let front: TlsFront;
let product: ProductProcesses;
let apis: [ApiProcess, ApiProcess];
let workers: [Process, Process];
let org: { id: string; path: string };

/** Servers of their own that nobody has prepared; two of each process, started with what an operator sets, and nothing more. */
beforeAll(async () => {
  const client = ca.issue('drawbridge');
  const binaries = await ensureBinaries();
  [temporal, mongo] = await Promise.all([
    startTemporal({
      ...{ binary: binaries.temporal, logFile: path.join(folder, 'temporal.log') },
      dataFile: path.join(folder, 'temporal.db'),
    }),
    startAuthenticatedMongo({
      ...{ binary: binaries.mongo, folder, caFile: ca.caFile },
      certificate: ca.issue('mongodb', ['DNS:localhost']),
    }),
  ]);
  front = await startTlsFront({
    upstream: temporal.address,
    certificate: ca.issue('temporal', ['DNS:temporal.test']),
    clientCaFile: ca.caFile,
    apiKey: temporalKey,
  });
  product = openProcesses({
    mongoUri: mongo.uri,
    temporalAddress: `127.0.0.1:${front.port}`,
    env: {
      NODE_ENV: 'production',
      TEMPORAL_API_KEY: temporalKey,
      TEMPORAL_TLS_CA_FILE: ca.caFile,
      TEMPORAL_TLS_CERT_FILE: client.certFile,
      TEMPORAL_TLS_KEY_FILE: client.keyFile,
      TEMPORAL_TLS_SERVER_NAME: 'temporal.test',
      EGRESS_ALLOW: '127.0.0.0/8',
      DELIVERY_PUMPS: '2',
    },
  });
  const started = await Promise.all([
    product.startApi({ env: { HEALTH_FILE: healthFile('api-1') } }),
    product.startApi({ env: { HEALTH_FILE: healthFile('api-2') } }),
    product.startWorker({ env: { HEALTH_FILE: healthFile('worker-1') } }),
    product.startWorker({ env: { HEALTH_FILE: healthFile('worker-2') } }),
    receiver.up(),
  ]);
  apis = [started[0], started[1]];
  workers = [started[2], started[3]];
  org = await makeOrg(apis[0].admin);
});
afterAll(async () => {
  await product.close();
  await receiver.close();
  await front.close();
  await Promise.all([temporal.stop(), mongo.stop()]);
  for (const each of [folder, ca.folder]) rmSync(each, { recursive: true, force: true });
});

const stateOf = async ({ url }: ApiProcess) => {
  const answer = await fetch(`${url}/readyz`);
  return (await answer.json()) as { ready: boolean; checks: { id: string; status: string }[] };
};

/** The sweep finds what nobody could wake a workflow for; four processes share this machine. */
const sweptMs = 30_000;

/** One ticket with a comment, made by the one API and read by the other. */
async function walk([made, read]: [ApiProcess, ApiProcess]): Promise<void> {
  const request = await makeEvidenceRequest(made.admin, org.path);
  const created = await made.admin.post(`${request.path}/ticket`);
  expect([201, 202]).toContain(created.status);
  await eventually(
    () => read.admin.get(`${request.path}/ticket`),
    ({ body }) => body.sync_state === 'synced' && /^mock-TCK-\d+$/.test(String(body.external_id)),
    sweptMs,
  );
  const comment = await read.admin.post(`${request.path}/comments`, { body: 'Where are they?' });
  expect(comment.status).toBe(201);
  await eventually(
    () => made.admin.get(`${request.path}/comments`),
    ({ body }) => body.data.length === 2 && body.data[0].sync_state === 'synced',
    sweptMs,
  );
}

describe('API and worker, two of each, over TLS with client certificates and keys, on a MongoDB that asks who they are', () => {
  it('have registered what a new namespace lacks', async () => {
    const connection = await Connection.connect({ address: temporal.address });
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
    await connection.close();
    expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining([...searchAttributeNames]));
    const registered = workers.filter((worker) => worker.log().includes('search attributes are registered'));
    expect(registered.length).toBeGreaterThanOrEqual(1);
  });

  it('are ready, and keep their health files fresh', async () => {
    for (const api of apis) {
      const ready = await eventually(
        () => stateOf(api),
        (state) => state.ready,
      );
      expect(ready.checks.map(({ id }) => id)).toEqual(['mongodb', 'temporal', 'worker']);
    }
    for (const name of ['api-1', 'api-2', 'worker-1', 'worker-2']) {
      const { mtimeMs } = statSync(healthFile(name));
      await eventually(
        () => Promise.resolve(statSync(healthFile(name)).mtimeMs),
        (later) => later > mtimeMs,
      );
    }
  });

  it('carry a ticket and its comments', () => walk(apis));

  it('deliver a signed event', async () => {
    const [one, other] = apis;
    const made = await one.admin.post(`${org.path}/webhooks`, { url: receiver.url, events: ['config.deployed'] });
    expect(made.status).toBe(201);
    receiver.trust(String(made.body.secret));
    const sent = await other.admin.post(`${org.path}/events`, { type: 'config.deployed', data: { version: '3' } });
    expect(sent.status).toBe(202);
    await eventually(
      () => Promise.resolve(receiver.messages),
      (messages) => messages.length === 1,
    );
    expect(receiver.faults).toEqual([]);
  });

  it('are let in by nothing less', async () => {
    const refusedBefore = front.refused;
    const [failure, uncertified, keyless] = await Promise.all([
      product.startWorker({ env: { MONGODB_URI: mongo.uriWith('canary-wrong-password') } }).catch(String),
      // It waits for nobody: the sweep may be quicker than its answer.
      product.startApi({ env: { TEMPORAL_TLS_CERT_FILE: '', TEMPORAL_TLS_KEY_FILE: '', TICKET_WAIT_MS: '0' } }),
      product.startApi({ env: { TEMPORAL_API_KEY: 'canary-another-key' } }),
    ]);
    expect(failure).toMatch(/The worker ended:.*cannot go on/s);
    expect(failure).not.toContain('canary');

    for (const api of [uncertified, keyless]) {
      const state = await stateOf(api);
      expect(state.checks.map(({ id, status }) => [id, status])).toEqual([
        ['mongodb', 'ready'],
        ['temporal', 'unavailable'],
        ['worker', 'ready'],
      ]);
    }
    expect(front.refused).toBeGreaterThan(refusedBefore);
    // What it takes meanwhile is woken by the others.
    const request = await makeEvidenceRequest(uncertified.admin, org.path);
    const { status, body } = await uncertified.admin.post(`${request.path}/ticket`);
    expect([status, body.sync_state]).toEqual([202, 'pending']);
    await eventually(
      () => apis[0].admin.get(`${request.path}/ticket`),
      (answer) => answer.body.sync_state === 'synced',
      sweptMs,
    );
    expect(await Promise.all([uncertified.stop(), keyless.stop()])).toEqual([0, 0]);
  }, 90_000);

  it('go on when one of each is stopped, which ends cleanly', async () => {
    const stopped = await Promise.all([apis[1].stop(), workers[0].stop()]);
    expect(stopped).toEqual([0, 0]);
    expect(existsSync(healthFile('api-2')) || existsSync(healthFile('worker-1'))).toBe(false);
    await walk([apis[0], apis[0]]);
  });

  it('have logged no secret', () => {
    const logs = [...apis, ...workers].map((one) => one.log()).join('\n');
    const password = new URL(mongo.uri).password;
    for (const secret of [temporalKey, adminKey, mongo.password, password]) expect(logs).not.toContain(secret);
    expect(logs).not.toContain(String(product.env.ENCRYPTION_KEY));
  });
});
