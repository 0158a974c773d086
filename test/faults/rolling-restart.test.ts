import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { defaultTimings } from '../../src/config/timings.js';
import { escalationWorkflowId, pumpWorkflowId, ticketWorkflowId } from '../../workflows/contracts/workflow-ids.js';
import { eventually } from '../support/eventually.js';
import { makeOrg } from '../support/factories.js';
import { FakeReceiver } from '../support/fake-receiver.js';
import { startFakeTracker, type FakeTracker } from '../support/fake-tracker.js';
import { expectArrived, untilArrived } from '../support/faults/received.js';
import { startBalancer, type Balancer } from '../support/faults/balancer.js';
import { countCalls, type Counted } from '../support/faults/counted.js';
import { startPublishers } from '../support/faults/publishers.js';
import { isCampaign } from '../support/faults/rounds.js';
import { untilQuiet, untilSettled } from '../support/faults/records.js';
import { expectReviewed, startReviewing } from '../support/faults/reviewer.js';
import { startMortalMongo, startMortalTemporal, type Mortal } from '../support/faults/servers.js';
import { expectHeard, startSpeaking } from '../support/faults/speaker.js';
import { linkOf, makeTicket } from '../support/faults/tickets.js';
import { webhookSecret, type ApiAccess } from '../support/product.js';
import { type ApiProcess, openProcesses, type Process, type ProductProcesses } from '../support/product-processes.js';
import { timingsEnv } from '../support/timings.js';

let servers: { mongo: Mortal; temporal: Mortal };
let tracker: FakeTracker;
let product: ProductProcesses;
let apis: ApiProcess[];
let workers: Process[];
let balancer: Balancer;
let connection: Connection;
const receivers: FakeReceiver[] = [];

beforeAll(async () => {
  const [mongo, temporal] = await Promise.all([startMortalMongo(), startMortalTemporal()]);
  servers = { mongo, temporal };
  tracker = await startFakeTracker({ secret: webhookSecret, dedupe: false });
  product = openProcesses({
    mongoUri: mongo.address,
    temporalAddress: temporal.address,
    env: {
      TICKET_PROVIDER: 'webhook',
      TICKET_WEBHOOK_URL: tracker.url,
      EGRESS_ALLOW: '127.0.0.0/8',
      // The balancer keeps connections, and no call of its is to be cut off: that is production's own promise.
      ...timingsEnv({ shutdown: defaultTimings.shutdown }),
    },
  });
  [apis, workers] = await Promise.all([
    Promise.all([product.startApi(), product.startApi()]),
    Promise.all([product.startWorker(), product.startWorker()]),
  ]);
  balancer = await startBalancer(apis.map(portOf));
  connection = await Connection.connect({ address: temporal.address });
}, 120_000);
afterEach(() => Promise.all(receivers.splice(0).map((receiver) => receiver.close())));
afterAll(async () => {
  await Promise.all([balancer.close(), connection.close()]);
  await product.close();
  await tracker.close();
  await Promise.all(Object.values(servers).map((server) => server.close()));
});

const portOf = ({ url }: ApiProcess) => Number(new URL(url).port);

/** An endpoint that wants all that is published. */
async function subscribe({ admin }: ApiAccess, orgPath: string, ordered: boolean): Promise<FakeReceiver> {
  const receiver = await new FakeReceiver(null, null).up();
  receivers.push(receiver);
  const made = await admin.post(`${orgPath}/webhooks`, { url: receiver.url, events: ['event.created'], ordered });
  expect(made.status).toBe(201);
  receiver.trust(String(made.body.secret));
  return receiver;
}

/** Ten who publish, three who comment and one who reviews, all through the one address; each call is made once and counted. */
async function startLoad(counted: Counted) {
  const { api } = counted;
  const apiOf = () => api;
  const org = await makeOrg(api.admin);
  await api.admin.put(`${org.path}/escalation-routing`, { on_resolve: 'close' });
  const [plain, ordered] = await Promise.all([subscribe(api, org.path, false), subscribe(api, org.path, true)]);
  const subjects = await Promise.all([1, 2, 3].map(() => makeTicket(api, org.path)));
  const publishers = startPublishers(org.path, { count: 10, pauseMs: 500, apiOf, sizes: [1] });
  const speakers = subjects.map((subject) => startSpeaking(subject, { pauseMs: 400 }));
  const reviewer = startReviewing(org.path, apiOf, 400);
  const all = [publishers, reviewer, ...speakers];

  return {
    /** Until this load is under way on all ways. */
    async begun(): Promise<void> {
      await eventually(
        () =>
          Promise.resolve([plain.messages.length, ordered.messages.length, ...speakers.map((s) => s.accepted.length)]),
        (counts) => counts.every((count) => count > 3),
        30_000,
      );
    },

    async stop(): Promise<void> {
      await Promise.all(all.map((one) => one.stop()));
    },

    /** Everything that was accepted is where it should be. @returns what was measured, in words */
    async expectAllThere(): Promise<{ summary: string; maxGapMs: number }> {
      const direct = apis[0];
      if (!direct) throw new Error('There is no API.');
      const tookMs = await Promise.all([plain, ordered].map((receiver) => untilArrived(receiver, publishers)));
      await untilSettled(product.env.MONGODB_URI ?? '', publishers.accepted.flat());
      await untilQuiet(product.env.MONGODB_URI ?? '');
      const arrived = [expectArrived(plain, publishers, false), expectArrived(ordered, publishers, true)];
      for (const speaker of speakers) await expectHeard(tracker, speaker);
      const ids = await expectReviewed({ tracker, api: direct, orgPath: org.path }, reviewer);
      const links = await Promise.all(subjects.map((subject) => linkOf({ ...subject, api: direct })));
      await expectWorkflows(org.id, { ...ids, links: links.map(({ id }) => String(id)) });
      const comments = speakers.reduce((sum, { accepted }) => sum + accepted.length, 0);
      const [one, other] = arrived;
      return {
        maxGapMs: Math.max(...arrived.map(({ maxGapMs }) => maxGapMs)),
        summary:
          `${one?.events} events (${one?.duplicates} and ${other?.duplicates} twice, in order ${other?.events}), ` +
          `longest gap ${one?.maxGapMs} and ${other?.maxGapMs} ms, all there ${tookMs.join(' and ')} ms after the last; ` +
          `${comments} comments; ${ids.resolved.length + ids.waiting.length} escalations`,
      };
    },
  };
}

/** Each is where it should be: tickets and claimed escalations wait, resolved ones have ended well, the pump pumps, and nothing else is there. */
async function expectWorkflows(
  orgId: string,
  of: { waiting: string[]; resolved: string[]; links: string[] },
): Promise<void> {
  const { workflow } = new Client({ connection });
  const listed = async (query: string) => {
    const states: Record<string, string> = {};
    for await (const { workflowId, status } of workflow.list({ query })) states[workflowId] = status.name;
    return states;
  };
  const state = (name: string, ids: string[]) => ids.map((id) => [escalationWorkflowId(orgId, id), name] as const);
  const escalations = Object.fromEntries([...state('RUNNING', of.waiting), ...state('COMPLETED', of.resolved)]);
  await eventually(
    () => listed(`OrgId = "${orgId}" AND WorkflowType = "escalation"`),
    (found) => Object.entries(escalations).every(([id, name]) => found[id] === name),
  );
  // Lists of workflows are eventually consistent.
  const tickets = await eventually(
    () => listed(`OrgId = "${orgId}" AND WorkflowType = "ticket"`),
    (found) => Object.keys(found).length >= of.links.length + Object.keys(escalations).length,
  );
  expect(Object.keys(tickets)).toEqual(expect.arrayContaining(of.links.map((id) => ticketWorkflowId(orgId, id))));
  expect(Object.keys(tickets)).toHaveLength(of.links.length + Object.keys(escalations).length);
  expect(new Set(Object.values(tickets))).toEqual(new Set(['RUNNING']));
  expect(await listed(`OrgId = "${orgId}" AND WorkflowType NOT IN ("ticket", "escalation")`)).toEqual({});
  const pump = pumpWorkflowId(0, String(product.env.TEMPORAL_QUEUE_SUFFIX));
  expect(await listed('WorkflowType = "delivery-pump" AND ExecutionStatus = "Running"')).toEqual({ [pump]: 'RUNNING' });
}

/** The next one is stopped only when this one answers for all that it needs, and the balancer has it. */
async function untilTaken(api: ApiProcess): Promise<void> {
  await eventually(
    async () => (await fetch(`${api.url}/readyz`)).status,
    (status) => status === 200,
  );
  await eventually(
    () => Promise.resolve(balancer.inService()),
    (ports) => ports.includes(portOf(api)),
  );
}

describe('two APIs behind one address and two workers, under load', () => {
  it('are restarted one after the other: no call is refused, and nothing is lost', async () => {
    const counted = countCalls(balancer.url);
    const load = await startLoad(counted);
    await load.begun();
    const codes: unknown[] = [];
    const took: string[] = [];
    const restart = async (name: string, one: Process, again: () => Promise<void>) => {
      const startedAt = Date.now();
      codes.push(await one.stop());
      const stoppedAt = Date.now();
      await again();
      took.push(`${name} ${stoppedAt - startedAt} + ${Date.now() - stoppedAt} ms`);
    };
    for (const [index, api] of apis.entries()) {
      await restart(`api ${index + 1}`, api, async () => {
        await untilTaken((apis[index] = await product.startApi({ port: portOf(api) })));
      });
    }
    for (const [index, worker] of workers.entries()) {
      await restart(`worker ${index + 1}`, worker, async () => {
        workers[index] = await product.startWorker();
      });
    }
    await load.stop();
    process.stdout.write(
      `Rolling restart (stop + start): ${took.join(', ')}; ${counted.calls.length} calls, ${counted.failed().length} failed\n`,
    );
    expect(counted.failed()).toEqual([]);
    expect(codes).toEqual([0, 0, 0, 0]);
    const { summary, maxGapMs } = await load.expectAllThere();
    process.stdout.write(`Rolling restart: ${summary}\n`);
    expect(maxGapMs).toBeLessThan(10_000);
  }, 180_000);

  // Takes half a minute of both cores. In a run of all tests, test/faults/campaign.test.ts shows that an API's death loses nothing.
  if (isCampaign) {
    it('refuse calls only while both APIs are killed, and lose nothing that was accepted', async () => {
      const counted = countCalls(balancer.url);
      const load = await startLoad(counted);
      await load.begun();
      const killedAt = Date.now();
      await Promise.all(apis.map((api) => api.kill()));
      await delay(3_000);
      const again = Promise.all(apis.map((api) => product.startApi({ port: portOf(api) })));
      again.catch(() => undefined);
      await eventually(
        () => Promise.resolve(balancer.inService().length),
        (count) => count > 0,
        60_000,
      );
      const backAt = Date.now();
      apis = await again;
      await Promise.all(apis.map(untilTaken));
      await load.begun();
      await load.stop();
      const failed = counted.failed();
      process.stdout.write(
        `No API for ${backAt - killedAt} ms: ${counted.calls.length} calls, ${failed.length} failed\n`,
      );
      // They would not be, had nobody called: then this would prove nothing.
      expect(failed.length).toBeGreaterThan(10);
      expect(failed.filter(({ at, endedAt }) => endedAt < killedAt || at > backAt)).toEqual([]);
      const { summary } = await load.expectAllThere();
      process.stdout.write(`No API for ${backAt - killedAt} ms: ${summary}\n`);
    }, 180_000);
  }
});
