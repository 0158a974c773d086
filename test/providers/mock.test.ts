import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectMongo } from '../../src/db/connect.js';
import { createLogger } from '../../src/observability/logger.js';
import { mockTicketModels } from '../../src/integrations/mock/model.js';
import { createMockProvider } from '../../src/integrations/mock/provider.js';
import { mockTicketRoutes } from '../../src/integrations/mock/routes.js';
import { openTestDatabase } from '../support/mongo.js';
import { ticketProviderContract } from './contract.js';
import { closing, comment, draft, options, ref } from './drafts.js';

const publicUrl = 'https://bridge.example';
const logger = createLogger('silent');

async function open() {
  const database = await openTestDatabase();
  const models = database.models.mock;
  await models.tickets.createIndexes();
  return { database, models, provider: createMockProvider({ publicUrl, models, logger }) };
}

ticketProviderContract('mock', async () => {
  const { database, models, provider } = await open();
  const numberOf = (externalId: string) => Number(externalId.replace('mock-TCK-', ''));
  return {
    provider,
    ticketCount: () => models.tickets.countDocuments({}),
    stateOf: async (id) => (await models.tickets.findOne({ number: numberOf(id) }).lean())?.state ?? null,
    commentCount: null,
    loseNextAnswer: null,
    close: () => database.close(),
  };
});

describe('mock', () => {
  let tracker: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    tracker = await open();
  });
  afterAll(() => tracker.database.close());

  const page = (externalId: string) => {
    const [route] = mockTicketRoutes(tracker.models);
    if (!route) throw new Error('There is no route.');
    return route.handler({ params: { external_id: externalId } } as Parameters<typeof route.handler>[0]);
  };

  it('mints numbers in order, with a page below the public URL', async () => {
    expect(await tracker.provider.create(draft(), options())).toEqual({
      externalId: 'mock-TCK-1',
      externalUrl: `${publicUrl}/mock/tickets/mock-TCK-1`,
      externalStatus: 'open',
    });
    expect((await tracker.provider.create(draft(), options())).externalId).toBe('mock-TCK-2');
  });

  it('uses no number up when a repeated draft is known', async () => {
    const known = draft();
    const { externalId } = await tracker.provider.create(known, options());
    await tracker.provider.create(known, options({ repeated: true }));
    const next = await tracker.provider.create(draft(), options());
    expect(next.externalId).toBe(`mock-TCK-${Number(externalId.slice('mock-TCK-'.length)) + 1}`);
  });

  it('never gives a number out again, even when a ticket is gone', async () => {
    const first = await tracker.provider.create(draft(), options());
    await tracker.models.tickets.deleteMany({});
    expect((await tracker.provider.create(draft(), options())).externalId).not.toBe(first.externalId);
  });

  it('answers a comment with an echo that is the same each time, and quotes a part of a long one', async () => {
    const of = draft();
    const { externalId } = await tracker.provider.create(of, options());
    const sample = comment({ body: 'Attached <b>here</b>' });
    const pushed = await tracker.provider.comment(ref(of, externalId), sample, options());
    expect(pushed.externalCommentId).toMatch(/^mock-CMT-[0-9a-f]{20}$/);
    expect(pushed.echo).toEqual({
      externalCommentId: `${pushed.externalCommentId ?? ''}-echo`,
      author: 'Mock tracker',
      body: 'Received from Ada: Attached <b>here</b>',
    });
    const long = await tracker.provider.comment(ref(of, externalId), comment({ body: '🔐'.repeat(16_000) }), options());
    expect(long.echo?.body).toHaveLength('Received from Ada: '.length + 2_000 + 1);
  });

  it('says closed when it closes, and refuses a ticket that it does not have', async () => {
    const of = draft();
    const { externalId } = await tracker.provider.create(of, options());
    expect(await tracker.provider.close(ref(of, externalId), closing('cmd_1'))).toEqual({ externalStatus: 'closed' });
    const foreign = tracker.provider.close(ref(draft(), 'mock-TCK-999'), closing('cmd_2'));
    await expect(foreign).rejects.toMatchObject({ code: 'unknown_ticket', retryable: false });
  });

  it('shows a state and nothing else on its page', async () => {
    const of = draft({ title: 'canary-title' });
    const { externalId } = await tracker.provider.create(of, options());
    const openPage = await page(externalId);
    expect(openPage).toMatchObject({ status: 200, contentType: 'text/html; charset=utf-8' });
    expect(openPage.body).toContain('This mock ticket is open');
    await tracker.provider.close(ref(of, externalId), closing('cmd_3'));
    expect((await page(externalId)).body).toContain('This mock ticket is closed');
    expect((await page(externalId)).body).not.toMatch(/canary|acme|script/);
  });

  it.each(['mock-TCK-0', 'mock-TCK-999999', 'mock-TCK-1e3', 'SEC-1', '<script>alert(1)</script>', '__proto__'])(
    'has no page for %s',
    async (externalId) => {
      const reply = await page(externalId);
      expect(reply.status).toBe(404);
      expect(reply.body).not.toContain('alert');
    },
  );

  it('may be tried again when its store is gone', async () => {
    const lost = await connectMongo(tracker.database.uri);
    const provider = createMockProvider({ publicUrl, models: mockTicketModels(lost), logger });
    await lost.close();
    const failure = { name: 'ProviderError', code: 'mock_store', retryable: true };
    await expect(provider.create(draft(), options())).rejects.toMatchObject(failure);
    await expect(provider.close(ref(draft(), 'mock-TCK-1'), closing('cmd_4'))).rejects.toMatchObject(failure);
  });
});
