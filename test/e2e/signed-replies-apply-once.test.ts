import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeOrg } from '../support/factories.js';
import { sendReply, type ReplyPayload } from '../support/fake-tracker.js';
import { openProduct, webhookSecret, type RunningApi } from '../support/product.js';
import { makeLinked, patience, pick, threadOf } from './support/tracked.js';

const product = openProduct({ env: patience });
let apis: RunningApi[];
let org: { id: string; path: string };

beforeAll(async () => {
  const [first, second] = await Promise.all([product.startApi(), product.startApi(), product.startWorker()]);
  apis = [first, second];
  org = await makeOrg(first.admin);
});
afterAll(() => product.close());

const admin = () => pick(apis, 0).admin;
const send = (payload: ReplyPayload, process = 0) =>
  sendReply(pick(apis, process).url, payload, { secret: webhookSecret });
const applied = (comment: boolean, status: boolean) => ({
  status: 200,
  body: { success: true, applied: { comment, status } },
});

async function linked() {
  const request = await makeLinked(admin(), org.path);
  const external_id = request.link.external_id;
  return {
    ...request,
    external_id,
    thread: () => threadOf(admin(), request.path),
    status: async () => (await admin().get(request.path)).body.status as string,
    externalStatus: async () => (await admin().get(`${request.path}/ticket`)).body.external_status as string,
  };
}

describe('a reply that comes again', () => {
  it.each([
    ['with its event id', { event_id: 'evt-1' }],
    ['with the id of its comment only', {}],
  ])('%s, twice at once, makes one comment', async (_, known) => {
    const { external_id, thread } = await linked();
    const reply = { external_id, comment: { external_comment_id: 'c-1', body: 'Once' }, ...known };
    const answers = await Promise.all([send(reply), send(reply), send(reply, 1), send(reply, 1)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const effects = answers.map(({ body }) => (body as { applied: { comment: boolean } }).applied.comment);
    expect(effects.filter(Boolean)).toHaveLength(1);
    expect(await thread()).toEqual(['Once']);
  });

  it('with a known event id applies nothing, whatever else it holds', async () => {
    const { external_id, thread, status } = await linked();
    expect(await send({ external_id, event_id: 'e', status: 'in_progress' })).toMatchObject(applied(false, true));
    const other = {
      external_id,
      event_id: 'e',
      status: 'accepted',
      comment: { external_comment_id: 'n', body: 'New' },
    };
    expect(await send(other)).toMatchObject(applied(false, false));
    expect(await thread()).toEqual([]);
    expect(await status()).toBe('in_progress');
  });

  it('with a known comment id skips the comment and still applies the status', async () => {
    const { external_id, thread, status } = await linked();
    const comment = { external_comment_id: 'c', author: 'Ann', body: 'First' };
    expect(await send({ external_id, event_id: 'e1', comment })).toMatchObject(applied(true, false));
    const again = { external_id, event_id: 'e2', comment: { ...comment, body: 'Second' }, status: 'submitted' };
    expect(await send(again)).toMatchObject(applied(false, true));
    expect(await thread()).toEqual(['First']);
    expect(await status()).toBe('submitted');
  });

  it('uses event ids and comment ids of one ticket for another as new ones', async () => {
    const [one, other] = [await linked(), await linked()];
    const reply = { event_id: 'same', comment: { external_comment_id: 'same', body: 'Hello' } };
    expect(await send({ external_id: one.external_id, ...reply })).toMatchObject(applied(true, false));
    expect(await send({ external_id: other.external_id, ...reply })).toMatchObject(applied(true, false));
  });

  it('leaves an echo that the thread has already alone', async () => {
    const { path, external_id, thread } = await linked();
    const added = await admin().post(`${path}/comments`, { body: 'Where?' });
    const echo = { external_comment_id: added.body.echo.external_comment_id as string, body: 'Told again' };
    expect(await send({ external_id, comment: echo })).toMatchObject(applied(false, false));
    const own = { external_comment_id: added.body.external_comment_id as string, body: 'Ours, told back' };
    expect(await send({ external_id, comment: own })).toMatchObject(applied(false, false));
    expect(await thread()).toEqual(['Where?', added.body.echo.body]);
  });
});

describe('a status', () => {
  it('that is older than the last one changes nothing, and its comment is taken all the same', async () => {
    const { external_id, thread, status, externalStatus } = await linked();
    const newer = { external_id, status: 'accepted', occurred_at: '2026-03-02T10:00:00.000Z' };
    const older = { external_id, status: 'rejected', occurred_at: '2026-03-02T09:59:59.999Z' };
    expect(await send(newer)).toMatchObject(applied(false, true));
    const comment = { external_comment_id: 'late', body: 'Late' };
    expect(await send({ ...older, comment })).toMatchObject(applied(true, false));
    expect([await status(), await externalStatus(), await thread()]).toEqual(['accepted', 'accepted', ['Late']]);
  });

  it('is compared by the moment, not by the text of its time', async () => {
    const { external_id, status } = await linked();
    await send({ external_id, status: 'accepted', occurred_at: '2026-03-02T10:00:00Z' });
    const laterElsewhere = { external_id, status: 'rejected', occurred_at: '2026-03-02T06:00:01-05:00' };
    expect(await send(laterElsewhere)).toMatchObject(applied(false, true));
    expect(await status()).toBe('rejected');
  });

  it('without a time is the last write, and that one wins', async () => {
    const { external_id, status } = await linked();
    for (const next of ['accepted', 'open', 'accepted']) {
      expect(await send({ external_id, status: next })).toMatchObject(applied(false, true));
    }
    expect(await status()).toBe('accepted');
  });

  it.each(['open', 'in_progress', 'submitted', 'accepted', 'rejected', 'closed'])(
    '“%s” becomes that of the evidence request, and never closes or opens the ticket',
    async (wanted) => {
      const { path, external_id, status, externalStatus } = await linked();
      expect(await send({ external_id, status: wanted })).toMatchObject(applied(false, true));
      expect([await status(), await externalStatus()]).toEqual([wanted, wanted]);
      const link = await admin().get(`${path}/ticket`);
      expect(link.body).toMatchObject({ state: 'open', closed_at: null });
    },
  );

  it.each(['done', 'Accepted', 'accepted ', 'in progress'])('“%s” is refused, with its comment', async (wrong) => {
    const { external_id, thread, status, externalStatus } = await linked();
    const before = await externalStatus();
    const comment = { external_comment_id: 'x', body: 'Not taken' };
    const refused = await send({ external_id, status: wrong, comment, event_id: 'x' });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: 'status' }] } });
    expect([await status(), await externalStatus(), await thread()]).toEqual(['open', before, []]);
    // Its ids are not used up either.
    expect(await send({ external_id, status: 'accepted', comment, event_id: 'x' })).toMatchObject(applied(true, true));
  });

  it('reopens nothing on a closed ticket, and replies to it still arrive', async () => {
    const { path, external_id, thread } = await linked();
    await admin().post(`${path}/ticket/close`);
    const comment = { external_comment_id: 'after', body: 'After the end' };
    expect(await send({ external_id, status: 'open', comment })).toMatchObject(applied(true, true));
    expect(await thread()).toEqual(['After the end']);
    expect((await admin().get(`${path}/ticket`)).body).toMatchObject({ state: 'closed', external_status: 'open' });
  });
});
