import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser } from '../support/chromium.js';
import { root } from '../deploy/files.js';
import { eventually } from '../support/eventually.js';
import { startFakeReceiver, type FakeReceiver } from '../support/fake-receiver.js';
import { api as apiOf, dataOf, type Api } from '../support/http.js';
import { openProduct, type RunningApi } from '../support/product.js';
import { signInAt } from '../browser/support/sign-in.js';

const folder = path.join(root, 'docs/images');
/** README is read over slow lines, too. */
const maxBytes = 150_000;

const product = openProduct({
  env: { EGRESS_ALLOW: '127.0.0.0/8', DELIVERY_RETRY_SCHEDULE: '2s,10m', TICKET_WAIT_MS: '20000' },
});
let browser: Awaited<ReturnType<typeof openBrowser>>;
let receiver: FakeReceiver;
let api: RunningApi;
let page: Page;
let ann: Api;
let annsKey: string;

beforeAll(async () => {
  receiver = await startFakeReceiver(null);
  browser = await openBrowser();
  [api] = await Promise.all([product.startApi(), product.startWorker()]);
  await api.admin.post('/orgs', { id: 'acme', name: 'Acme' });
  const { body } = await api.admin.post('/orgs/acme/api-keys', {
    name: 'Ann',
    permissions: ['configure', 'ingest'],
    acts_as: { id: 'ann', name: 'Ann Baker' },
  });
  annsKey = String(body.key);
  ann = apiOf(`${api.url}/api/v1`, annsKey);
  page = await browser.context.newPage();
  await page.setViewportSize({ width: 1280, height: 800 });
}, 400_000);
afterAll(async () => {
  await Promise.all([browser.close(), product.close(), receiver.close()]);
});

async function take(name: string, height: number): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${name}.png`);
  await page.setViewportSize({ width: 1280, height });
  await page.screenshot({ path: file, scale: 'css', animations: 'disabled' });
  expect(statSync(file).size).toBeLessThan(maxBytes);
}

it('takes the review page', async () => {
  await ann.put('/orgs/acme/escalation-routing', {
    sla: { critical: { acknowledge_minutes: 15, resolve_minutes: 240 } },
  });
  await ann.put('/orgs/acme/escalation-policies', {
    policies: [
      {
        name: 'Personal data',
        match: { classification: 'pii' },
        severity: 'critical',
        title: 'Personal data in an answer',
      },
    ],
  });
  await ann.post('/orgs/acme/events', {
    type: 'event.created',
    data: {
      classification: 'pii',
      reason: 'The answer contains an e-mail address and a customer number.',
      gateway: { id: 'gw-eu-1', name: 'Support assistant', environment: 'production' },
      actor: { id: 'u-17', name: 'Robin Clark', email: 'robin@acme.example', type: 'user' },
      context: { score: 0.97, model: 'assistant-2', excerpt: 'You can reach her at j***@example.com' },
    },
  });
  const raised = await eventually(
    () => ann.get('/orgs/acme/escalations'),
    (answer) => dataOf(answer).length === 1,
  );
  const [body = {}] = dataOf(raised);
  const at = `/orgs/acme/escalations/${String(body.id)}`;
  await ann.post(`${at}/claim`);
  await ann.post(`${at}/notes`, { body: 'Asked Robin whether the customer is a test account.' });
  await eventually(
    () => ann.get(`${at}/comments`),
    (answer) => dataOf(answer).length >= 3,
  );
  await signInAt(page, {
    url: `${api.url}/escalations/${String(body.id)}/review`,
    key: annsKey,
    heading: 'Personal data in an answer',
  });
  await take('review', 1000);
});

it('takes the delivery log', async () => {
  const { body } = await ann.post('/orgs/acme/webhooks', {
    url: `${receiver.origin}/hooks/data-lake`,
    description: 'Data lake',
    events: ['event.created', 'escalation.created', 'config.deployed'],
  });
  const at = `/orgs/acme/webhooks/${String(body.id)}`;
  const send = (type: string, data: object) => ann.post('/orgs/acme/events', { type, data });
  await send('config.deployed', { config_id: 'c-7', version: '12', gateway: 'gw-eu-1', deployed_by: 'Ann Baker' });
  await send('event.created', { classification: 'ok', score: 0.02 });
  await send('event.created', { classification: 'ok', score: 0.11 });
  const settled = (count: number) =>
    eventually(
      () => ann.get(`${at}/deliveries`),
      (answer) => dataOf(answer).filter(({ status }) => status === 'succeeded').length >= count,
    );
  await settled(3);
  // One that needs two attempts, and one that waits for its third.
  receiver.misbehave({ kind: 'status', status: 503 });
  await send('event.created', { classification: 'pii', score: 0.97 });
  await settled(4);
  receiver.misbehave({ kind: 'status', status: 500 }, 2);
  await send('config.deployed', { config_id: 'c-8', version: '13', gateway: 'gw-eu-1', deployed_by: 'Ann Baker' });
  await eventually(
    () => ann.get(`${at}/deliveries?status=retrying`),
    (answer) => dataOf(answer).some(({ attempts }) => Array.isArray(attempts) && attempts.length === 2),
  );
  await page.goto(`${api.url}/settings/webhooks/${String(body.id)}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await take('deliveries', 690);
});
