import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { makeEvidenceRequest, makeOrg } from '../support/factories.js';
import { held, sendReply } from '../support/fake-tracker.js';
import { webhookSecret, type RunningApi } from '../support/product.js';
import { timingsEnv } from '../support/timings.js';
import { databaseOf } from './support/database.js';
import { makeLinked, openTracked, threadOf } from './support/tracked.js';
import { hasEnded, temporalClient } from './support/workflows.js';

/** No retry happens by itself during these tests. */
const tracked = await openTracked(timingsEnv({ retries: { firstMs: 60_000 } }));
const { product, tracker } = tracked;
const database = databaseOf(product);
const temporal = temporalClient();
/** Less than `TICKET_WAIT_MS`, and less than the timeout of the call to the tracker. */
const withinMs = 12_000;
let api: RunningApi;
let hasty: RunningApi;
let org: { id: string; path: string };

beforeAll(async () => {
  [api, hasty] = await Promise.all([
    product.startApi(),
    product.startApi({ env: { TICKET_WAIT_MS: '2000' } }),
    product.startWorker(),
  ]);
  org = await makeOrg(api.admin);
});
afterAll(() => tracked.close());
beforeEach(() => tracker.always(null));

const linkDoc = async (id: string) =>
  (await database()).collection<{ _id: string; late_external_id: string | null }>('ticket_links').findOne({ _id: id });
const requestsOf = (linkId: string) => tracker.requests().filter(({ event }) => event?.ticket.link_id === linkId);
const threadStates = async (path: string) =>
  ((await api.admin.get(`${path}/comments`)).body.data as { body: string; sync_state: string | null }[]).map(
    ({ body, sync_state }) => [body, sync_state],
  );
/** After its end nothing more can come of a link. */
const ended = async (workflowId: string) => {
  const client = await temporal();
  await eventually(
    () => hasEnded(client, workflowId),
    (hasIt) => hasIt,
    20_000,
  );
};

describe('unlinking', () => {
  it('leaves the tracker’s ticket and the thread alone, and is done once', async () => {
    const { path, link } = await makeLinked(api.admin, org.path);
    await api.admin.post(`${path}/comments`, { body: 'Linked' });
    const before = structuredClone(tracker.tickets().find(({ linkId }) => linkId === link.id));
    expect(await api.admin.del(`${path}/ticket`)).toMatchObject({ status: 204, body: '' });
    expect((await api.admin.get(`${path}/ticket`)).status).toBe(404);
    expect((await api.admin.get(path)).body.ticket).toBeNull();
    expect((await api.admin.del(`${path}/ticket`)).status).toBe(404);
    expect((await api.admin.post(`${path}/ticket/close`)).status).toBe(404);
    await ended(link.workflow.id);
    expect(await threadOf(api.admin, path)).toEqual(['Linked']);
    expect(tracker.tickets().find(({ linkId }) => linkId === link.id)).toEqual(before);
    expect(requestsOf(link.id)).toHaveLength(2);
  });

  it('ends what the tracker may say about it', async () => {
    const { path, link } = await makeLinked(api.admin, org.path);
    await api.admin.del(`${path}/ticket`);
    const reply = { external_id: link.external_id, status: 'accepted' };
    expect((await sendReply(api.url, reply, { secret: webhookSecret })).status).toBe(404);
    expect((await api.admin.get(path)).body.status).toBe('open');
  });

  it('makes place for another ticket, which gets no comment from before it', async () => {
    const { path, link } = await makeLinked(api.admin, org.path);
    for (const round of [1, 2, 3]) {
      await api.admin.del(`${path}/ticket`);
      const alone = await api.admin.post(`${path}/comments`, { body: `Alone ${round}` });
      expect(alone).toMatchObject({ status: 201, body: { sync_state: null, external_comment_id: null, echo: null } });
      const next = await api.admin.post(`${path}/ticket`);
      expect(next.status).toBe(201);
      expect(next.body.id).not.toBe(link.id);
      expect((await api.admin.post(`${path}/ticket`)).status).toBe(409);
      await api.admin.post(`${path}/comments`, { body: `Linked ${round}` });
      const sent = tracker.comments(next.body.external_id as string).map(({ body }) => body);
      expect(sent).toEqual([`Linked ${round}`]);
    }
    expect(await threadStates(path)).toEqual(
      [1, 2, 3].flatMap((n) => [
        [`Alone ${n}`, null],
        [`Linked ${n}`, 'synced'],
      ]),
    );
  });

  it('twice at once is done by one of them', async () => {
    const { path } = await makeLinked(api.admin, org.path);
    const answers = await Promise.all([api.admin.del(`${path}/ticket`), api.admin.del(`${path}/ticket`)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 404]);
  });
});

describe('unlinking while the tracker is down', () => {
  it('ends the wait for its next try: nothing more is sent, and the next ticket is another link’s', async () => {
    await tracker.down();
    const request = await makeEvidenceRequest(api.admin, org.path);
    const pending = await hasty.admin.post(`${request.path}/ticket`);
    expect(pending.status).toBe(202);
    await hasty.admin.post(`${request.path}/comments`, { body: 'Never sent' });
    // The workflow waits a minute for the second try, unless unlinking interrupts it.
    const before = Date.now();
    expect((await api.admin.del(`${request.path}/ticket`)).status).toBe(204);
    expect(Date.now() - before).toBeLessThan(withinMs);
    await ended(pending.body.workflow.id as string);
    await tracker.up();
    expect(await threadStates(request.path)).toEqual([['Never sent', null]]);

    const next = await api.admin.post(`${request.path}/ticket`);
    expect(next.status).toBe(201);
    expect(next.body.id).not.toBe(pending.body.id);
    expect(requestsOf(pending.body.id as string)).toHaveLength(0);
    expect(tracker.comments(next.body.external_id as string)).toHaveLength(0);
    expect(requestsOf(next.body.id as string)).toHaveLength(1);
  });

  it('leaves a comment that was waiting in the thread, as one that was never pushed', async () => {
    const { path, link } = await makeLinked(api.admin, org.path);
    await tracker.down();
    const comment = await hasty.admin.post(`${path}/comments`, { body: 'Waiting' });
    expect(comment.body.sync_state).toBe('pending');
    expect((await api.admin.del(`${path}/ticket`)).status).toBe(204);
    await ended(link.workflow.id);
    await tracker.up();
    expect(await threadStates(path)).toEqual([['Waiting', null]]);
    expect(tracker.comments(link.external_id)).toHaveLength(0);
  });
});

describe('unlinking while the tracker is being asked', () => {
  it('answers before the tracker does, and what it makes then is on record and never linked', async () => {
    const { habit, release } = held();
    tracker.misbehave(habit);
    const request = await makeEvidenceRequest(api.admin, org.path);
    const creating = api.admin.post(`${request.path}/ticket`);
    const linkId = await eventually(
      () => Promise.resolve(tracker.requests().at(-1)?.event?.ticket),
      (ticket) => ticket?.metadata.subject_id === request.id,
    ).then((ticket) => ticket?.link_id ?? '');
    const askedAt = Date.now();
    expect((await api.admin.del(`${request.path}/ticket`)).status).toBe(204);
    expect(Date.now() - askedAt).toBeLessThan(withinMs);
    release();
    expect(await creating).toMatchObject({ status: 202, body: { external_id: null } });

    const late = await eventually(
      () => linkDoc(linkId),
      (doc) => doc?.late_external_id != null,
    );
    const made = tracker.tickets().filter((ticket) => ticket.linkId === linkId);
    expect(made).toMatchObject([{ externalId: late?.late_external_id, state: 'open' }]);
    expect(late).toMatchObject({ live: false, external_id: null });
    await ended(`ticket/${org.id}/${linkId}`);
    expect((await api.admin.get(`${request.path}/ticket`)).status).toBe(404);
    const reply = { external_id: String(late?.late_external_id), status: 'accepted' };
    expect((await sendReply(api.url, reply, { secret: webhookSecret })).status).toBe(404);
    expect(requestsOf(linkId)).toHaveLength(1);
    expect((await api.admin.post(`${request.path}/ticket`)).body.id).not.toBe(linkId);
  });
});
