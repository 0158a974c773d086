import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { eventually } from '../support/eventually.js';
import { makeOrg } from '../support/factories.js';
import { sendReply } from '../support/fake-tracker.js';
import { webhookSecret, type RunningApi } from '../support/product.js';
import { databaseOf } from './support/database.js';
import { makeLinked, openTracked, pick } from './support/tracked.js';

const tracked = await openTracked();
const { product, tracker } = tracked;
const database = databaseOf(product);
// Each test makes many calls that wait for the tracker one after the other.
vi.setConfig({ testTimeout: 90_000 });

let apis: [RunningApi, RunningApi];
let org: { id: string; path: string };

beforeAll(async () => {
  const [first, second] = await Promise.all([
    product.startApi(),
    product.startApi(),
    product.startWorker(),
    product.startWorker(),
  ]);
  apis = [first, second];
  org = await makeOrg(first.admin);
});
afterAll(() => tracked.close());

interface Shown {
  id: string;
  body: string;
  sync_state: string | null;
  external_comment_id: string | null;
}

async function readThread(path: string, limit: number): Promise<Shown[]> {
  const all: Shown[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const next = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { status, body } = await apis[0].admin.get(`${path}/comments?limit=${limit}${next}`);
    expect(status).toBe(200);
    expect(body.data.length).toBeLessThanOrEqual(limit);
    all.push(...(body.data as Shown[]));
    cursor = body.next_cursor as string | null;
  }
  return all;
}
const synced = (path: string, count: number) =>
  eventually(
    () => readThread(path, 200),
    (thread) => thread.length === count && thread.every(({ sync_state }) => sync_state === 'synced'),
    30_000,
  );

async function seqs(linkId: string): Promise<{ id: string; seq: number }[]> {
  const commands = (await database()).collection('ticket_commands').find({ link_id: linkId }).sort({ seq: 1 });
  return (await commands.toArray()).map(({ seq, payload }) => ({
    id: payload.comment_id as string,
    seq: seq as number,
  }));
}

it('twenty comments at once, through two API processes with two workers, reach the tracker in the thread’s order', async () => {
  const { path, link } = await makeLinked(apis[0].admin, org.path);
  const bodies = Array.from({ length: 20 }, (_, n) => `Comment ${n}`);
  const answers = await Promise.all(bodies.map((body, n) => pick(apis, n).admin.post(`${path}/comments`, { body })));
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(201));
  const thread = await synced(path, 20);

  const there = tracker.comments(link.external_id);
  expect(there.map(({ body }) => body)).toEqual(thread.map(({ body }) => body));
  expect(there.map(({ externalCommentId }) => externalCommentId)).toEqual(
    thread.map(({ external_comment_id }) => external_comment_id),
  );
  expect(thread.map(({ body }) => body).sort()).toEqual([...bodies].sort());
  const commands = await seqs(link.id);
  expect(commands.map(({ id }) => id)).toEqual(thread.map(({ id }) => id));
  expect(commands.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, n) => n + 2));
  for (const limit of [1, 7, 20]) expect(await readThread(path, limit)).toEqual(thread);
});

it('comments and replies that cross keep one order, and each is there once', async () => {
  const { path, link } = await makeLinked(apis[0].admin, org.path);
  const calls = Array.from({ length: 10 }, (_, n) => [
    pick(apis, n).admin.post(`${path}/comments`, { body: `Ours ${n}` }),
    sendReply(
      pick(apis, n + 1).url,
      { external_id: link.external_id, comment: { external_comment_id: `r${n}`, body: `Theirs ${n}` } },
      { secret: webhookSecret },
    ),
  ]);
  const answers = await Promise.all(calls.flat());
  expect(answers.every(({ status }) => status < 300)).toBe(true);
  const thread = await synced(path, 20);
  expect(new Set(thread.map(({ body }) => body)).size).toBe(20);
  const ours = thread.filter(({ body }) => body.startsWith('Ours'));
  expect(tracker.comments(link.external_id).map(({ body }) => body)).toEqual(ours.map(({ body }) => body));
  for (const limit of [3, 11]) expect(await readThread(path, limit)).toEqual(thread);
});

it('ten tickets at once with three comments each mix nothing up', async () => {
  const linked = await Promise.all(Array.from({ length: 10 }, (_, n) => makeLinked(pick(apis, n).admin, org.path)));
  await Promise.all(
    linked.map(async ({ path, link }, n) => {
      for (const part of ['a', 'b', 'c']) {
        const body = `${link.id} ${part}`;
        expect((await pick(apis, n + 1).admin.post(`${path}/comments`, { body })).status).toBe(201);
      }
    }),
  );
  for (const { path, link } of linked) {
    await synced(path, 3);
    expect(tracker.comments(link.external_id).map(({ body }) => body)).toEqual(
      ['a', 'b', 'c'].map((part) => `${link.id} ${part}`),
    );
  }
});
