import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { makeOrg } from '../support/factories.js';
import { startFakeTracker, type FakeTracker } from '../support/fake-tracker.js';
import { expectOneTicket } from '../support/faults/escalations.js';
import { untilQuiet } from '../support/faults/records.js';
import { api as client, type Api, type ApiAnswer } from '../support/http.js';
import { openProduct, webhookSecret, type RunningApi, type Product } from '../support/product.js';
import { pick, statusesOf } from './support/tracked.js';

const pairs = 8;
let tracker: FakeTracker;
let product: Product;
let apis: [RunningApi, RunningApi];
let org: { id: string; path: string };
/** Two reviewers, each at an API of their own. */
let reviewers: { ann: Api; bob: Api };

beforeAll(async () => {
  tracker = await startFakeTracker({ secret: webhookSecret });
  product = openProduct({ env: { TICKET_PROVIDER: 'webhook', TICKET_WEBHOOK_URL: tracker.url } });
  const [one, other] = await Promise.all([product.startApi(), product.startApi(), product.startWorker()]);
  apis = [one, other];
  org = await makeOrg(one.admin);
  const reviewer = async (name: string, { url }: RunningApi) => {
    const acts_as = { id: name.toLowerCase(), name };
    const key = await one.admin.post(`${org.path}/api-keys`, { name, permissions: ['review'], acts_as });
    return client(`${url}/api/v1`, String(key.body.key));
  };
  reviewers = { ann: await reviewer('Ann', one), bob: await reviewer('Bob', other) };
});
afterAll(async () => {
  await product.close();
  await tracker.close();
});

async function raise(title: string) {
  const [api] = apis;
  const made = await api.admin.post(`${org.path}/escalations`, { title, severity: 'high' });
  expect(made.status).toBe(201);
  const id = String(made.body.id);
  return { id, api, path: `${org.path}/escalations/${id}` };
}
const raiseAll = (title: string) => Promise.all(Array.from({ length: pairs }, (_, n) => raise(`${title} ${n}`)));
const quiet = () => untilQuiet(product.env.MONGODB_URI ?? '');
const winner = (answers: ApiAnswer[]) => answers.find(({ status }) => status === 200)?.body;
const codes = (answers: ApiAnswer[]) => answers.flatMap(({ status, body }) => (status === 200 ? [] : [body.code]));

describe('at once through two API processes', () => {
  it('two claims have one winner, and 409 for the other', async () => {
    const raised = await raiseAll('claimed');
    const won = await Promise.all(
      raised.map(async ({ path }) => {
        const claims = await Promise.all([reviewers.ann, reviewers.bob].map((by) => by.post(`${path}/claim`)));
        expect(statusesOf(claims)).toEqual([200, 409]);
        expect(codes(claims)).toEqual(['already_claimed']);
        return winner(claims).claimed_by.name as string;
      }),
    );
    await quiet();
    for (const [n, one] of raised.entries()) {
      expect((await one.api.admin.get(one.path)).body.claimed_by.name).toBe(won[n]);
      await expectOneTicket(tracker, one, [`Claimed by ${won[n]}.`]);
    }
  });

  it('two resolutions have one winner, and 409 for the other', async () => {
    const raised = await raiseAll('resolved');
    await Promise.all(raised.map(({ path }) => reviewers.ann.post(`${path}/claim`)));
    const admins = apis.map(({ admin }) => admin);
    const won = await Promise.all(
      raised.map(async ({ path }) => {
        const resolutions = ['approved', 'denied'] as const;
        const both = await Promise.all(
          resolutions.map((resolution, n) => pick(admins, n).post(`${path}/resolve`, { resolution })),
        );
        expect(statusesOf(both)).toEqual([200, 409]);
        expect(codes(both)).toEqual(['already_resolved']);
        return winner(both).resolution as string;
      }),
    );
    await quiet();
    for (const [n, one] of raised.entries()) {
      expect((await one.api.admin.get(one.path)).body).toMatchObject({ status: 'resolved', resolution: won[n] });
      await expectOneTicket(tracker, one, [
        'Claimed by Ann.',
        expect.stringMatching(new RegExp(`^Resolved as ${won[n]} by `)),
      ]);
    }
  });

  it('a claim, a release and a resolution by others leave what their answers say', async () => {
    const raised = await raiseAll('mixed');
    await Promise.all(raised.map(({ path }) => reviewers.ann.post(`${path}/claim`)));
    for (const { path } of raised) {
      const [released, resolved] = await Promise.all([
        reviewers.ann.post(`${path}/release`),
        apis[1].admin.post(`${path}/resolve`, { resolution: 'approved' }),
      ]);
      // Whichever comes second is too late.
      const { body } = await reviewers.ann.get(path);
      if (resolved.status === 200) expect([released.body.code, body.status]).toEqual(['already_resolved', 'resolved']);
      else expect([released.status, resolved.body.code, body.status]).toEqual([200, 'not_claimed', 'open']);
    }
  });

  it('fifty notes are fifty notes, and a comment each on the ticket', async () => {
    const one = await raise('noted');
    const bodies = Array.from({ length: 50 }, (_, n) => `note ${n}`);
    const both = [reviewers.ann, reviewers.bob];
    const answers = await Promise.all(bodies.map((body, n) => pick(both, n).post(`${one.path}/notes`, { body })));
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    const { notes } = (await one.api.admin.get(one.path)).body as { notes: { body: string }[] };
    const kept = notes.map(({ body }) => body);
    expect([...kept].sort()).toEqual([...bodies].sort());
    await quiet();
    await expectOneTicket(tracker, one, kept);
  });

  it('the same source_id is one escalation', async () => {
    const body = { title: 'Same', severity: 'low', source_id: 'same-1' };
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => pick(apis, n).admin.post(`${org.path}/escalations`, body)),
    );
    expect(statusesOf(answers)).toEqual([...Array.from({ length: 9 }, () => 200), 201]);
    expect(new Set(answers.map((answer) => String(answer.body.id))).size).toBe(1);
    await eventually(
      () => Promise.resolve(tracker.tickets().filter(({ title }) => title === 'Same').length),
      (count) => count > 0,
    );
    await quiet();
    expect(tracker.tickets().filter(({ title }) => title === 'Same')).toHaveLength(1);
  });
});
