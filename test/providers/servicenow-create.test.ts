import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CreateOptions } from '../../src/integrations/port.js';
import { draft, options } from './drafts.js';
import { failureOf, openServiceNow, type ServiceNowHarness } from './servicenow-harness.js';

describe('servicenow: exactly one ticket', () => {
  let harness: ServiceNowHarness;
  beforeEach(async () => {
    harness = await openServiceNow();
  });
  afterEach(() => harness.close());

  /** What the link remembers of sending, as activities/tickets/create.ts keeps it. */
  function memoryOf(sentAt: Date | null = null) {
    const link = { sentAt, sent: 0 };
    const asks = (repeated: boolean): CreateOptions => ({
      ...options({ repeated }),
      sentAt: link.sentAt,
      sending: () => {
        link.sentAt = new Date();
        link.sent += 1;
        return Promise.resolve();
      },
      refused: () => {
        link.sentAt = null;
        return Promise.resolve();
      },
    });
    return { link, asks };
  }

  const searches = () => harness.fake.requests.filter(({ call }) => call === 'search').length;
  const creates = () => harness.fake.requests.filter(({ call }) => call === 'create').length;

  it('does not look where nothing was ever sent', async () => {
    await harness.provider.create(draft(), memoryOf().asks(false));
    await harness.provider.create(draft(), memoryOf().asks(true));
    expect([searches(), creates()]).toEqual([0, 2]);
  });

  it.each(['reset', 'reset_mid_body', 'html', 'hang'] as const)(
    'finds what was made when the answer is lost by %s and the search lags',
    async (kind) => {
      harness.fake.conditions.searchLagMs = 1_100;
      const provider = harness.another({ lookAfterMs: [10, 20, 40, 80, 1_500], createAgainAfterMs: 3_000 });
      const lost = draft();
      const { link, asks } = memoryOf();
      harness.fake.misbehave({ kind, store: true }, { on: 'create' });
      expect(await failureOf(provider.create(lost, asks(false)))).toMatchObject({ retryable: true });
      expect(link.sentAt).not.toBeNull();
      const ticket = await provider.create(lost, asks(true));
      expect(harness.fake.records.map(({ number }) => number)).toEqual([ticket.externalId]);
      expect(link.sent).toBe(1);
    },
  );

  it('looks at the times that are left, and once for those that are past', async () => {
    const { asks } = memoryOf(new Date(Date.now() - 60));
    const startedAt = Date.now();
    await harness.provider.create(draft(), asks(true));
    // Past: 10, 20, 40. Left: 80, 150, and 300 for the last time.
    expect(searches()).toBe(4);
    expect(creates()).toBe(1);
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(235);
  });

  it('creates again after the last look, and remembers that it was sent anew', async () => {
    const before = new Date(Date.now() - 60_000);
    const { link, asks } = memoryOf(before);
    await harness.provider.create(draft(), asks(true));
    expect([searches(), creates(), link.sent]).toEqual([1, 1, 1]);
    expect(link.sentAt?.getTime()).toBeGreaterThan(before.getTime());
  });

  it.each([400, 403, 404, 429])('knows that nothing was made when %i was answered', async (status) => {
    const { link, asks } = memoryOf();
    harness.fake.misbehave({ kind: 'status', status });
    expect(await failureOf(harness.provider.create(draft(), asks(false)))).toMatchObject({ code: `http_${status}` });
    expect(link).toMatchObject({ sent: 1, sentAt: null });
  });

  it.each([500, 503])('does not know it when %i was answered', async (status) => {
    const { link, asks } = memoryOf();
    harness.fake.misbehave({ kind: 'status', status });
    await failureOf(harness.provider.create(draft(), asks(false)));
    expect(link.sentAt).not.toBeNull();
  });

  it('stops waiting when it is no longer wanted', async () => {
    const stop = new AbortController();
    const { asks } = memoryOf(new Date());
    const provider = harness.another({ lookAfterMs: [60_000], createAgainAfterMs: 120_000 });
    const call = provider.create(draft(), { ...asks(true), signal: stop.signal });
    stop.abort();
    expect(await failureOf(call)).toMatchObject({ code: 'aborted', retryable: true });
  });

  it('takes none of the records that come when the instance ignores the search', async () => {
    harness.fake.conditions.ignoredFields = ['correlation_id'];
    const ours = draft();
    const made = await harness.provider.create(ours, { ...options(), sentAt: null });
    for (let other = 0; other < 5; other++) await harness.provider.create(draft(), { ...options(), sentAt: null });
    const { asks } = memoryOf(new Date(Date.now() - 60_000));
    expect(await harness.provider.create(ours, asks(true))).toEqual(made);
    const { externalId } = await harness.provider.create(draft(), asks(true));
    expect(harness.fake.records.at(-1)?.number).toBe(externalId);
    expect(harness.fake.records).toHaveLength(7);
  });

  it('does not create again where the search cannot tell', async () => {
    await harness.provider.create(draft(), { ...options(), sentAt: null });
    harness.fake.conditions.ignoredFields = ['correlation_id'];
    harness.fake.conditions.unreadableFields = ['correlation_id'];
    const { asks } = memoryOf(new Date(Date.now() - 60_000));
    const error = await failureOf(harness.provider.create(draft(), asks(true)));
    expect(error).toMatchObject({ code: 'search_unusable', retryable: false });
    expect(error.message).toContain('correlation_id');
    expect(creates()).toBe(1);
  });

  it.each(['', 'tkt_1^ORstate=1', 'tkt\n1'])('never searches for %j', async (linkId) => {
    const error = await failureOf(harness.provider.create(draft({ linkId }), options({ repeated: true })));
    expect(error).toMatchObject({ code: 'bad_query_value', retryable: false });
    expect(harness.fake.requests).toHaveLength(0);
  });

  it('links the first of two that bear the same id', async () => {
    const ours = draft();
    const { externalId } = await harness.provider.create(ours, { ...options(), sentAt: null });
    const first = harness.fake.record(externalId);
    first.sys_created_on = '2026-01-01 00:00:00';
    await harness.provider.create(ours, { ...options(), sentAt: null });
    expect((await harness.provider.create(ours, options({ repeated: true }))).externalId).toBe(externalId);
  });
});
