import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultRouting } from '../../src/escalations/routing/routing.js';
import { openPeople, type People, type Shown } from '../e2e/support/escalations.js';
import { eventually } from '../support/eventually.js';
import { makeOrg } from '../support/factories.js';
import { startFakeTracker, type FakeTracker } from '../support/fake-tracker.js';
import { expectOneTicket, expectNotified } from '../support/faults/escalations.js';
import { raisedEarlier, ownEventsOf, untilQuiet } from '../support/faults/records.js';
import { startMortalTemporal, type Mortal } from '../support/faults/servers.js';
import { webhookSecret } from '../support/product.js';
import { type ApiProcess, openProcesses, type Process, type ProductProcesses } from '../support/product-processes.js';

const routing = {
  severity_map: { critical: 'P1', high: 'P2', medium: 'P3' },
  on_resolve: 'close',
  sla: {
    critical: { acknowledge_minutes: 1, resolve_minutes: 60 },
    medium: { acknowledge_minutes: 60, resolve_minutes: 1 },
    high: { acknowledge_minutes: 60, resolve_minutes: 120 },
  },
} as const;
/** Everything is another: an hour's clock is a minute's, and the other way round. */
const changedRouting = {
  severity_map: { critical: 'C', high: 'H', medium: 'M' },
  on_resolve: 'comment',
  sla: { high: { acknowledge_minutes: 1, resolve_minutes: 1 }, critical: { acknowledge_minutes: 600 } },
} as const;
let people: People;
let tracker: FakeTracker;
let temporal: Mortal;
let product: ProductProcesses;
let api: ApiProcess;
let worker: Process;
let org: { id: string; path: string };
/** By their titles. */
let ids: Record<string, string> = {};
let missed: Date;

const pathOf = (title: string) => `${org.path}/escalations/${ids[title]}`;
const shown = async (title: string): Promise<Shown> => (await api.admin.get(pathOf(title))).body;
async function write(title: string, call: string, body?: unknown): Promise<void> {
  const { status } = await api.admin.post(`${pathOf(title)}/${call}`, body);
  expect([title, call, status]).toEqual([title, call, 200]);
}
async function raise(title: string, severity = 'high'): Promise<void> {
  const made = await api.admin.post(`${org.path}/escalations`, { title, severity, source_id: title });
  expect(made.status).toBeLessThan(202);
  ids = { ...ids, [title]: made.body.id as string };
}

/** Before: raised just now, and last of all those that were raised a while ago, whose clocks run out soon. */
async function before(): Promise<void> {
  const uri = product.env.MONGODB_URI ?? '';
  const startedAt = Date.now();
  await Promise.all([raise('decided'), raise('discussed')]);
  await Promise.all([write('decided', 'claim'), write('discussed', 'claim')]);
  await untilQuiet(uri);
  const earlier = { orgId: org.id, routing: { ...defaultRouting, ...routing } };
  // What they still have of their minute: time to be seen to before everything is killed, by how busy this machine is.
  missed = new Date(Date.now() + Math.min(50_000, Math.max(8_000, 4 * (Date.now() - startedAt))));
  const at = new Date(missed.getTime() - 60_000);
  const [unclaimed, undecided] = await Promise.all([
    raisedEarlier(uri, { ...earlier, title: 'unclaimed', severity: 'critical', at }),
    raisedEarlier(uri, { ...earlier, title: 'undecided', severity: 'medium', at }),
  ]);
  ids = { ...ids, unclaimed, undecided };
  await write('undecided', 'claim');
  await untilQuiet(uri);
}

/** While it is down: what the API takes nobody hears of, and then there is no API either. */
async function during(): Promise<void> {
  await Promise.all([
    write('decided', 'resolve', { resolution: 'approved', notes: 'Fine' }),
    raise('late'),
    write('discussed', 'notes', { body: 'one' }),
  ]);
  await write('discussed', 'notes', { body: 'two' });
  await write('late', 'claim');
  expect((await api.admin.put(`${org.path}/escalation-routing`, changedRouting)).status).toBe(200);
  await api.kill();
}

beforeAll(async () => {
  [people, tracker, temporal] = await Promise.all([
    openPeople(),
    startFakeTracker({ secret: webhookSecret }),
    startMortalTemporal(),
  ]);
  product = openProcesses({
    temporalAddress: temporal.address,
    env: { TICKET_PROVIDER: 'webhook', TICKET_WEBHOOK_URL: tracker.url, ...people.env },
  });
  [api, worker] = await Promise.all([product.startApi(), product.startWorker()]);
  org = await makeOrg(api.admin);
  const put = [
    await api.admin.put(`${org.path}/escalation-routing`, routing),
    await api.admin.put(`${org.path}/approvals`, {
      channels: people.channels(['created', 'claimed', 'overdue', 'resolved']),
    }),
  ];
  expect(put.map(({ status }) => status)).toEqual([200, 200]);
  await before();
  await Promise.all([temporal.kill(), worker.kill()]);
  // What follows is about a time that passes when nobody is there to notice.
  expect(Date.now()).toBeLessThan(missed.getTime());
  await during();
  await eventually(
    () => Promise.resolve(Date.now()),
    (now) => now > missed.getTime(),
    60_000,
  );
  await temporal.restart();
  const startedAt = Date.now();
  [api, worker] = await Promise.all([product.startApi(), product.startWorker()]);
  await eventually(
    () => Promise.all(['unclaimed', 'undecided'].map(shown)),
    (late) => late.every(({ sla }) => sla.breached !== null),
    60_000,
  );
  await untilQuiet(product.env.MONGODB_URI ?? '');
  process.stdout.write(`All up again: SLA times noticed and all told after ${Date.now() - startedAt} ms\n`);
}, 240_000);
afterAll(async () => {
  await product.close();
  await Promise.all([people.close(), tracker.close(), temporal.close()]);
});

const claimed = expect.stringMatching(/^Claimed by /);

describe('with the API, the worker and Temporal killed', () => {
  it.each([
    ['decided', [claimed, expect.stringMatching(/^Resolved as approved .*Fine$/s)], ['created', 'claimed', 'resolved']],
    ['discussed', [claimed, 'one', 'two'], ['created', 'claimed']],
    ['late', [claimed], ['created', 'claimed']],
    ['unclaimed', [], ['created', 'overdue']],
    ['undecided', [claimed], ['created', 'claimed', 'overdue']],
  ] as const)('%s has one ticket, and everybody was told once', async (title, comments, moments) => {
    const id = String(ids[title]);
    await expectOneTicket(tracker, { api, path: pathOf(title), id }, [...comments]);
    expect(expectNotified(people, id, moments)).toEqual([0, 0, 0, 0]);
    expect(people.faults()).toEqual([]);
    const events = (await ownEventsOf(product.env.MONGODB_URI ?? '', org.id))[id];
    expect(events).toEqual(['escalation.created', ...(title === 'decided' ? ['escalation.resolved'] : [])]);
  });

  it('raised again by its source_id is the same one', async () => {
    const former = ids.late;
    await raise('late');
    expect(ids.late).toBe(former);
  });
});

describe('an SLA time that passes while everything is down', () => {
  it.each([
    ['unclaimed', 'acknowledge', 'not claimed in time'],
    ['undecided', 'resolve', 'not resolved in time'],
  ] as const)('%s says which, on the escalation and on its workflow', async (title, clock, breach) => {
    const { sla, workflow } = await shown(title);
    expect(sla.breached).toBe(clock);
    expect(sla[`${clock}_due_at`]).toBe(missed.toISOString());
    const connection = await Connection.connect({ address: temporal.address });
    try {
      const handle = new Client({ connection }).workflow.getHandle(String(workflow.id));
      const { typedSearchAttributes } = await handle.describe();
      expect(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value])).toContainEqual([
        'SlaBreached',
        clock,
      ]);
      const metadata = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
      expect(metadata.currentDetails).toContain(breach);
    } finally {
      await connection.close();
    }
  });
});

describe('routing that is changed while escalations are open', () => {
  it('leaves them their times, the severity on the tracker and their end', async () => {
    const minutes = (from: unknown, to: unknown) => (Date.parse(String(to)) - Date.parse(String(from))) / 60_000;
    const { created_at, sla, ticket } = await shown('late');
    expect([minutes(created_at, sla.acknowledge_due_at), minutes(created_at, sla.resolve_due_at)]).toEqual([60, 120]);
    await write('late', 'resolve', { resolution: 'dismissed' });
    await untilQuiet(product.env.MONGODB_URI ?? '');
    const kept = tracker.tickets().find(({ externalId }) => externalId === ticket.external_id);
    expect(kept).toMatchObject({ severity: 'P2', state: 'closed', closes: 1 });
    const others = (await Promise.all(['unclaimed', 'undecided'].map(shown))).map((one) => one.ticket.external_id);
    const theirs = tracker.tickets().filter(({ externalId }) => others.includes(externalId));
    expect(theirs.map(({ severity }) => severity).sort()).toEqual(['P1', 'P3']);
  });

  it('is what the next ones get', async () => {
    await raise('next');
    await write('next', 'claim');
    await write('next', 'resolve', { resolution: 'dismissed' });
    await untilQuiet(product.env.MONGODB_URI ?? '');
    const { created_at, sla, ticket } = await shown('next');
    expect(Date.parse(sla.resolve_due_at) - Date.parse(created_at)).toBe(60_000);
    const kept = tracker.tickets().find(({ externalId }) => externalId === ticket.external_id);
    expect(kept).toMatchObject({ severity: 'H', state: 'open', closes: 0 });
  });
});
