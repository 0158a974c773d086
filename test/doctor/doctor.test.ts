import { execFile } from 'node:child_process';
import path from 'node:path';
import mongoose from 'mongoose';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../dev/stack/ports.js';
import { connectMongo } from '../../src/db/connect.js';
import { examine } from '../../src/ops/doctor/examine.js';
import { eventually } from '../support/eventually.js';
import { openLocalMongo, openLocalTemporal } from '../support/local-servers.js';
import { withOptions } from '../support/mongo-uri.js';
import { adminKey, openProduct, webhookSecret, type RunningApi } from '../support/product.js';
import { apiWithClock, findingOf, findingIn, mongoWithClock } from './harness.js';

// The retention and the UI of an external Temporal are its operator's: the doctor may have something to say about them.
const [port, temporal] = await Promise.all([freePort(), openLocalTemporal()]);
const product = openProduct({
  temporalAddress: temporal.address,
  env: { TEMPORAL_UI_URL: temporal.uiUrl, PUBLIC_URL: `http://127.0.0.1:${port}`, PORT: String(port) },
});
const { env } = product;
const uri = env.MONGODB_URI ?? '';
let api: RunningApi;
let database: mongoose.Connection;

beforeAll(async () => {
  [api] = await Promise.all([product.startApi({ port }), product.startWorker()]);
  database = await mongoose.createConnection(uri).asPromise();
});
afterAll(async () => {
  await database.close();
  await product.close();
  await temporal.close();
});

test('a product that runs is well, and no secret is printed', async () => {
  const wantingOf = (all: Awaited<ReturnType<typeof examine>>) => all.filter(({ status }) => status !== 'ok');
  // Its pumps begin a moment after it is ready.
  const findings = await eventually(
    () => examine(env),
    (all) => wantingOf(all).length === 1,
  );
  // The tests' key is of one byte, which is said.
  expect(wantingOf(findings)).toMatchObject([{ id: 'keys.encryption', status: 'attention' }]);
  for (const area of ['configuration', 'mongodb', 'clocks', 'temporal', 'providers', 'egress', 'keys'])
    expect(findings.some(({ id }) => id.startsWith(`${area}.`))).toBe(true);
});

test('as a command it exits with 0 when all is well, and speaks to programs', async () => {
  const well = await doctor(['--json'], env);
  expect(well.code).toBe(0);
  expect(JSON.parse(well.output)).toMatchObject({ healthy: true });
  for (const secret of [adminKey, webhookSecret, env.ENCRYPTION_KEY ?? '']) expect(well.output).not.toContain(secret);
  const text = await doctor([], env);
  expect(text.output).toContain('MongoDB\n  ok ');
  expect(text.output).toMatch(/attention {2}ENCRYPTION_KEY is of a few bytes[^\n]+\n {13}→ Make one/);
});

test('as a command it exits with 1 when something is bad, and with 2 for wrong use', async () => {
  const ill = await doctor([], { ...env, MONGODB_URI: `mongodb://127.0.0.1:${await freePort()}/x` });
  expect(ill.code).toBe(1);
  expect(ill.output).toMatch(/bad {8}MongoDB at 127\.0\.0\.1:\d+ does not answer/);
  expect((await doctor(['--jsn'], env)).code).toBe(2);
});

test('everything that is wrong in the environment is said at once', async () => {
  const findings = await examine({ ...env, ENCRYPTION_KEY: 'short', ADMIN_API_KEY: 'short', JIRA_BASE_ULR: 'x' });
  expect(findings.map(({ status, detail }) => `${status} ${detail}`)).toEqual([
    'bad ADMIN_API_KEY must have 24 characters or more.',
    'bad ENCRYPTION_KEY must be 32 bytes in base64: openssl rand -base64 32.',
    'attention Nobody reads JIRA_BASE_ULR.',
  ]);
});

test('an index that is missing, and one that differs, are named', async () => {
  const commands = database.collection('ticket_commands');
  await commands.dropIndex('seq');
  expect(await findingIn(env, 'mongodb.indexes')).toMatchObject({
    status: 'bad',
    detail: '1 index is not as the code wants: ticket_commands: seq (missing).',
    todo: expect.stringContaining('Start the API or the worker again') as string,
  });
  await commands.createIndexes([{ key: { link_id: 1, seq: 1 }, name: 'seq' }]);
  expect((await findingIn(env, 'mongodb.indexes')).detail).toContain('ticket_commands: seq (not unique)');
  await commands.dropIndex('seq');
  await commands.createIndexes([{ key: { link_id: 1, seq: 1 }, name: 'seq', unique: true }]);
  expect((await findingIn(env, 'mongodb.indexes')).status).toBe('ok');
});

test('a write concern in the URI that asks for less is said', async () => {
  const finding = await findingIn(
    { ...env, MONGODB_URI: withOptions(uri, { w: '1', journal: 'false' }) },
    'mongodb.write_concern',
  );
  expect(finding).toMatchObject({ status: 'attention' });
  expect(finding.detail).toBe(
    'MONGODB_URI says w=1 and journal=false; Drawbridge asks for w: majority and j: true all the same.',
  );
});

test('what a URI asks less does not weaken what the product writes with', async () => {
  const connection = await connectMongo(withOptions(uri, { w: '0', journal: 'false', j: 'false' }));
  onTestFinished(() => connection.close());
  expect(connection.getClient().options.writeConcern).toMatchObject({ w: 'majority', journal: true });
});

test('servers that do not answer are named without their credentials', async () => {
  const away = await freePort();
  const findings = await examine({
    ...env,
    MONGODB_URI: `mongodb://somebody:canary-password@127.0.0.1:${away}/x`,
    TEMPORAL_ADDRESS: `127.0.0.1:${away}`,
  });
  const mongo = findingOf(findings, 'mongodb.reachable');
  expect(mongo.detail).toContain(`MongoDB at 127.0.0.1:${away} does not answer`);
  expect(mongo.todo).toContain('MONGODB_URI');
  const temporal = findingOf(findings, 'temporal.reachable');
  expect(temporal.detail).toContain(`Temporal at 127.0.0.1:${away} does not answer`);
  expect(temporal.todo).toContain('TEMPORAL_ADDRESS');
  expect(JSON.stringify(findings)).not.toContain('canary');
});

test('TLS to a server without it is named as what may be wrong', async () => {
  const finding = await findingIn({ ...env, TEMPORAL_API_KEY: 'canary-api-key' }, 'temporal.reachable');
  expect(finding).toMatchObject({ status: 'bad', todo: expect.stringContaining('TLS is on') as string });
});

test('clocks that differ are measured: a second is worth a look, half a minute is bad', async () => {
  const local = await openLocalMongo();
  onTestFinished(() => local.close());
  const [mongo, ahead] = await Promise.all([mongoWithClock(local.port, -90_000), apiWithClock(5_000)]);
  const findings = await examine({ ...env, MONGODB_URI: mongo, PUBLIC_URL: ahead });
  expect(findingOf(findings, 'clocks.mongodb')).toMatchObject({
    status: 'bad',
    detail: expect.stringContaining('The clock of MongoDB is 90 s behind this machine') as string,
  });
  expect(findingOf(findings, 'clocks.api')).toMatchObject({ status: 'attention' });
  expect(findingOf(findings, 'clocks.api').todo).toContain('time service');
});

test('a PUBLIC_URL that leads elsewhere, or nowhere, is bad', async () => {
  const nowhere = await findingIn({ ...env, PUBLIC_URL: `http://127.0.0.1:${await freePort()}` }, 'egress.public_url');
  expect(nowhere).toMatchObject({ status: 'bad', detail: expect.stringContaining('does not answer') as string });
  const elsewhere = await findingIn({ ...env, PUBLIC_URL: `${api.url}/docs` }, 'egress.public_url');
  expect(elsewhere).toMatchObject({ status: 'bad', detail: expect.stringContaining('answers 404') as string });
});

test('without a worker it says so, and that queues are polled by nobody', async () => {
  const findings = await examine({ ...env, TEMPORAL_QUEUE_SUFFIX: '-nobody' });
  expect(findingOf(findings, 'temporal.workers')).toMatchObject({ status: 'bad' });
  expect(findingOf(findings, 'temporal.task_queues').detail).toBe(
    'Nobody polls lifecycles-nobody, providers-nobody, urgent-nobody, pumps-nobody in this namespace.',
  );
});

test('EGRESS_ALLOW that contains where clouds hand out credentials is bad, and loopback in production worth a look', async () => {
  expect(await findingIn({ ...env, EGRESS_ALLOW: '0.0.0.0/0' }, 'egress.allowed')).toMatchObject({ status: 'bad' });
  const production = { ...env, NODE_ENV: 'production', EGRESS_ALLOW: '127.0.0.1' };
  expect(await findingIn(production, 'egress.allowed')).toMatchObject({ status: 'attention' });
});

function doctor(args: string[], environment: NodeJS.ProcessEnv): Promise<{ code: number; output: string }> {
  const main = path.join(import.meta.dirname, '../../dist/src/doctor.js');
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { env: environment }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr });
    });
  });
}
