import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signBody } from '../../src/lib/signature.js';
import { budgetAlertWorkflowId } from '../../workflows/contracts/workflow-ids.js';
import { eventually } from '../support/eventually.js';
import { routingKey } from '../support/fake-pagerduty.js';
import { startFakeTracker, type FakeTracker } from '../support/fake-tracker.js';
import { api as client, dataOf, type Api, type ApiAnswer } from '../support/http.js';
import { openLocalTemporal, type LocalTemporal } from '../support/local-servers.js';
import { type ApiProcess, openProcesses, type Process, type ProductProcesses } from '../support/product-processes.js';
import { leaks, makeCanaries, shownByTemporal, temporalFiles } from './support/canaries.js';
import { openPeople, type People, type Shown } from './support/escalations.js';
import { temporalClient } from './support/workflows.js';

const canary = (name: string) => `canary-${name}-${randomBytes(9).toString('hex')}`;
const { secrets: common } = makeCanaries();
const secrets: Record<string, string> = {
  webhookSecret: common.webhookSecret,
  adminKey: common.adminKey,
  encryptionKey: common.encryptionKey,
  sourceSecret: canary('source-secret'),
  keptSecret: canary('kept-secret'),
  deadUrl: canary('dead-url'),
  // What the fakes' addresses have for a token.
  slackToken: 'canary-slack-token',
  teamsSignature: 'canary-teams-signature',
  receiverToken: 'canary-path-token',
  routingKey,
};
/** What people wrote, or what says who they are: in answers to who may read it, in the tracker and the channels only. */
const texts = {
  title: canary('title'),
  reason: canary('reason'),
  context: canary('context'),
  gateway: canary('gateway'),
  actorName: canary('actor-name'),
  actorEmail: `${canary('actor-mail')}@example.test`,
  reviewerId: `${canary('reviewer')}@example.test`,
  reviewerName: canary('reviewer-name'),
  policyName: canary('policy-name'),
  channelName: canary('channel-name'),
  mapped: canary('mapped'),
  note: canary('note'),
  decision: canary('decision'),
  wallet: canary('wallet'),
  sourceId: canary('source-id'),
  reviewUrl: canary('review-url'),
  malformed: canary('malformed'),
  channelText: canary('their-words'),
};
const orgPath = '/orgs/escalating-canaries';
const raised = {
  title: texts.title,
  severity: 'high',
  reason: texts.reason,
  context: { prompt: texts.context },
  gateway: { id: texts.gateway, name: texts.gateway },
  actor: { id: texts.actorEmail, name: texts.actorName, email: texts.actorEmail },
  source_id: texts.sourceId,
};

let people: People;
let server: LocalTemporal;
let tracker: FakeTracker;
let product: ProductProcesses;
let api: ApiProcess;
let worker: Process;
let admin: Api;
let reviewer: Api;
let budgetEvent: string;
const answers: string[] = [];
const refusals: string[] = [];
const temporal = temporalClient(() => server.address);

async function note(call: Promise<ApiAnswer>): Promise<ApiAnswer> {
  const answer = await call;
  (answer.status < 400 ? answers : refusals).push(JSON.stringify([answer.status, [...answer.headers], answer.body]));
  return answer;
}
async function accepted(call: Promise<ApiAnswer>): Promise<Shown> {
  const { status, body } = await note(call);
  if (status > 202) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return body;
}

async function settings(): Promise<void> {
  const moments = ['created', 'claimed', 'resolved', 'budget'];
  const dead = `http://127.0.0.1:1/${secrets.deadUrl}?token=${secrets.deadUrl}`;
  const channels = [
    ...people.channels(moments),
    { type: 'webhook', name: texts.channelName, url: dead, secret: secrets.keptSecret, on: moments },
  ];
  const policies = [{ name: texts.policyName, match: { decision: 'block' }, severity: 'high' }];
  await accepted(admin.put(`${orgPath}/escalation-policies`, { policies }));
  await accepted(admin.put(`${orgPath}/escalation-routing`, { severity_map: { high: texts.mapped } }));
  const put = await accepted(admin.put(`${orgPath}/approvals`, { channels }));
  for (const { id } of put.channels as { id: string }[]) await note(admin.post(`${orgPath}/approvals/${id}/test`));
  const acts_as = { id: texts.reviewerId, name: texts.reviewerName, email: texts.reviewerId };
  // The key itself is shown this once.
  const key = await admin.post(`${orgPath}/api-keys`, { name: 'R', permissions: ['review', 'read'], acts_as });
  secrets.reviewerKey = key.body.key as string;
  reviewer = client(`${api.url}/api/v1`, secrets.reviewerKey);
}

/** Channels and a tracker that repeat all that they know in their refusals. */
function grumble(): void {
  const canaries = {
    message: `${texts.channelText} ${Object.values(secrets).join(' ')} ${Object.values(texts).join(' ')}`,
  };
  for (const status of [400, 500]) {
    for (const one of [people.slack, people.teams, people.pager, people.receiver]) {
      one.misbehave({ kind: 'status', status, body: canaries });
    }
    tracker.misbehave({ kind: 'status', status, body: canaries });
  }
}

async function sourced(): Promise<void> {
  const made = await accepted(admin.post(`${orgPath}/sources`, { name: 'S', secret: secrets.sourceSecret }));
  const send = (body: object, secret = String(secrets.sourceSecret)) => {
    const raw = JSON.stringify(body);
    const path = new URL(String(made.url)).pathname.replace('/api/v1', '');
    return client(`${api.url}/api/v1`).post(path, raw, { 'X-Keeptrusts-Signature': signBody(raw, secret) });
  };
  const review_url = `https://queue.test/${texts.reviewUrl}`;
  await accepted(send({ id: 'e-1', type: 'escalation.created', data: { ...raised, review_url } }));
  const added = { source_id: texts.sourceId, resolution: 'denied', notes: texts.decision };
  await accepted(send({ id: 'e-2', type: 'escalation.resolved', data: added }));
  await note(
    send({ id: 'e-3', type: 'escalation.created', data: { title: texts.malformed, severity: texts.malformed } }),
  );
  await note(send({ id: 'e-4', type: 'escalation.created', data: raised }, texts.malformed));
}

async function reviewed(path: string): Promise<void> {
  await accepted(reviewer.post(`${path}/claim`));
  await accepted(reviewer.post(`${path}/notes`, { body: texts.note }));
  await accepted(reviewer.post(`${path}/resolve`, { resolution: 'denied', notes: texts.decision }));
  await note(reviewer.post(`${path}/resolve`, { resolution: 'denied', notes: texts.malformed }));
  await note(reviewer.post(`${path}/notes`, { body: texts.malformed, more: texts.malformed }));
  await note(reviewer.post(`${path}/notes`, `{"body":"${texts.malformed}`));
}

beforeAll(async () => {
  [server, people, tracker] = await Promise.all([
    openLocalTemporal(),
    openPeople(),
    startFakeTracker({ secret: common.webhookSecret }),
  ]);
  product = openProcesses({
    temporalAddress: server.address,
    env: {
      TICKET_PROVIDER: 'webhook',
      TICKET_WEBHOOK_URL: tracker.url,
      TICKET_WEBHOOK_SECRET: common.webhookSecret,
      ADMIN_API_KEY: common.adminKey,
      ENCRYPTION_KEY: common.encryptionKey,
      LOG_LEVEL: 'trace',
      ...people.env,
    },
  });
  [api, worker] = await Promise.all([product.startApi(), product.startWorker()]);
  admin = client(`${api.url}/api/v1`, common.adminKey);
  await accepted(admin.post('/orgs', { id: 'escalating-canaries', name: 'Canaries' }));
  await settings();
  const direct = await accepted(admin.post(`${orgPath}/escalations`, raised));
  await people.untilNotified([2, 2, 2, 2]);
  await reviewed(`${orgPath}/escalations/${direct.id}`);
  await people.untilNotified([4, 4, 4, 4]);
  grumble();
  await accepted(
    admin.post(`${orgPath}/events`, { type: 'event.created', id: 'e', data: { ...raised, decision: 'block' } }),
  );
  const budget = { wallet_id: texts.wallet, threshold_percent: 80 };
  const sent = await accepted(
    admin.post(`${orgPath}/events`, { type: 'budget.threshold_reached', id: 'b', data: budget }),
  );
  budgetEvent = String(sent.events[0].id);
  await sourced();
  await note(admin.post(`${orgPath}/events`, { type: texts.malformed, data: { reason: texts.malformed } }));
  await note(
    admin.put(`${orgPath}/escalation-policies`, {
      policies: [{ name: 'x', match: { $where: texts.malformed }, severity: 'low' }],
    }),
  );
  await note(
    admin.put(`${orgPath}/approvals`, {
      channels: [{ type: 'slack', name: 'x', url: texts.malformed, on: ['created'] }],
    }),
  );
  for (const read of ['escalations', 'approvals', 'sources', 'escalation-routing', 'escalation-policies', 'audit']) {
    await accepted(admin.get(`${orgPath}/${read}`));
  }
});
afterAll(async () => {
  await product.close();
  await Promise.all([server.close(), people.close(), tracker.close()]);
});

describe('after every path of escalations, good and bad', () => {
  const shown = async () => {
    const all = dataOf(await admin.get(`${orgPath}/escalations`)) as Shown[];
    const tickets = all.flatMap(({ ticket }) => (ticket === null ? [] : [String(ticket.workflow.id)]));
    const ids = [
      ...all.map(({ workflow }) => String(workflow.id)),
      ...tickets,
      budgetAlertWorkflowId('escalating-canaries', budgetEvent),
    ];
    const now = await temporal();
    const each = ids.map(async (id) => ({ id, ...(await shownByTemporal(now, id)) }));
    // A workflow that has not been started yet is looked for again.
    return (await Promise.allSettled(each)).flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  };

  it('no history, description or pending failure in Temporal holds any of it', async () => {
    const found = await eventually(
      shown,
      (all) =>
        all.length === 7 &&
        all.filter(({ pendingFailures }) => pendingFailures.includes('ChannelUnavailable')).length >= 3,
      30_000,
    );
    for (const { id, text } of found) {
      // What is there is found: the id of the escalation, or of the link.
      expect(text).toContain(id.split('/').at(-1));
      expect(leaks(text, { ...secrets, ...texts })).toEqual([]);
      expect(text).not.toMatch(/\/work\/|node_modules|file:\/\/|\.[jt]s:\d+|\n\s+at /);
    }
  });

  it('no log holds a secret, nor what anybody wrote', async () => {
    // They did grumble: what is to be kept out was there.
    const grumbled = () =>
      Promise.resolve([
        worker.log().includes('A channel was not notified'),
        people.slack.requests.some(({ outcome }) => outcome === 'status'),
      ]);
    await eventually(grumbled, (all) => all.every(Boolean));
    for (const one of [api, worker]) {
      expect(one.log().length).toBeGreaterThan(500);
      expect(leaks(one.log(), { ...secrets, ...texts })).toEqual([]);
    }
  });

  it('no answer holds a secret; those that show an escalation hold what people wrote', () => {
    const all = [...answers, ...refusals].join('\n');
    expect(leaks(all, secrets)).toEqual([]);
    expect(leaks(answers.join('\n'), texts)).toEqual(
      expect.arrayContaining(['title', 'reason', 'actorEmail', 'reviewerName', 'note', 'decision', 'policyName']),
    );
    expect(refusals.length).toBeGreaterThan(6);
    const { malformed: _, ...others } = texts;
    expect(leaks(refusals.join('\n'), others)).toEqual([]);
  });

  it('Temporal’s database file holds none of it', async () => {
    const files = temporalFiles(server.dataFile);
    const ids = Object.fromEntries((await shown()).map(({ id }) => [id, id.split('/').at(-1) ?? '']));
    expect(leaks(files, ids)).toHaveLength(7);
    // Other files' receivers have the same addresses; what they tell Temporal is judged here with it.
    expect(leaks(files, { ...secrets, ...texts })).toEqual([]);
  });
});
