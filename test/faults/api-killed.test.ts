import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeOrg } from '../support/factories.js';
import { startFakeTracker, type FakeTracker } from '../support/fake-tracker.js';
import type { ApiFaultPoint } from '../support/faults/api.js';
import { openDoom, untilDead } from '../support/faults/doom.js';
import { expectOnTracker, postsOf, commentsIn, untilSynced } from '../support/faults/checks.js';
import * as act from '../support/faults/tickets.js';
import type { ApiAnswer } from '../support/http.js';
import { timingsEnv } from '../support/timings.js';
import { eventually } from '../support/eventually.js';
import { webhookSecret } from '../support/product.js';
import { type ApiProcess, openProcesses, type ProductProcesses } from '../support/product-processes.js';

const kinds = ['create', 'comment', 'close', 'inbound', 'half-written comment'] as const;
type Kind = (typeof kinds)[number];

/** The API dies once, with one write of each kind accepted and nobody told of it. Nobody gets an answer. */
let product: ProductProcesses;
let tracker: FakeTracker;
let api: ApiProcess;
let subjects: Record<Kind, act.Subject>;
let org: { id: string; path: string };
let sweptAfterMs: number;

const pointOf = (kind: Kind): ApiFaultPoint => (kind === 'half-written comment' ? 'before_comment' : 'before_ring');
const ids = (kind: Kind) => ({ 'Idempotency-Key': `key of the ${kind}` });

function write(kind: Kind): Promise<{ status: number; body: unknown }> {
  const subject = subjects[kind];
  const { admin } = api;
  switch (kind) {
    case 'create':
      return admin.post(`${subject.path}/ticket`, undefined, ids(kind));
    case 'close':
      return admin.post(`${subject.path}/ticket/close`, undefined, ids(kind));
    case 'inbound':
      return act.reply({ ...subject, api }, 'the reply', 'Here');
    case 'comment':
    case 'half-written comment':
      return admin.post(`${subject.path}/comments`, { body: kind }, ids(kind));
  }
}

beforeAll(async () => {
  tracker = await startFakeTracker({ secret: webhookSecret, dedupe: false });
  const audit = timingsEnv({ audit: { recoverEveryMs: 300, interruptedAfterMs: 5_000 } });
  product = openProcesses({ env: { TICKET_WEBHOOK_URL: tracker.url, TICKET_PROVIDER: 'webhook', ...audit } });
  const doom = openDoom();
  const [doomed] = await Promise.all([
    product.startApi({ main: 'test/support/faults/api.js', env: doom.env }),
    product.startWorker(),
  ]);
  api = doomed;
  org = await makeOrg(api.admin);
  const made = await Promise.all(
    kinds.map(async (kind) => [kind, await (kind === 'create' ? act.makeSubject : act.makeTicket)(api, org.path)]),
  );
  subjects = Object.fromEntries(made) as typeof subjects;
  const plan = Object.fromEntries(kinds.map((kind) => [subjects[kind].id, pointOf(kind)]));
  await doom.arm(doomed, { ...plan, [org.id]: 'before_record' });
  const rename = () => api.admin.patch(org.path, { name: 'Renamed' }, { 'X-Request-Id': 'the-renaming' });
  const answers = Promise.allSettled([...kinds.map(write), rename()]);
  await untilDead(doomed);
  const diedAt = Date.now();
  expect((await answers).map(({ status }) => status)).toEqual([...kinds, 'rename'].map(() => 'rejected'));
  api = await product.startApi({ port: Number(new URL(doomed.url).port) });
  for (const kind of kinds) subjects[kind] = { ...subjects[kind], api };
  await Promise.all(kinds.map((kind) => untilSynced(subjects[kind])));
  await eventually(
    () => commentsIn(subjects['half-written comment']),
    (comments) => comments.length > 0,
  );
  sweptAfterMs = Date.now() - diedAt;
  process.stdout.write(`API killed before it woke a workflow: swept up within ${sweptAfterMs} ms\n`);
  doom.close();
}, 120_000);
afterAll(async () => {
  await product.close();
  await tracker.close();
});

describe('an API that is killed between a change and its audit entry', () => {
  it('has lost neither: the entry says who, from where, what before and after, and that it was interrupted', async () => {
    expect((await api.admin.get(org.path)).body.name).toBe('Renamed');
    const { body } = await eventually(
      () => api.admin.get(`${org.path}/audit?limit=200&outcome=interrupted`),
      ({ body: { data } }) => new Set((data as { action: string }[]).map(({ action }) => action)).size >= 4,
    );
    const entries = body.data as { action: string }[];
    expect(entries.find(({ action }) => action === 'org.updated')).toMatchObject({
      actor: { id: 'admin' },
      source: { kind: 'api', address: '127.0.0.1', request_id: 'the-renaming' },
      subject: { type: 'org', id: org.id },
      changes: { name: { before: 'Test', after: 'Renamed' } },
    });
    // A tracker's reply leaves none. On a busy machine, a call that was slow before the death may have one as well.
    expect([...new Set(entries.map(({ action }) => action))].sort()).toEqual([
      ...['comment.created', 'org.updated', 'ticket.closed', 'ticket.opened'],
    ]);
    expect((await api.admin.get(`${org.path}/audit/verify`)).body.ok).toBe(true);
  });
});

describe('an API that is killed after it accepted', () => {
  const postsOfKind = async (kind: Kind) => postsOf(tracker, String((await act.linkOf(subjects[kind])).id));

  it('a ticket has it opened by the sweep, once', async () => {
    await expectOnTracker(tracker, subjects.create);
    expect(await postsOfKind('create')).toEqual({ 'ticket.create': [1] });
  });

  it('a comment has it pushed by the sweep, once', async () => {
    expect(await commentsIn(subjects.comment)).toEqual(['comment']);
    await expectOnTracker(tracker, subjects.comment);
    expect(await postsOfKind('comment')).toEqual({ 'ticket.create': [1], 'ticket.comment': [1] });
  });

  it('the closing has it brought to the tracker by the sweep, once', async () => {
    expect(await act.linkOf(subjects.close)).toMatchObject({ state: 'closed', sync_state: 'synced' });
    await expectOnTracker(tracker, subjects.close);
    expect(await postsOfKind('close')).toEqual({ 'ticket.create': [1], 'ticket.close': [1] });
  });

  it('a tracker’s reply has it applied by the sweep, and its redelivery changes nothing', async () => {
    const repliesOf = async () => (await act.threadOf(subjects.inbound)).map(({ body }) => body);
    await eventually(repliesOf, (bodies) => bodies.length > 0);
    const again = await act.reply(subjects.inbound, 'the reply', 'Here');
    expect(again).toMatchObject({ status: 200, body: { applied: { comment: false, status: false } } });
    expect(await repliesOf()).toEqual(['Here']);
    expect((await api.admin.get(subjects.inbound.path)).body.status).toBe('submitted');
  });

  it('a comment’s command has the comment written and pushed, although it never wrote the comment itself', async () => {
    expect(await commentsIn(subjects['half-written comment'])).toEqual(['half-written comment']);
    await expectOnTracker(tracker, subjects['half-written comment']);
    expect(await postsOfKind('half-written comment')).toEqual({ 'ticket.create': [1], 'ticket.comment': [1] });
  });

  it('gives who comes again with the same Idempotency-Key what there is already, and makes no second', async () => {
    const repeatable = ['create', 'comment', 'close', 'half-written comment'] as const;
    const again = await Promise.all(
      repeatable.map((kind) =>
        // The dead run is believed to be alive until its lease is over.
        eventually(
          () => write(kind) as Promise<ApiAnswer>,
          ({ body }) => body.code !== 'idempotency_in_progress',
          75_000,
        ),
      ),
    );
    const [created, commented, closed, half] = again;
    expect(created).toMatchObject({ status: 201, body: { id: (await act.linkOf(subjects.create)).id } });
    expect(commented).toMatchObject({ status: 201, body: { body: 'comment', sync_state: 'synced' } });
    expect(closed).toMatchObject({ status: 200, body: { state: 'closed', sync_state: 'synced' } });
    expect(half).toMatchObject({ status: 201, body: { body: 'half-written comment', sync_state: 'synced' } });
    for (const kind of kinds) await expectOnTracker(tracker, subjects[kind]);
    const threads = await Promise.all(kinds.map(async (kind) => (await act.threadOf(subjects[kind])).length));
    expect(threads).toEqual([0, 1, 0, 1, 1]);
    expect(tracker.requests()).toHaveLength(kinds.length + 3);
  }, 90_000);
});
