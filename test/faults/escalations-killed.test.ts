import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EscalationFaultPoint } from '../../activities/escalations/context.js';
import type { DeliveryPoint } from '../../activities/notifications/context.js';
import { openPeople, type People, type Shown } from '../e2e/support/escalations.js';
import { makeOrg } from '../support/factories.js';
import { startFakeTracker, type FakeTracker } from '../support/fake-tracker.js';
import type { ApiFaultPoint } from '../support/faults/api.js';
import { openDoom, untilDead } from '../support/faults/doom.js';
import {
  escalationsByReason,
  expectOneTicket,
  expectNotified,
  type NotifiedMoment,
} from '../support/faults/escalations.js';
import { ownEventsOf, untilQuiet } from '../support/faults/records.js';
import { webhookSecret } from '../support/product.js';
import { type ApiProcess, openProcesses, type Process, type ProductProcesses } from '../support/product-processes.js';

type Entry = 'raised' | 'claimed' | 'noted' | 'resolved';

/** What an entry comes to: what was begun before it, what the ticket is told, and what people are. */
const stories: Record<Entry, { before: ('raise' | 'claim')[]; comments: unknown[]; moments: NotifiedMoment[] }> = {
  raised: { before: [], comments: [], moments: ['created'] },
  claimed: { before: ['raise'], comments: [expect.stringMatching(/^Claimed by /)], moments: ['created', 'claimed'] },
  noted: {
    before: ['raise', 'claim'],
    comments: [expect.stringMatching(/^Claimed by /), 'one', 'two'],
    moments: ['created', 'claimed'],
  },
  resolved: {
    before: ['raise', 'claim'],
    comments: [expect.stringMatching(/^Claimed by /), expect.stringMatching(/^Resolved as denied by .*\n\nNo$/s)],
    moments: ['created', 'claimed', 'resolved'],
  },
};

const notified: Entry[] = ['raised', 'claimed', 'resolved'];
const deaths: { where: string; point: EscalationFaultPoint | DeliveryPoint; entries: Entry[] }[] = [
  { where: 'before anything is made of it', point: 'before_entry', entries: [...notified, 'noted'] },
  { where: 'between its link and its ticket', point: 'after_ticket', entries: ['raised'] },
  { where: 'after its event', point: 'after_event', entries: ['raised', 'resolved'] },
  { where: 'after its notifications are due', point: 'after_outbox', entries: notified },
  { where: 'before it is marked as done', point: 'after_entry', entries: [...notified, 'noted'] },
  { where: 'before people are told', point: 'before_send', entries: notified },
  { where: 'after people were told, before that is on record', point: 'after_send', entries: notified },
];
const cases = deaths.flatMap(({ point, entries }) =>
  entries.map((entry) => ({ point, entry, name: `${entry} ${point}` })),
);
type Case = (typeof cases)[number];

let people: People;
let tracker: FakeTracker;
let product: ProductProcesses;
let api: ApiProcess;
let org: { id: string; path: string };
let found: Record<string, Shown>;

const pathOf = (name: string) => `${org.path}/escalations/${found[name]?.id}`;
const post = async (path: string, body?: unknown): Promise<Shown> => {
  const { status, body: answer } = await api.admin.post(path, body);
  if (status > 202) throw new Error(`${status}: ${JSON.stringify(answer)}`);
  return answer;
};
const eventOf = (name: string) => ({
  type: 'event.created',
  id: name,
  data: { decision: 'block', reason: name },
});
const raise = (names: string[]) => post(`${org.path}/events`, { events: names.map(eventOf) });

async function act({ entry, name }: Case): Promise<void> {
  const path = pathOf(name);
  if (entry === 'claimed') await post(`${path}/claim`);
  if (entry === 'noted') for (const body of ['one', 'two']) await post(`${path}/notes`, { body });
  if (entry === 'resolved') await post(`${path}/resolve`, { resolution: 'denied', notes: 'No' });
}

beforeAll(async () => {
  [people, tracker] = await Promise.all([openPeople(), startFakeTracker({ secret: webhookSecret })]);
  product = openProcesses({ env: { TICKET_PROVIDER: 'webhook', TICKET_WEBHOOK_URL: tracker.url, ...people.env } });
  const started = await Promise.all([product.startApi(), product.startWorker()]);
  const first: Process = started[1];
  [api] = started;
  org = await makeOrg(api.admin);
  const policy = { name: 'Any block', match: { decision: 'block' }, severity: 'high' };
  const channels = people.channels(['created', 'claimed', 'resolved']);
  const put = [
    await api.admin.put(`${org.path}/escalation-policies`, { policies: [policy] }),
    await api.admin.put(`${org.path}/escalation-routing`, { on_resolve: 'close' }),
    await api.admin.put(`${org.path}/approvals`, { channels }),
  ];
  expect(put.map(({ status }) => status)).toEqual([200, 200, 200]);

  const begun = (step: 'raise' | 'claim') => cases.filter(({ entry }) => stories[entry].before.includes(step));
  await raise(begun('raise').map(({ name }) => name));
  found = await escalationsByReason(api, org.path);
  await Promise.all(begun('claim').map(({ name }) => post(`${pathOf(name)}/claim`)));
  await untilQuiet(product.env.MONGODB_URI ?? '');
  await first.stop();
}, 120_000);
afterAll(async () => {
  await product.close();
  await Promise.all([people.close(), tracker.close()]);
});

describe('a worker that is killed', () => {
  beforeAll(async () => {
    await raise(cases.filter(({ entry }) => entry === 'raised').map(({ name }) => name));
    found = await escalationsByReason(api, org.path);
    await Promise.all(cases.map(act));
    const doom = openDoom();
    doom.plan(Object.fromEntries(cases.map(({ name, point }) => [found[name]?.id, point])));
    await untilDead(await product.startWorker({ main: 'test/support/faults/worker.js', env: doom.env }), 60_000);
    const diedAt = Date.now();
    await product.startWorker();
    await untilQuiet(product.env.MONGODB_URI ?? '', 90_000);
    process.stdout.write(`Worker killed at ${cases.length} escalations: recovered in ${Date.now() - diedAt} ms\n`);
    doom.close();
  }, 240_000);
  const at = (point: Case['point']) => cases.filter((one) => one.point === point);

  it.each(deaths)('$where leaves one ticket with each comment once and in order', async ({ point }) => {
    for (const { entry, name } of at(point)) {
      const { id, ticket } = (await api.admin.get(pathOf(name))).body;
      await expectOneTicket(tracker, { api, path: pathOf(name), id }, stories[entry].comments);
      expect(ticket).toMatchObject({ sync_state: 'synced', state: entry === 'resolved' ? 'closed' : 'open' });
    }
  });

  it.each(deaths)('$where leaves each channel told once, but for what was not on record', ({ point }) => {
    for (const { entry, name } of at(point)) {
      const again = expectNotified(people, String(found[name]?.id), stories[entry].moments);
      if (point !== 'after_send') expect(again, name).toEqual([0, 0, 0, 0]);
      else {
        expect(Math.max(...again), name).toBe(1);
        expect(people.pager.incidents.find(({ dedupKey }) => dedupKey === found[name]?.id)).toMatchObject({
          state: { raised: 'triggered', claimed: 'acknowledged', resolved: 'resolved', noted: '' }[entry],
        });
      }
    }
    expect(people.faults()).toEqual([]);
  });

  it.each(deaths)('$where leaves one escalation.created, and one escalation.resolved', async ({ point }) => {
    const events = await ownEventsOf(product.env.MONGODB_URI ?? '', org.id);
    for (const { entry, name } of at(point)) {
      const wanted = ['escalation.created', ...(entry === 'resolved' ? ['escalation.resolved'] : [])];
      expect(events[String(found[name]?.id)], name).toEqual(wanted);
    }
  });

  it('leaves one escalation of each event, which sent again is known', async () => {
    const { events } = await raise(cases.map(({ name }) => name));
    expect((events as Shown[]).filter(({ duplicate }) => duplicate !== true)).toEqual([]);
    expect(Object.keys(await escalationsByReason(api, org.path)).sort()).toEqual(cases.map(({ name }) => name).sort());
  });
});

describe('an API that is killed after it wrote', () => {
  const deadly: Record<'event' | 'direct', ApiFaultPoint> = { event: 'before_escalation', direct: 'after_escalation' };
  const direct = { title: 'Direct', severity: 'low', reason: 'direct', source_id: 'direct-1' };
  const claimedToo = 'raised before_send';
  const write = () => [
    api.admin.post(`${org.path}/events`, eventOf('event')),
    api.admin.post(`${org.path}/escalations`, direct),
    api.admin.post(`${pathOf(claimedToo)}/claim`),
  ];

  beforeAll(async () => {
    const doom = openDoom();
    doom.plan({ ...deadly, [String(found[claimedToo]?.id)]: 'after_change' satisfies ApiFaultPoint });
    await api.kill();
    const port = Number(new URL(api.url).port);
    const doomed = await product.startApi({ port, main: 'test/support/faults/api.js', env: doom.env });
    const answers = Promise.allSettled(write());
    await untilDead(doomed, 30_000);
    expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    api = await product.startApi({ port });
    doom.close();
  }, 90_000);

  it('gives who comes again what there is already', async () => {
    const [event, raised, claimed] = await Promise.all(write());
    expect(event).toMatchObject({ status: 202, body: { events: [{ duplicate: true, source_id: 'event' }] } });
    expect(raised).toMatchObject({ status: 200, body: { reason: 'direct' } });
    expect(claimed).toMatchObject({ status: 200, body: { status: 'claimed' } });
  });

  it('has its escalations raised and told by the dispatcher, once', async () => {
    const startedAt = Date.now();
    await untilQuiet(product.env.MONGODB_URI ?? '');
    process.stdout.write(`API killed before it raised: swept up ${Date.now() - startedAt} ms later\n`);
    found = await escalationsByReason(api, org.path);
    expect(Object.keys(found).sort()).toEqual([...cases.map(({ name }) => name), 'direct', 'event'].sort());
    for (const name of ['event', 'direct']) {
      const id = String(found[name]?.id);
      await expectOneTicket(tracker, { api, path: pathOf(name), id }, []);
      expect(expectNotified(people, id, ['created'])).toEqual([0, 0, 0, 0]);
    }
    const id = String(found[claimedToo]?.id);
    await expectOneTicket(tracker, { api, path: pathOf(claimedToo), id }, stories.claimed.comments);
    expect(expectNotified(people, id, ['created', 'claimed'])).toEqual([0, 0, 0, 0]);
  }, 90_000);
});
