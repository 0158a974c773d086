import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultPoint } from '../../activities/tickets/context.js';
import { makeOrg } from '../support/factories.js';
import { startFakeTracker, type FakeTracker } from '../support/fake-tracker.js';
import { openDoom, untilDead } from '../support/faults/doom.js';
import { expectEchoes, expectOnTracker, postsOf, commentsIn } from '../support/faults/checks.js';
import { mockTicketsOf, untilQuiet } from '../support/faults/records.js';
import * as act from '../support/faults/tickets.js';
import { webhookSecret } from '../support/product.js';
import { type ApiProcess, openProcesses, type ProductProcesses } from '../support/product-processes.js';

type Doing = 'create' | 'comment' | 'close' | 'inbound';

interface Death {
  where: string;
  point: FaultPoint;
  /** What is under way when the worker dies, on the mock and on the webhook at once. */
  doing: Doing[];
  /** How often the tracker is told of it: twice where the first answer was lost with the worker. */
  posts: 1 | 2;
}

const deaths: Death[] = [
  { where: 'before the tracker is called', point: 'before_provider', doing: ['create', 'comment', 'close'], posts: 1 },
  { where: 'after the tracker answered', point: 'after_provider', doing: ['create', 'comment', 'close'], posts: 2 },
  {
    where: 'before the answer is in MongoDB',
    point: 'before_settle',
    doing: ['create', 'comment', 'close', 'inbound'],
    posts: 2,
  },
  { where: 'between command and link', point: 'after_settle', doing: ['comment', 'close', 'inbound'], posts: 1 },
];

interface Case extends Omit<Death, 'doing'> {
  doing: Doing;
  provider: 'mock' | 'webhook';
  subject: act.Subject;
}

/** What is under way when the worker dies; of the comments, two wait behind the one that is. */
async function begin({ doing, subject }: Case): Promise<void> {
  const answers = await {
    create: async () => [await act.open(subject)],
    comment: () => Promise.all(['a', 'b', 'c'].map((body) => act.postComment(subject, body))),
    close: async () => [await act.close(subject)],
    inbound: async () => [await act.reply(subject, `reply-${subject.id}`, 'Here')],
  }[doing]();
  // Accepted: whether the answer could wait for the end differs from point to point.
  for (const { status } of answers) expect([200, 201, 202]).toContain(status);
}

// One worker dies, once, with fourteen writes to each tracker where the table above wants them.
let product: ProductProcesses;
let tracker: FakeTracker;
let org: { id: string; path: string };
let cases: Case[];

beforeAll(async () => {
  tracker = await startFakeTracker({ secret: webhookSecret });
  product = openProcesses({ env: { TICKET_WEBHOOK_URL: tracker.url, TICKET_WAIT_MS: '1000' } });
  const doom = openDoom();
  const [mock, webhook, doomed] = await Promise.all([
    product.startApi(),
    product.startApi({ env: { TICKET_PROVIDER: 'webhook' } }),
    product.startWorker({ main: 'test/support/faults/worker.js', env: doom.env }),
  ]);
  org = await makeOrg(mock.admin);
  const make = async (api: ApiProcess, doing: Doing) =>
    (doing === 'create' ? act.makeSubject : act.makeTicket)(api, org.path);
  const apis = Object.entries({ mock, webhook }) as [Case['provider'], ApiProcess][];
  cases = await Promise.all(
    apis.flatMap(([provider, api]) =>
      deaths.flatMap((death) =>
        death.doing.map(async (doing) => ({ ...death, doing, provider, subject: await make(api, doing) })),
      ),
    ),
  );
  await doom.arm(doomed, Object.fromEntries(cases.map(({ subject, point }) => [subject.id, point])));
  await Promise.all(cases.map(begin));
  await untilDead(doomed);
  const diedAt = Date.now();
  await product.startWorker();
  await untilQuiet(product.env.MONGODB_URI ?? '');
  process.stdout.write(`Worker killed with ${cases.length} writes under way: recovered in ${Date.now() - diedAt} ms\n`);
  doom.close();
}, 180_000);
afterAll(async () => {
  await product.close();
  await tracker.close();
});

describe('a worker that is killed', () => {
  const of = ({ point }: Death, provider: Case['provider']) =>
    cases.filter((one) => one.point === point && one.provider === provider);

  it.each(deaths)('$where leaves each link and its thread complete', async (death) => {
    for (const { doing, subject } of [...of(death, 'mock'), ...of(death, 'webhook')]) {
      const link = await act.linkOf(subject);
      expect(link).toMatchObject({
        state: doing === 'close' ? 'closed' : 'open',
        sync_state: 'synced',
        last_error: null,
      });
      expect((await commentsIn(subject)).sort()).toEqual(doing === 'comment' ? ['a', 'b', 'c'] : []);
      const replies = (await act.threadOf(subject)).filter(
        ({ external_comment_id: id }) => id === `reply-${subject.id}`,
      );
      expect(replies.map(({ body }) => body)).toEqual(doing === 'inbound' ? ['Here'] : []);
      const evidence = await subject.api.admin.get(subject.path);
      expect(evidence.body.status).toBe(doing === 'inbound' ? 'submitted' : 'open');
    }
  });

  it.each(deaths)(
    '$where makes nothing twice on the webhook’s tracker, and tells it twice only for a lost answer',
    async (death) => {
      for (const { doing, subject, posts } of of(death, 'webhook')) {
        await expectOnTracker(tracker, subject);
        expect(postsOf(tracker, String((await act.linkOf(subject)).id))).toEqual({
          'ticket.create': [doing === 'create' ? posts : 1],
          ...(doing === 'comment' && { 'ticket.comment': [posts, 1, 1] }),
          ...(doing === 'close' && { 'ticket.close': [posts] }),
        });
      }
    },
  );

  it.each(deaths)('$where makes nothing twice on the mock', async (death) => {
    const onMock = await mockTicketsOf(product.env.MONGODB_URI ?? '', org.id);
    expect(onMock).toHaveLength(cases.filter(({ provider }) => provider === 'mock').length);
    for (const { subject } of of(death, 'mock')) {
      const { id, external_id: externalId, state } = await act.linkOf(subject);
      expect(onMock.filter(({ linkId }) => linkId === id)).toEqual([{ linkId: id, externalId, state }]);
      await expectEchoes(subject);
    }
  });

  it('is replaced by one that takes what comes next', async () => {
    await Promise.all(cases.map(({ subject }) => act.postComment(subject, 'life goes on')));
    await untilQuiet(product.env.MONGODB_URI ?? '');
    for (const { subject, provider } of cases) if (provider === 'webhook') await expectOnTracker(tracker, subject);
  }, 90_000);
});
