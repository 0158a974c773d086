import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { freePort } from '../../dev/stack/ports.js';
import { leaks, makeCanaries } from '../e2e/support/canaries.js';
import { openTrackedProcesses, type Tracked } from '../e2e/support/tracked.js';
import { eventually } from '../support/eventually.js';
import { makeEvidenceRequest, makeOrg } from '../support/factories.js';
import { startFakeReceiver, type FakeReceiver } from '../support/fake-receiver.js';
import type { ApiProcess, ProductProcesses } from '../support/product-processes.js';
import { namesOf, samplesOf, valueOf } from './support/exposed.js';
import { metricsIn } from './support/queries.js';

const { secrets, texts } = makeCanaries();
const metricsToken = 'metrics-token-of-the-test';
const root = path.join(import.meta.dirname, '../..');
const fileAt = (name: string) => readFileSync(path.join(root, name), 'utf8');

let tracked: Tracked<ProductProcesses>;
let receiver: FakeReceiver;
let api: ApiProcess;
let workerUrl: string;
let org: { id: string; path: string };

beforeAll(async () => {
  receiver = await startFakeReceiver(null);
  const port = await freePort();
  workerUrl = `http://127.0.0.1:${port}`;
  const env = {
    METRICS_TOKEN: metricsToken,
    WORKER_METRICS_ADDRESS: `127.0.0.1:${port}`,
    EGRESS_ALLOW: '127.0.0.0/8',
  };
  tracked = await openTrackedProcesses(env, secrets.webhookSecret);
  [api] = await Promise.all([tracked.product.startApi(), tracked.product.startWorker()]);
  org = await makeOrg(api.admin);
});
afterAll(async () => {
  await tracked.close();
  await receiver.close();
});

async function scrape(base: string, token: string | null = metricsToken) {
  const headers: Record<string, string> = token === null ? {} : { Authorization: `Bearer ${token}` };
  const answer = await fetch(`${base}/metrics`, { headers });
  return { status: answer.status, text: await answer.text(), type: answer.headers.get('content-type') };
}
const ofApi = async () => (await scrape(api.url)).text;
const ofWorker = async () => (await scrape(workerUrl)).text;

/** Until one sample has the value that is wanted. */
const until = (read: () => Promise<string>, name: string, labels: Record<string, string>, value: number) =>
  eventually(
    async () => valueOf(await read(), name, labels),
    (now) => now === value,
    // What is read from MongoDB is kept for a while, the longer the busier the machine is.
    60_000,
  );

describe('what is counted', { timeout: 120_000 }, () => {
  it('is a ticket once: one command applied, one call of the tracker, one link that is synced', async () => {
    const ours = { title: texts.title, description: texts.description };
    const { path: request } = await makeEvidenceRequest(api.admin, org.path, ours);
    expect((await api.admin.post(`${request}/ticket`)).status).toBe(201);

    const call = { provider: 'webhook', operation: 'create', outcome: 'ok' };
    await until(ofWorker, 'drawbridge_provider_call_seconds_count', call, 1);
    const command = { kind: 'create', provider: 'webhook', outcome: 'applied' };
    await until(ofWorker, 'drawbridge_ticket_command_seconds_count', command, 1);
    await until(ofApi, 'drawbridge_ticket_links', { sync_state: 'synced' }, 1);
    const route = '/api/v1/orgs/{org}/evidence-requests/{id}/ticket';
    const labels = { method: 'POST', route, status: '201' };
    expect(valueOf(await ofApi(), 'http_request_duration_seconds_count', labels)).toBe(1);
  });

  it('is a delivery once, with how long its try took and how late it came', async () => {
    const made = await api.admin.post(`${org.path}/webhooks`, { url: receiver.url, events: ['config.deployed'] });
    expect(made.status).toBe(201);
    await api.admin.post(`${org.path}/events`, { type: 'config.deployed', data: { config_id: texts.title } });
    await until(ofWorker, 'drawbridge_delivery_outcomes_total', { outcome: 'succeeded' }, 1);
    const text = await ofWorker();
    for (const name of ['drawbridge_delivery_attempt_seconds', 'drawbridge_delivery_lag_seconds']) {
      expect(valueOf(text, `${name}_count`), name).toBe(1);
      expect(valueOf(text, `${name}_bucket`, { le: '+Inf' }), name).toBe(1);
    }
    await until(ofApi, 'drawbridge_oldest_due_seconds', { work: 'delivery' }, 0);
  });

  it('is an escalation while it is open, and what was done for it', async () => {
    const raised = await api.admin.post(`${org.path}/escalations`, { title: texts.title, severity: 'critical' });
    expect(raised.status).toBe(201);
    await until(ofApi, 'drawbridge_escalations', { status: 'open', severity: 'critical' }, 1);
    await until(ofWorker, 'drawbridge_escalation_entries_total', { kind: 'raised' }, 1);
    // Its ticket as well: what the tracker refuses next is another's.
    await until(ofApi, 'drawbridge_ticket_links', { sync_state: 'synced' }, 2);
  });

  it('is a tracker whose breaker is open, and how long what waits for it has waited', async () => {
    tracked.tracker.misbehave({ kind: 'status', status: 401 }, { times: 100 });
    const { path: request } = await makeEvidenceRequest(api.admin, org.path);
    expect((await api.admin.post(`${request}/ticket`)).status).toBe(502);
    await until(ofApi, 'drawbridge_provider_breakers_open', { provider: 'webhook', reason: 'credentials' }, 1);
    const call = { provider: 'webhook', operation: 'create', outcome: 'credentials' };
    await until(ofWorker, 'drawbridge_provider_call_seconds_count', call, 1);
    await until(ofApi, 'drawbridge_ticket_links', { sync_state: 'error' }, 1);
  });

  it('are the live workers of each queue', async () => {
    for (const queue of ['lifecycles', 'providers', 'pumps']) await until(ofApi, 'drawbridge_workers', { queue }, 1);
  });

  it('is what the Temporal SDK counts, at the worker’s one address, in steps that begin at milliseconds', async () => {
    const waits = samplesOf(await ofWorker()).filter(
      ({ name, labels }) =>
        name === 'temporal_activity_schedule_to_start_latency_seconds_bucket' &&
        labels.task_queue?.startsWith('providers') === true,
    );
    expect(waits.map(({ labels }) => labels.le)).toEqual(expect.arrayContaining(['0.005', '0.1', '+Inf']));
    expect(waits.find(({ labels }) => labels.le === '+Inf')?.value).toBeGreaterThan(0);
  });
});

describe('who may see it', () => {
  it.each([
    ['the API', () => api.url],
    ['a worker', () => workerUrl],
  ])('is whoever has the METRICS_TOKEN: %s', async (_, base) => {
    expect((await scrape(base(), null)).status).toBe(401);
    expect((await scrape(base(), 'another-token')).status).toBe(401);
    const right = await scrape(base());
    expect(right.status).toBe(200);
    expect(right.type).toContain('text/plain');
  });

  it('finds nothing else at a worker’s address', async () => {
    expect((await fetch(`${workerUrl}/`)).status).toBe(404);
    expect((await fetch(`${workerUrl}/metrics`, { method: 'POST' })).status).toBe(404);
  });

  it('sees no secret, no text, no id of an org or a ticket, and no address', async () => {
    const text = (await ofApi()) + (await ofWorker());
    expect(leaks(text, { ...secrets, ...texts, org: org.id })).toEqual([]);
    expect(text).not.toMatch(/https?:|tkt_|er_[0-9A-Z]|esc_|evt_|127\.0\.0\.1/);
  });

  it('finds few values of each label', async () => {
    const values = new Map<string, Set<string>>();
    for (const { name, labels } of samplesOf((await ofApi()) + (await ofWorker())))
      for (const [label, value] of Object.entries(labels)) {
        const key = `${name} ${label}`;
        values.set(key, (values.get(key) ?? new Set()).add(value));
      }
    const many = [...values].filter(([key, { size }]) => size > 40 && !key.endsWith(' route'));
    expect(many.map(([key]) => key)).toEqual([]);
  });
});

describe('what is drawn and what raises an alarm', () => {
  const exposed = async () => new Set([...namesOf(await ofApi()), ...namesOf(await ofWorker())]);

  it('is in every panel of the dashboard a metric that a process gives', async () => {
    const names = await exposed();
    const queries = [
      ...fileAt('deploy/grafana/drawbridge.json').matchAll(/"(?:expr|definition)": ("(?:[^"\\]|\\.)*")/g),
    ];
    const used = queries.flatMap(([, query = '""']) => metricsIn(JSON.parse(query) as string));
    expect(used.length).toBeGreaterThan(30);
    expect(used.filter((name) => !names.has(name))).toEqual([]);
  });

  it('is in every alert rule a metric that a process gives', async () => {
    const names = await exposed();
    const { groups } = parse(fileAt('deploy/prometheus/alerts.yml')) as {
      groups: { rules: { expr: string }[] }[];
    };
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.length).toBeGreaterThan(8);
    expect(rules.flatMap(({ expr }) => metricsIn(expr)).filter((name) => !names.has(name))).toEqual([]);
  });

  it('would be seen to be missing: a metric that nobody gives', async () => {
    const names = await exposed();
    const query = 'sum by (queue) (rate(drawbridge_nobodys_total{queue="a"}[5m] offset 1h)) > 0';
    expect(metricsIn(query).filter((name) => !names.has(name))).toEqual(['drawbridge_nobodys_total']);
  });

  it('stands in docs/reference/metrics.md, each of ours with its labels, and no other', async () => {
    const [ofOurs, ofTheirs] = [await ofApi(), await ofWorker()];
    const types = [...`${ofOurs}\n${ofTheirs}`.matchAll(/^# TYPE ((?:drawbridge|http)_\w+) (\w+)$/gm)];
    const given = types.map(([, name = '', type = '']) => `${name} ${type}`).sort();
    const rows = [...fileAt('docs/reference/metrics.md').matchAll(/^\| `((?:drawbridge|http)_\w+)` +\| (\w+) +\|/gm)];
    expect(rows.map(([, name = '', type = '']) => `${name} ${type}`).sort()).toEqual([...new Set(given)]);
  });
});
