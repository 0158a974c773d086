import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createLiveCounts, type LiveCounts } from '../../../src/console/escalations/live.js';
import type { QueuedEscalation, ReadNewSince } from '../../../src/escalations/new-since.js';
import { newId } from '../../../src/lib/ids.js';
import { eventually } from '../../support/eventually.js';

const restMs = 40;
const shownAt = Date.now() - 60_000;
const shown = newId('esc', shownAt);
const anybody = { after: shown, severities: null };

/** An org's escalations, and what is asked of them. */
function queue() {
  const stored: QueuedEscalation[] = [{ _id: shown, severity: 'low' }];
  const asked: string[] = [];
  const read: ReadNewSince = (_, after, limit) => {
    asked.push(after);
    const found = stored.filter(({ _id }) => _id > after).sort((a, b) => (a._id < b._id ? 1 : -1));
    return Promise.resolve(found.slice(0, limit));
  };
  const raise = (severity: QueuedEscalation['severity'], at = Date.now()) =>
    stored.push({ _id: newId('esc', at), severity });
  return { asked, raise, live: createLiveCounts({ read, restMs }), read };
}

/** Collects the counts that a page gets, until it leaves. */
function open(events: ReturnType<LiveCounts>) {
  const counts: string[] = [];
  const reading = (async () => {
    for await (const { data } of events) counts.push(data);
  })();
  return { counts, leave: () => Promise.all([events.return?.(), reading]) };
}

const haveCounts = (pages: { counts: string[] }[], expected: string[][]) =>
  eventually(
    () => Promise.resolve(pages.map(({ counts }) => counts)),
    (counts) => JSON.stringify(counts) === JSON.stringify(expected),
  );

describe('the count of what is new', () => {
  it('costs ten pages of an org one read at a time, and nothing when they are closed', async () => {
    const { asked, raise, live } = queue();
    const pages = Array.from({ length: 10 }, () => open(live('acme', anybody)));
    const others = open(live('other', anybody));
    raise('high');
    await haveCounts(pages, Array<string[]>(10).fill(['1']));
    raise('low');
    await haveCounts(pages, Array<string[]>(10).fill(['1', '2']));
    const during = asked.length;
    const from = Date.now();
    await sleep(restMs * 5);
    // Two orgs, a look each in every rest and the one that was under way.
    const limit = 2 * Math.ceil((Date.now() - from) / restMs + 1);
    expect(asked.length - during).toBeLessThanOrEqual(limit);
    expect(asked.length - during).toBeGreaterThan(0);
    await Promise.all([...pages, others].map(({ leave }) => leave()));
    await sleep(restMs * 2);
    const after = asked.length;
    await sleep(restMs * 3);
    expect(asked.length).toBe(after);
  });

  it('asks for the whole stretch once, and then for what can have come since', async () => {
    const { asked, raise, live } = queue();
    raise('low', shownAt + 20_000);
    const page = open(live('acme', anybody));
    await eventually(
      () => Promise.resolve(asked.length),
      (count) => count > 3,
    );
    expect(asked[0]).toBe(shown);
    expect(asked.filter((after) => after === shown)).toHaveLength(1);
    // One whose id is older than the newest, but which was stored later.
    raise('low', shownAt + 15_000);
    await haveCounts([page], [['1', '2']]);
    await page.leave();
  });

  it('is of what a page is narrowed to, reaches back as far as an older page does, and stops at a hundred', async () => {
    const { raise, live } = queue();
    for (let one = 0; one < 150; one++) raise('critical', shownAt + 30_000 + one);
    const newest = open(live('acme', { after: newId('esc', shownAt + 40_000), severities: null }));
    const older = open(live('acme', anybody));
    const low = open(live('acme', { after: shown, severities: ['low', 'high'] }));
    await haveCounts([older], [['100']]);
    raise('low');
    await haveCounts([newest, low], [['1'], ['1']]);
    await Promise.all([newest, older, low].map(({ leave }) => leave()));
  });

  it('goes on after reads that fail', async () => {
    const { raise, read } = queue();
    let failures = 2;
    const live = createLiveCounts({
      read: (...args) => (failures-- > 0 ? Promise.reject(new Error('MongoDB is away')) : read(...args)),
      restMs,
    });
    raise('low');
    const page = open(live('acme', anybody));
    await haveCounts([page], [['1']]);
    await page.leave();
  });
});
