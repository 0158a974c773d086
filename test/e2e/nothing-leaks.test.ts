import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { sendReply, startFakeTracker, type FakeTracker } from '../support/fake-tracker.js';
import { api as client, type Api, type ApiAnswer } from '../support/http.js';
import { openLocalTemporal, type LocalTemporal } from '../support/local-servers.js';
import { type ApiProcess, openProcesses, type Process, type ProductProcesses } from '../support/product-processes.js';
import { leaks, makeCanaries, shownByTemporal, temporalFiles } from './support/canaries.js';
import { patience } from './support/tracked.js';
import { temporalClient } from './support/workflows.js';

const { secrets, texts } = makeCanaries();
const temporal = temporalClient(() => server.address);
const orgPath = '/orgs/canary-org';
let server: LocalTemporal;
let tracker: FakeTracker;
let product: ProductProcesses;
let api: ApiProcess;
let hastyApi: ApiProcess;
let worker: Process;
let user: Api;
let hasty: Api;
let orgKey: string;

const answers: string[] = [];
const workflowIds = new Set<string>();
const note = async (call: Promise<Omit<ApiAnswer, 'body'> & { body: unknown }>) => {
  const { status, headers, body } = await call;
  answers.push(JSON.stringify([status, [...headers], body]));
  return { status, body: body as ApiAnswer['body'] };
};
const allSecrets = () => ({ ...secrets, orgKey });

/** What a careless tracker repeats in its refusals. */
const echo = () => ({
  message: `${texts.trackerMessage}: X-Signature key ${secrets.webhookSecret}`,
  errors: {
    url: `${tracker.url} /${secrets.urlPath}/?token=${secrets.urlToken}`,
    body: Object.values(texts).join(' '),
  },
  stack: 'Error: at /work/main/node_modules/tracker/index.js:1:1',
});

async function makeRequest() {
  const fields = { title: texts.title, description: texts.description };
  const made = await note(user.post(`${orgPath}/evidence-requests`, fields));
  return `${orgPath}/evidence-requests/${made.body.id}`;
}
async function ticket(path: string, by = user) {
  const created = await note(by.post(`${path}/ticket`));
  const link = await note(user.get(`${path}/ticket`));
  workflowIds.add(link.body.workflow.id as string);
  return { status: created.status, link: link.body };
}
const comment = (path: string, by = user) => note(by.post(`${path}/comments`, { body: texts.comment }));

beforeAll(async () => {
  [server, tracker] = await Promise.all([openLocalTemporal(), startFakeTracker({ secret: secrets.webhookSecret })]);
  const { port } = tracker;
  product = openProcesses({
    temporalAddress: server.address,
    env: {
      TICKET_PROVIDER: 'webhook',
      TICKET_WEBHOOK_URL: `http://127.0.0.1:${port}/${secrets.urlPath}/?token=${secrets.urlToken}`,
      TICKET_WEBHOOK_SECRET: secrets.webhookSecret,
      ADMIN_API_KEY: secrets.adminKey,
      ENCRYPTION_KEY: secrets.encryptionKey,
      ...patience,
      LOG_LEVEL: 'trace',
    },
  });
  [api, hastyApi, worker] = await Promise.all([
    product.startApi(),
    product.startApi({ env: { TICKET_WAIT_MS: '1000' } }),
    product.startWorker(),
  ]);
  const admin = client(`${api.url}/api/v1`, secrets.adminKey);
  await note(admin.post('/orgs', { id: 'canary-org', name: 'Canaries' }));
  const acts_as = { id: 'u1', name: texts.author };
  const made = await admin.post(`${orgPath}/api-keys`, { name: 'Key', permissions: ['configure'], acts_as });
  orgKey = made.body.key as string;
  user = client(`${api.url}/api/v1`, orgKey);
  hasty = client(`${hastyApi.url}/api/v1`, orgKey);
  await everyPath();
});
afterAll(async () => {
  await product.close();
  await Promise.all([server.close(), tracker.close()]);
});

async function everyPath(): Promise<void> {
  const refusal = { kind: 'status', status: 400, body: echo() } as const;
  const failure = { kind: 'status', status: 500, body: echo() } as const;
  // All goes well.
  const good = await makeRequest();
  const { link } = await ticket(good);
  await comment(good);
  await replies(String(link.external_id));
  // The tracker refuses a ticket, a comment, a closing.
  tracker.misbehave(refusal);
  const refused = await makeRequest();
  expect((await ticket(refused)).status).toBe(502);
  await comment(refused, hasty);
  expect((await ticket(refused)).status).toBe(201);
  tracker.misbehave(refusal, { times: 2 });
  expect((await comment(good)).status).toBe(502);
  expect((await note(user.post(`${good}/ticket/close`))).status).toBe(502);
  // It fails for a while: a server's error, a page of HTML, a lost connection.
  const sick = await makeRequest();
  tracker.misbehave(failure);
  tracker.misbehave({ kind: 'reset' });
  await ticket(sick);
  const hibernating = await makeRequest();
  tracker.misbehave({ kind: 'html' });
  await ticket(hibernating);
  // Callers and senders that are wrong.
  const stranger = client(`${api.url}/api/v1`, secrets.wrongKey);
  expect((await note(stranger.get(`${good}?token=${secrets.queryToken}`))).status).toBe(401);
  await note(user.get(`${good}/nowhere?token=${secrets.queryToken}`));
  await note(user.post(`${good}/comments`, `{"body":"${texts.malformed}`));
  await note(user.post(`${good}/comments`, { body: texts.malformed, more: texts.malformed }));
  for (const path of ['/metrics', '/readyz', '/openapi.json']) await note(client(api.url).get(path));
  // And two that stay as they are: a comment that always fails, and a tracker that is gone.
  const failing = await makeRequest();
  await ticket(failing);
  tracker.always(failure);
  await comment(failing, hasty);
  await tracker.down();
  const unreachable = await makeRequest();
  expect((await ticket(unreachable, hasty)).status).toBe(202);
  await comment(unreachable, hasty);
}

async function replies(external_id: string): Promise<void> {
  const secret = secrets.webhookSecret;
  const added = { external_comment_id: 'r', author: texts.replyAuthor, body: texts.reply };
  const send = (payload: object, more: object = {}) =>
    note(sendReply(api.url, { external_id, ...payload }, { secret, ...more }));
  expect((await send({ comment: added, status: 'submitted' })).status).toBe(200);
  expect((await send({ comment: added, status: texts.malformed })).status).toBe(422);
  expect((await send({ comment: added }, { signature: `sha256=${texts.malformed}` })).status).toBe(401);
  expect((await send({}, { rawBody: `{"comment":"${texts.malformed} ${secret}` })).status).toBe(400);
  expect((await send({ comment: { body: texts.malformed }, more: secret })).status).toBe(422);
  expect((await send({ external_id: texts.malformed })).status).toBe(404);
  const path = `/api/v1/webhooks/tickets?token=${secrets.queryToken}`;
  expect((await send({ status: 'accepted' }, { path })).status).toBe(200);
}

describe('after every path, good and bad', () => {
  it('no log holds a secret, nor what anybody wrote', () => {
    for (const one of [api, hastyApi, worker]) {
      expect(one.log().length).toBeGreaterThan(500);
      expect(leaks(one.log(), { ...allSecrets(), ...texts })).toEqual([]);
    }
  });

  it('no answer holds a secret, and the thread holds what was said', async () => {
    expect(leaks(answers.join('\n'), { ...texts, orgKey: 'canary-org' })).toContain('orgKey');
    expect(leaks(answers.join('\n'), allSecrets())).toEqual([]);
    expect(leaks(answers.join('\n'), texts)).toEqual(
      expect.arrayContaining(['title', 'description', 'comment', 'author', 'trackerMessage']),
    );
    const list = await user.get(`${orgPath}/evidence-requests`);
    expect(leaks(JSON.stringify(list.body), allSecrets())).toEqual([]);
  });

  it('no history, description or pending failure in Temporal holds any of it, nor a path or a stack', async () => {
    const temporalNow = await temporal();
    const failures = async () => {
      const shown = await Promise.all([...workflowIds].map((id) => shownByTemporal(temporalNow, id)));
      return { shown, pending: shown.filter(({ pendingFailures }) => pendingFailures.includes('TrackerUnavailable')) };
    };
    const { shown, pending } = await eventually(failures, (found) => found.pending.length >= 2, 20_000);
    expect(shown).toHaveLength(6);
    for (const [n, { text }] of shown.entries()) {
      // What is there is found: the link's id, in the input that the workflow was started with.
      expect(text).toContain(`"linkId":"${[...workflowIds][n]?.split('/').at(-1)}"`);
      expect(text).toContain('drainTicket');
      expect(leaks(text, { ...allSecrets(), ...texts })).toEqual([]);
      expect(text).not.toMatch(/\/work\/|node_modules|file:\/\/|\.[jt]s:\d+|\n\s+at /);
    }
    for (const { pendingFailures } of pending) {
      expect(leaks(pendingFailures, { ...allSecrets(), ...texts })).toEqual([]);
    }
  });

  it('Temporal’s database file holds none of it', () => {
    const files = temporalFiles(server.dataFile);
    const linkIds = Object.fromEntries([...workflowIds].map((id) => [id, id.split('/').at(-1) ?? '']));
    expect(leaks(files, linkIds)).toHaveLength(workflowIds.size);
    expect(leaks(files, { ...allSecrets(), ...texts })).toEqual([]);
  });
});
