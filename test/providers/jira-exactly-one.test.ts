import { afterEach, describe, expect, it } from 'vitest';
import type { CreateOptions } from '../../src/integrations/port.js';
import type { Habit } from '../support/fake-tracker.js';
import { draft, options } from './drafts.js';
import { failureOf, openJira, type JiraHarness } from './jira-harness.js';

describe('jira: exactly one issue', () => {
  let harness: JiraHarness;
  afterEach(async () => {
    expect(harness.jira.faults).toEqual([]);
    await harness.close();
  });

  /** What the ticket workflow keeps on record between tries. */
  function record() {
    const kept = { sentAt: null as Date | null, sent: 0, refused: 0 };
    const on = (overrides: Partial<CreateOptions> = {}): CreateOptions => ({
      ...options(),
      sentAt: kept.sentAt,
      sending: () => {
        kept.sentAt = new Date();
        kept.sent += 1;
        return Promise.resolve();
      },
      refused: () => {
        kept.sentAt = null;
        kept.refused += 1;
        return Promise.resolve();
      },
      ...overrides,
    });
    return { kept, on };
  }

  const lost: [string, Habit][] = [
    ['the connection is cut', { kind: 'reset', store: true }],
    ['the answer breaks off', { kind: 'reset_mid_body', store: true }],
    ['no answer comes', { kind: 'hang', store: true }],
    ['a proxy answers 502', { kind: 'status', status: 502, store: true }],
    ['a page comes in place of an answer', { kind: 'html', store: true }],
    ['the answer cannot be read', { kind: 'answer', body: '{"id":', status: 201 }],
  ];

  it.each(lost)('is found by a search that lags when %s', async (_name, habit) => {
    harness = await openJira(
      { searchLagMs: 250 },
      { lookAfterMs: [50, 100, 200, 400], createAgainAfterMs: 1_500 },
      { timeoutMs: 200 },
    );
    const { kept, on } = record();
    const of = draft();
    harness.jira.misbehave(habit, { on: 'create' });
    expect(await failureOf(harness.provider.create(of, on()))).toMatchObject({
      name: 'ProviderError',
      retryable: true,
    });
    const made = await harness.provider.create(of, on({ repeated: true }));
    expect(harness.jira.issues.map(({ key }) => key)).toEqual([made.externalId]);
    expect(harness.jira.count('create')).toBe(1);
    expect(harness.jira.issues[0]?.remoteLinks.size).toBe(1);
    expect(kept).toMatchObject({ sent: 1, refused: 0 });
  });

  it('is made again when nothing was found until the end, and not before', async () => {
    harness = await openJira({}, { lookAfterMs: [50, 100], createAgainAfterMs: 400 });
    const { kept, on } = record();
    const of = draft();
    harness.jira.misbehave({ kind: 'reset' }, { on: 'create' });
    await failureOf(harness.provider.create(of, on()));
    const sentAt = kept.sentAt?.getTime() ?? 0;
    await harness.provider.create(of, on({ repeated: true }));
    expect(harness.jira.issues).toHaveLength(1);
    const again = harness.jira.requests.filter(({ operation }) => operation === 'create').at(-1);
    expect((again?.at.getTime() ?? 0) - sentAt).toBeGreaterThanOrEqual(400);
    expect(harness.jira.count('search')).toBe(3);
    expect(kept.sent).toBe(2);
  });

  it('takes looks that are past as one, made at once', async () => {
    harness = await openJira({}, { lookAfterMs: [1, 2, 3, 60_000] });
    const of = draft();
    await harness.provider.create(of, { ...options(), sentAt: null });
    await harness.provider.create(of, { ...options({ repeated: true }), sentAt: new Date(Date.now() - 5_000) });
    expect(harness.jira.count('search')).toBe(1);
    expect(harness.jira.issues).toHaveLength(1);
  });

  it('looks once after a long while, and makes what is not there', async () => {
    harness = await openJira();
    await harness.provider.create(draft(), {
      ...options({ repeated: true }),
      sentAt: new Date(Date.now() - 3_600_000),
    });
    expect(harness.jira.count('search')).toBe(1);
    expect(harness.jira.issues).toHaveLength(1);
  });

  it('looks for nothing that was never sent', async () => {
    harness = await openJira();
    await harness.provider.create(draft(), { ...options(), sentAt: null });
    await harness.provider.create(draft(), { ...options({ repeated: true }), sentAt: null });
    expect(harness.jira.count('search')).toBe(0);
  });

  it('says when a create was refused, so that nobody looks for it', async () => {
    harness = await openJira();
    for (const status of [400, 401, 403, 404, 429]) {
      const { kept, on } = record();
      harness.jira.misbehave({ kind: 'status', status }, { on: 'create' });
      expect(await failureOf(harness.provider.create(draft(), on()))).toMatchObject({ code: `http_${status}` });
      expect(kept).toMatchObject({ sent: 1, refused: 1, sentAt: null });
    }
  });

  it('sends nothing that it could not put on record', async () => {
    harness = await openJira();
    const failing = { ...options(), sentAt: null, sending: () => Promise.reject(new Error('no database')) };
    await expect(harness.provider.create(draft(), failing)).rejects.toThrow('no database');
    expect(harness.jira.count('create')).toBe(0);
  });

  it('gives up waiting when it is no longer wanted', async () => {
    harness = await openJira({}, { lookAfterMs: [60_000] });
    const stop = new AbortController();
    const call = harness.provider.create(draft(), {
      ...options({ repeated: true, signal: stop.signal }),
      sentAt: new Date(),
    });
    setTimeout(() => stop.abort(), 50);
    expect(await failureOf(call)).toMatchObject({ name: 'ProviderError', code: 'aborted', retryable: true });
    expect(harness.jira.requests).toHaveLength(0);
  });

  it('is told from a copy of it, which has its labels and not its property', async () => {
    harness = await openJira();
    const of = draft();
    await harness.provider.create(of, options());
    const [issue] = harness.jira.issues;
    if (!issue) throw new Error('There is no issue.');
    issue.properties.clear();
    const made = await harness.provider.create(of, options({ repeated: true }));
    expect(made.externalId).not.toBe(issue.key);
    expect(harness.jira.count('property')).toBe(1);
  });

  it('is found after it moved to another project', async () => {
    harness = await openJira({ projects: [{ key: 'SEC' }, { key: 'OPS' }] }, { projectKey: 'SEC' });
    const of = draft();
    const { externalId } = await harness.provider.create(of, options());
    const moved = harness.jira.move(externalId, 'OPS');
    expect((await harness.provider.create(of, options({ repeated: true }))).externalId).toBe(moved);
  });

  it('lets no id into a query that is none of ours', async () => {
    harness = await openJira();
    const error = await failureOf(harness.provider.create(draft({ linkId: 'x" OR project = "SEC' }), options()));
    expect(error).toMatchObject({ code: 'bad_link_id', retryable: false });
    expect(harness.jira.requests).toHaveLength(0);
  });
});
